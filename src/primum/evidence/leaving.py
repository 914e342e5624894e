"""The signed head leaves this machine once a day, by mail to those whom PRIMUM_HEADS_TO names. Whoever keeps those mails can prove that the
record was not rewritten; without them the owner of machine and keys could."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage

from primum.evidence import checkpoint, store
from primum.evidence.models import Checkpoint, HeadSent

EVERY = timedelta(hours=23)
BODY = """This is the signed head of Primum's record at {url}: {size} entries, {at:%Y-%m-%d %H:%M} UTC.

Keep this message. Whoever doubts the record later compares it: a record that was rewritten or shortened no longer matches.

{note}
Public key: {key}
"""


def last_sent(*, now: datetime) -> HeadSent | None:
    """One that a clock ahead of its time dated later than now does not count."""
    return HeadSent.objects.filter(at__lte=now).order_by("-at").first()


def can_send() -> bool:
    """Without a mail server Django's stand-in would take the mail and lose it."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def send_head(*, now: datetime) -> bool:
    """Mail the newest signed head where a day has passed since the last. Says whether it went. Raises OSError, SMTPException where
    mail fails: the job tries again, and health says so."""
    addresses = list(settings.PRIMUM.heads_to) if can_send() else []
    before, head = last_sent(now=now), Checkpoint.objects.order_by("-size").first()
    if not addresses or head is None or (before is not None and now - before.at < EVERY):
        return False
    body = BODY.format(url=settings.PUBLIC_URL, size=head.size, at=head.at, note=head.note, key=checkpoint.verifier_key(store.public_key()))
    EmailMessage(f"Primum: head of the record, {head.size} entries", body, to=addresses).send(fail_silently=False)
    HeadSent.objects.create(size=head.size, at=now)
    return True
