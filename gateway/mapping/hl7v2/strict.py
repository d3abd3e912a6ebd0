"""Strict validation by hl7apy against the published structures, off every hot path.

It takes tens of milliseconds a message: the caller runs it in a worker with a time limit. PRT
(of 2.9, used in 2.5) and Z segments, which hl7apy drops or refuses, are left out, and the data
of an ED is not shown to it.
"""

import re
from collections.abc import Iterator
from typing import Any

from gateway.mapping.hl7v2.findings import failure, info
from gateway.mapping.hl7v2.splitter import split
from gateway.records.finding import Finding
from gateway.records.reading import DEFAULT_READING

MAX_CHARACTERS = 64_000
PRE_ADOPTED = "PRT"
PLACE = re.compile(r"([A-Z][A-Z0-9]{2})_(\d+)(?:_(\d+))?$")
CHILD = re.compile(r"(?:child|exceeded|for) (?:[A-Za-z0-9_]+\.)?([A-Za-z0-9_]+)")
KINDS = (
    ("Missing required child", 101, "is required by the structure of this message"),
    ("Child limit exceeded", 198, "is repeated more often than its structure allows"),
    ("Datatype", 102, "has not the data type of its structure"),
    ("Invalid children", 100, "holds something that its structure does not know"),
)
OTHER = (199, "does not follow the structure of this message")


def validate(raw: bytes) -> list[Finding]:
    """What hl7apy finds against the message's own version: at most one finding a segment.

    Never raises on bad input. A message of more than 64,000 characters is not validated, and
    says so. No finding holds a value of the message.
    """
    parted = split(raw, DEFAULT_READING)
    if parted is None:
        return [failure("msh-unreadable", "MSH", 100, "No HL7v2 message to validate.")]
    kept = [line for line in parted.lines if line[:3] != PRE_ADOPTED and line[0] != "Z"]
    text = "".join(f"{line}\r" for line in kept)
    if len(text) > MAX_CHARACTERS:
        return [info("not-validated", "/", "The message is too large for strict validation.")]
    return _validated(text)


def _validated(text: str) -> list[Finding]:
    from hl7apy.consts import VALIDATION_LEVEL
    from hl7apy.exceptions import HL7apyException
    from hl7apy.parser import parse_message

    try:
        message = parse_message(text, validation_level=VALIDATION_LEVEL.TOLERANT)
    except HL7apyException as problem:
        return [_finding(str(problem))]
    except (ValueError, LookupError, AttributeError, TypeError):
        return [
            failure("structure", "/", 199, "The message has no structure that can be validated.")
        ]
    problems = dict.fromkeys(_problems(message))
    return list(dict.fromkeys(_finding(problem) for problem in problems))


def _problems(message: Any) -> Iterator[str]:
    """The first thing wrong with the message as a whole, and with each of its segments."""
    from hl7apy.exceptions import HL7apyException
    from hl7apy.validation import Validator

    for element in (message, *_segments(message)):
        try:
            Validator.validate(element)
        except HL7apyException as problem:
            yield str(problem)
        except (ValueError, LookupError, AttributeError, TypeError):
            yield ""


def _segments(element: Any) -> Iterator[Any]:
    for child in element.children:
        if child.classname == "Segment":
            yield child
        else:
            yield from _segments(child)


def _finding(problem: str) -> Finding:
    """Only names of elements are taken from the library's words: they may quote values."""
    condition, text = next(
        ((code, words) for start, code, words in KINDS if problem.startswith(start)), OTHER
    )
    found = CHILD.search(problem)
    name = found[1].upper() if found else ""
    place = PLACE.fullmatch(name)
    if place:
        where = f"{place[1]}-{place[2]}" + (f".{place[3]}" if place[3] else "")
        return failure("structure", where, condition, f"{where} {text}.")
    if re.fullmatch(r"[A-Z][A-Z0-9]{2}", name):
        return failure("structure", name, 100 if condition == 101 else condition, f"{name} {text}.")
    return failure("structure", "/", condition, f"A part of the message {text}.")
