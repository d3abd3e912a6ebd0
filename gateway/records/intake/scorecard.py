"""What senders sent, counted: no row says of whom a message was."""

import re
from dataclasses import dataclass
from datetime import datetime

from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Verdict
from gateway.records.messages.message import Message

VERSION = re.compile(r"\d(\.\d{1,2}){1,2}(?![\w.])")
"""Of MSH-12 nothing else is kept: it is whatever its sender writes."""
UNKNOWN = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How HL7v2 was written: `version` UNKNOWN where MSH-12 is none; `how` its character set is
    known, "declared", "guessed" or "default"."""

    version: str
    charset: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How many inputs of one sender came alike, and when the last of them did. `wire` is None of
    what is no HL7v2, and of inputs from before schema 0028."""

    sender: str
    door: Door
    format: str
    verdict: Verdict
    count: int
    last: datetime
    wire: Wire | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """The codes of what was noticed about inputs of one sender, each once: how many inputs bear
    these very codes, and the newest of them."""

    receipt: str
    sender: str
    codes: tuple[str, ...]
    count: int = 1


def wire_of(message: Message | None) -> str | None:
    """As one column keeps it, in three words."""
    if message is None:
        return None
    header = message.header
    known = VERSION.match(header.version)
    return f"{known[0] if known else UNKNOWN} {header.charset} {header.charset_how}"


def wire_in(column: str | None) -> Wire | None:
    words = (column or "").split()
    return Wire(version=words[0], charset=words[1], how=words[2]) if len(words) == 3 else None
