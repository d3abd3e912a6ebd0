"""FHS, BHS, BTS and FTS: what a batch says of itself, and one batch of answers (HL7V2 4)."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from gateway.mapping.hl7v2.er7.batch import BATCH_STARTS
from gateway.mapping.hl7v2.er7.delimiters import DEFAULT, delimiters_of
from gateway.mapping.hl7v2.findings import warning
from gateway.records.intake.finding import Finding

LINE = re.compile(
    rb"(?:^|[\r\n\x0b])(?:\xef\xbb\xbf)?((FHS|BHS|BTS|FTS|MSH)([^A-Za-z0-9\s+/])[^\r\n]*)"
)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MAX_FIELD = 200


def is_batch(raw: bytes) -> bool:
    return BATCH_STARTS.match(raw) is not None


def count_findings(raw: bytes) -> list[Finding]:
    """BTS-1 counts the messages of its batch, FTS-1 the batches of the file; each may be empty."""
    messages = batches = 0
    wrong = set()
    for name, stated in _lines(raw):
        if name == b"BHS":
            messages = 0
        batches += name == b"BHS"
        messages += name == b"MSH"
        if name == b"BTS" and stated and stated != str(messages).encode():
            wrong.add("BTS-1")
        if name == b"FTS" and stated and stated != str(batches).encode():
            wrong.add("FTS-1")
    text = "The count is not what was received: compare with the answers, one for each message."
    return [warning("batch-count", where, text) for where in sorted(wrong)]


def _lines(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each envelope segment and MSH, with its first field after the name."""
    for found in LINE.finditer(raw):
        line, name, mark = found.groups()
        fields = line.split(mark, 2)
        yield name, fields[1].strip() if len(fields) > 1 else b""


def batch_answer(raw: bytes, answers: Sequence[bytes], *, control_id: str, at: datetime) -> bytes:
    """One BHS to BTS around the answers to a batch, its parties swapped, BHS-11 told in BHS-12."""
    fields = _batch_header(raw)
    marks = delimiters_of("MSH" + "".join(fields[:1]) + fields[1] + fields[0]) or DEFAULT
    parties = (fields[4], fields[5], fields[2], fields[3])
    head = marks.field.join(
        (
            "BHS",
            marks.encoding,
            *parties,
            f"{at:%Y%m%d%H%M%S%z}",
            "",
            "",
            "",
            control_id,
            fields[10],
        )
    ).rstrip(marks.field)
    tail = f"BTS{marks.field}{len(answers)}"
    return head.encode() + b"\r" + b"".join(answers) + tail.encode() + b"\r"


def _batch_header(raw: bytes) -> list[str]:
    """BHS-1 to BHS-11 (FHS where there is no BHS) at 0 to 10; ASCII, without control characters."""
    found = {name: line for line, name, _ in LINE.findall(raw)}
    line = found.get(b"BHS") or found.get(b"FHS") or b"BHS|^~\\&|"
    text = line.decode("ascii", "replace")
    fields = [text[3], *text[4:].split(text[3])]
    clean = [CONTROL.sub("", one)[:MAX_FIELD].replace("\ufffd", "?") for one in fields]
    return [*clean, *[""] * 11][:11]
