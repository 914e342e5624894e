"""The platforms, one line each."""

from __future__ import annotations

from primum.connectors.contract import Capabilities
from primum.connectors.practice.connector import PracticeConnector

CAPABILITIES: dict[str, Capabilities] = {
    "practice": PracticeConnector.capabilities,
}
