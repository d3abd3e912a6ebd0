"""Bytes of one message to its segments: our own lazy splitter, which drops nothing.

Lines are split at CR (LF and CRLF are counted), a line that is no segment continues the one
before it, fields are split by whoever reads them, and escapes are undone only in leaves.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from gateway.mapping.hl7v2.er7.charset import decode
from gateway.mapping.hl7v2.er7.delimiters import Delimiters, delimiters_of
from gateway.mapping.hl7v2.er7.encapsulated import Cut, find_cuts
from gateway.mapping.hl7v2.findings import failure, info, warning
from gateway.records.intake.finding import Finding
from gateway.records.intake.reading import Reading

BOM = b"\xef\xbb\xbf"
AROUND = b"\x0b\x1c\r\n \t\x00"
BLANK = b"\r\n \t"
BEHIND = BLANK + b"\x0b\x1c\x00\x1a"
"""What MLLP, or the end of a file, leaves behind a message; it is no part of the last field."""
HEAD_BYTES = TAIL_BYTES = 1000
MAX_LINES = 100_000
"""Five times the segments that are taken: what stands behind them is not looked at."""
SEGMENT_NAME = re.compile(r"[A-Z][A-Z0-9]{2}", re.ASCII)


@dataclass(slots=True)
class Split:
    """One message, split. `cuts` maps a line number to the ED.5 taken out of that line."""

    marks: Delimiters
    lines: list[str]
    charset: str
    how: str
    cuts: dict[int, Cut] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def fields(self, number: int) -> list[str]:
        """The fields of one line; index n is field n (MSH: field n stands at n - 1)."""
        return self.lines[number].split(self.marks.field)


def begin_of(raw: bytes) -> int | None:
    """Where MSH stands after a byte order mark and MLLP or blank bytes; None if it does not."""
    if raw.startswith(b"MSH"):
        return 0
    head = raw[:HEAD_BYTES].lstrip(AROUND).removeprefix(BOM).lstrip(AROUND)
    return raw.find(head[:HEAD_BYTES]) if head.startswith(b"MSH") else None


def end_of(raw: bytes) -> int:
    """Where the message ends before MLLP and padding bytes; blanks alone belong to it."""
    tail = raw[-TAIL_BYTES:]
    kept = len(tail.rstrip(BEHIND))
    if not tail[kept:].strip(BLANK):
        return len(raw)
    return len(raw) - len(tail) + kept if kept else len(raw.rstrip(BEHIND))


def split(raw: bytes, reading: Reading) -> Split | None:
    """Splits one message; None where no MSH stands at its beginning or MSH-1 separates nothing."""
    begin = begin_of(raw)
    if begin is None:
        return None
    head = raw[begin : begin + HEAD_BYTES]
    msh = head.split(b"\r", 1)[0].split(b"\n", 1)[0].decode("latin-1")
    marks = delimiters_of(msh)
    if marks is None:
        return None
    cuts = _cuts(raw, marks)
    decoded = decode(_parts(raw, begin, cuts), _declared(msh, marks), reading)
    done = Split(marks, [], decoded.charset, decoded.how, findings=list(decoded.findings))
    _fill(done, decoded.parts, cuts)
    if not done.lines or done.lines[0][:4] != msh[:4]:  # MSH-1 is a letter of another set
        return None
    done.marks = delimiters_of(done.lines[0]) or marks
    return done


def _declared(msh: str, marks: Delimiters) -> str:
    fields = msh.split(marks.field)
    if len(fields) <= 17:
        return ""
    return fields[17].split(marks.repetition)[0] if marks.repetition else fields[17]


def _cuts(raw: bytes, marks: Delimiters) -> list[Cut]:
    if not (marks.field + marks.component).isascii():
        return []
    return find_cuts(raw, marks.field.encode(), marks.component.encode())


def _parts(raw: bytes, begin: int, cuts: list[Cut]) -> list[bytes]:
    end = end_of(raw)
    if not cuts:
        return [raw[begin:end] if begin or end < len(raw) else raw]
    starts = [begin, *(cut.stop for cut in cuts)]
    stops = [*(cut.start for cut in cuts), max(end, cuts[-1].stop)]
    return [raw[start:stop] for start, stop in zip(starts, stops, strict=True)]


def _fill(done: Split, parts: list[str], cuts: list[Cut]) -> None:
    lines = done.lines
    for number, part in enumerate(parts):
        text = part
        if "\n" in text:
            text = text.replace("\r\n", "\r").replace("\n", "\r")
        lines.extend(_segments(done, text, continued=number > 0))
        if number < len(cuts):
            done.cuts[len(lines) - 1] = cuts[number]
    if any("\n" in part for part in parts):
        done.findings.append(info("segment-end", "/", "Segments end with LF; CR is the standard."))
    if any("\0" in part for part in parts):
        done.findings.append(failure("nul-byte", "/", 102, "The message holds NUL bytes."))


def _segments(done: Split, text: str, *, continued: bool) -> list[str]:
    """The segments of one part; the rest of a line that was cut joins the line before."""
    mark = done.marks.field
    lines = [line for line in text.split("\r", MAX_LINES) if line]
    if lines and "\r" in lines[-1]:
        del lines[-1]
        done.findings.append(_TOO_MANY)
    if continued and not text.startswith("\r") and lines:
        done.lines[-1] += lines.pop(0)
    if all(_is_segment(head, mark) for head in {line[:4] for line in lines}):
        return lines
    return _joined(done, lines)


@lru_cache(maxsize=1024)
def _is_segment(head: str, mark: str) -> bool:
    """`head` is the first four characters of a line: a name and a separator, or a bare name."""
    return head[3:] in (mark, "") and SEGMENT_NAME.match(head) is not None


def _joined(done: Split, lines: list[str]) -> list[str]:
    """Lines that are no segment continue the field before them; blank ones are as empty ones, and
    no other is dropped."""
    groups: list[list[str]] = [[]]
    lines = [line for line in lines if not line.isspace()]
    for line in lines:
        if _is_segment(line[:4], done.marks.field):
            groups.append([line])
        else:
            groups[-1].append(line)
    before = groups.pop(0)
    if before and done.lines:
        done.lines[-1] = "\n".join((done.lines[-1], *before))
    if len(groups) < len(lines):
        done.findings.append(_CONTINUED)
    return ["\n".join(group) for group in groups]


_TOO_MANY = failure("too-many", "/", 198, "The message has too many lines.")
_CONTINUED = warning(
    "continuation-line", "/", "A line that is no segment was read as part of the field before it."
)
