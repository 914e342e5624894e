"""The identifiers, one line each. A new one is a file beside this and a line here."""

from __future__ import annotations

from primum_detect.identify import account, ages, card, charted, dates, device, email, facilities, handle, ip, license, mrn, names, phone, places, plan, rooms, ssn, unique, url, vehicle
from primum_detect.identify.shapes import Identifier

IDENTIFIERS: tuple[Identifier, ...] = (ssn, mrn, plan, account, card, license, vehicle, device, email, url, ip, phone, handle, dates, ages, rooms, places, facilities, unique, charted, names)
