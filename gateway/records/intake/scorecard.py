"""What senders sent, counted: no row says of whom a message was."""

from dataclasses import dataclass
from datetime import datetime

from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How many inputs of one sender came alike, and when the last of them did."""

    sender: str
    door: Door
    format: str
    verdict: Verdict
    count: int
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """The codes of what was noticed about inputs of one sender, each once: how many inputs bear
    these very codes, and the newest of them."""

    receipt: str
    sender: str
    codes: tuple[str, ...]
    count: int = 1
