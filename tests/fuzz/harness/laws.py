"""What holds of every understanding, whatever the input was."""

from dataclasses import replace
from datetime import UTC, datetime

import orjson

from gateway.adapters.understanding.crossing import Failure, answer_in, packed_answer
from gateway.mapping.hl7v2.control.ack import ack_code, acknowledge
from gateway.mapping.inspect import inspect_line
from gateway.records.documents.document import Document
from gateway.records.intake.finding import Severity, Verdict
from gateway.records.intake.understanding import Understanding

AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def hold(one: Understanding) -> None:
    """A refusal says why; what runs in parallel is as long; it can be shown, kept and answered."""
    errors = [finding for finding in one.findings if finding.severity is Severity.ERROR]
    assert (one.verdict is Verdict.REFUSE) == bool(errors)
    assert len(one.documents) == len(one.contents) == len(one.observations)
    for results in one.observations:
        assert len(list(results)) == len(results)
        orjson.dumps([tuple(row) for row in results])
    orjson.dumps(inspect_line("input", one))
    _crosses(one)
    if one.verdict is not Verdict.REFUSE:
        for document in one.documents:
            _storable(document)
    _answerable(one)


def _crosses(one: Understanding) -> None:
    """A helper can say it, and the daemon makes the same of it."""
    (came,) = understandings(answer_in(packed_answer(b"", [one]), b""))
    rows = [list(results) for results in came.observations]
    assert rows == [list(results) for results in one.observations]
    assert replace(came, observations=()) == replace(one, observations=())


def understandings(answer: list[Understanding] | Failure) -> list[Understanding]:
    assert isinstance(answer, list)
    return answer


def _storable(document: Document) -> None:
    """Columns in clear are text of PostgreSQL: no NUL, no half of a surrogate pair."""
    clear = (document.type_code, document.class_code, document.mime_type, *document.confidentiality)
    for text in clear:
        assert text is None or "\0" not in text
        (text or "").encode()


def _answerable(one: Understanding) -> None:
    if one.message is None:
        return
    header = one.message.header
    code = ack_code(header, one.verdict, one.findings)
    assert code in {"AA", "AE", "AR", "CA", "CE", "CR", "none"}
    answer = acknowledge(header, code=code, control_id="R1", at=AT, findings=one.findings)
    assert answer.count(b"\x0b") == answer.count(b"\x1c") == 0
    lines = answer.split(b"\r")
    assert lines.pop() == b""
    assert [line[:3] for line in lines] == [b"MSH", b"MSA", *[b"ERR"] * (len(lines) - 2)]
