"""Strict validation by hl7apy against the published structures, off every hot path.

It takes 1 to 2 milliseconds a segment: the caller runs it in a worker with a time limit. What
hl7apy cannot do is kept from it, and said where a message is checked less for it:

* PRT (of 2.9, used in 2.5) and Z segments are dropped or refused by it: they are left out here.
  PRT is checked by `participations`, at every door;
* it copies every leaf many times: the data of an ED becomes one block of base64, and other long
  leaves are shortened. OBX and NTE of one shape repeat: of each, the first 500 are checked;
* its tables of versions other than 2.4 to 2.6 ask for optional fields (OBX-4 in 2.3.1, 2.7 and
  2.8) or are not there (2.7.1, 2.9): such messages are not validated;
* it checks that segments, fields and components are there, and how often; not what stands in
  them. Numbers, dates and tables are for `result_findings`, `header` and `patient`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from gateway.mapping.hl7v2.control.header import component
from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.mapping.hl7v2.er7.splitter import Split, split
from gateway.mapping.hl7v2.findings import failure, info
from gateway.records.intake.finding import Finding
from gateway.records.intake.reading import DEFAULT_READING

VALIDATED = frozenset(("2.4", "2.5", "2.5.1", "2.6"))
"""MSH-12.1 of the messages that hl7apy judges rightly: all of the French volets and PAM.fr."""
MAX_OF_A_KIND, MAX_SEGMENTS = 500, 1_500
MAX_LEAF, MAX_LINE = 200, 2_000
REPEATING = ("OBX", "NTE")
PRE_ADOPTED = "PRT"
BLOCK = "QQ=="
PLACE = re.compile(r"([A-Z][A-Z0-9]{2})_(\d+)(?:_(\d+))?$")
CHILD = re.compile(r"(?:child|exceeded|for) (?:([A-Za-z0-9_]+)\.)?([A-Za-z0-9_]+)")
SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")
GROUP = re.compile(r"[A-Z]{3}_[A-Z0-9]{3}_([A-Z_]+)")
INSIDE = re.compile(r"<(?:Segment|Field|Component) ([A-Z][A-Z0-9_]+)")
KINDS = (
    ("Missing required child", 101, "is required by the structure of this message"),
    ("Child limit exceeded", 198, "is repeated more often than its structure allows"),
    ("Datatype", 102, "has not the data type of its structure"),
    ("Invalid children", 100, "holds something that its structure does not know"),
    ("Unknown element", 100, "is not known to this version of HL7"),
)
OTHER = (199, "does not follow the structure of this message")


def validate(raw: bytes) -> list[Finding]:
    """What hl7apy finds against the message's own version: at most one finding a segment.

    Never raises on bad input. What was not validated, or not whole, is said by an info
    `not-validated`. No finding holds a value of the message.
    """
    parted = split(raw, DEFAULT_READING)
    if parted is None:
        return [failure("msh-unreadable", "MSH", 100, "No HL7v2 message to validate.")]
    version = component((parted.fields(0) + [""] * 12)[11], 1, parted.marks)
    if version not in VALIDATED:
        text = "Structures are validated for versions 2.4, 2.5, 2.5.1 and 2.6 only."
        return [info("not-validated", "MSH-12", text)]
    kept, left_out = _kept(parted)
    text = "".join(f"{line}\r" for line in kept)
    return [*_validated(text), *([_NOT_WHOLE] if left_out else [])]


_NOT_WHOLE = info(
    "not-validated", "/", f"The structure of the first {MAX_OF_A_KIND} OBX and NTE was validated."
)


def _kept(parted: Split) -> tuple[list[str], bool]:
    """The lines to validate, made short, and whether any that could be wrong is not among them."""
    kept: list[str] = []
    seen: Counter[str] = Counter()
    left_out = False
    for number, line in enumerate(parted.lines):
        name = line[:3]
        if name == PRE_ADOPTED or name[0] == "Z":
            continue
        seen[name] += 1
        if len(kept) >= MAX_SEGMENTS or (name in REPEATING and seen[name] > MAX_OF_A_KIND):
            left_out = True
            continue
        kept.append(_short(_with_data(parted, number), parted.marks))
    return kept, left_out


def _with_data(parted: Split, number: int) -> str:
    """The line with one block of base64 where the splitter took the data of an ED out."""
    if number not in parted.cuts:
        return parted.lines[number]
    fields = parted.fields(number)
    fields[5] += BLOCK
    return parted.marks.field.join(fields)


def _short(line: str, marks: Delimiters) -> str:
    """A long line with its long leaves cut; separators stay where they are."""
    if len(line) <= MAX_LINE:
        return line
    between = re.escape(marks.field + marks.component + marks.repetition + marks.subcomponent)
    return re.sub(f"([^{between}]{{{MAX_LEAF}}})[^{between}]+", _cut(marks), line)


def _cut(marks: Delimiters) -> Any:
    """No leaf ends in half an escape sequence."""

    def cut(found: re.Match[str]) -> str:
        leaf = found[1]
        if marks.escape and leaf.count(marks.escape) % 2:
            leaf = leaf[: leaf.rindex(marks.escape)]
        return leaf

    return cut


def _validated(text: str) -> list[Finding]:
    from hl7apy.consts import VALIDATION_LEVEL
    from hl7apy.exceptions import HL7apyException
    from hl7apy.parser import parse_message

    try:
        message = parse_message(text, validation_level=VALIDATION_LEVEL.TOLERANT)
    except HL7apyException as problem:
        return [_finding(str(problem), "")]
    except (ValueError, LookupError, AttributeError, TypeError):
        return [
            failure("structure", "/", 199, "The message has no structure that can be validated.")
        ]
    return list(dict.fromkeys(_finding(problem, number) for problem, number in _problems(message)))


def _problems(message: Any) -> Iterator[tuple[str, str]]:
    """The first thing wrong with the message as a whole, and with each of its segments, with the
    number of the segment among those of its name. Whole messages are right at the first look."""
    problem = _problem(message)
    if problem is None:
        return
    numbers: Counter[str] = Counter()
    inside = False
    for segment in _segments(message):
        numbers[segment.name] += 1
        if (found := _problem(segment)) is not None:
            inside = inside or found == problem
            yield found, f"[{numbers[segment.name]}]" if numbers[segment.name] > 1 else ""
    if not inside:
        yield problem, ""


def _problem(element: Any) -> str | None:
    from hl7apy.exceptions import HL7apyException
    from hl7apy.validation import Validator

    try:
        Validator.validate(element)
    except HL7apyException as problem:
        return str(problem)
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""
    return None


def _segments(element: Any) -> Iterator[Any]:
    for child in element.children:
        if child.classname == "Segment":
            yield child
        else:
            yield from _segments(child)


def _finding(problem: str, number: str) -> Finding:
    """Only names of elements are taken from the library's words: they may quote values.

    `number` is that of the segment, as `[2]`.
    """
    condition, text = next(
        ((code, words) for start, code, words in KINDS if problem.startswith(start)), OTHER
    )
    within = INSIDE.search(problem)
    found = CHILD.search(problem)
    name = within[1] if within else found[2].upper() if found else ""
    if not PLACE.fullmatch(name) and found and PLACE.fullmatch(found[1] or ""):
        name = found[1]
    place, group = PLACE.fullmatch(name), GROUP.fullmatch(name)
    if place:
        where = f"{place[1]}{number}-{place[2]}" + (f".{place[3]}" if place[3] else "")
        said = f"{place[1]}-{place[2]}" + (f".{place[3]}" if place[3] else "")
        return failure("structure", where, condition, f"{said} {text}.")
    if SEGMENT.fullmatch(name):
        condition = 100 if condition == 101 else condition
        return failure("structure", f"{name}{number}", condition, f"{name} {text}.")
    if group:
        words = group[1].replace("_", " ").lower()
        text = f"The group “{words}” {text}: a segment is missing or out of its place."
        return failure("structure", "/", 100 if condition == 101 else condition, text)
    return failure("structure", "/", condition, f"A part of the message {text}.")
