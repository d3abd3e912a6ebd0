"""A message in UTF-16 is no XML and nothing unknown: its sender hears what to mend."""

import pytest
from hl7_samples import results

from gateway.mapping.understand import format_of, understand_all
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Format

TEXT = results().decode()


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("before", ["", "BHS|^~\\&|LAB\r"])
def test_a_message_in_utf_16_is_told_to_be_one(charset: str, before: str) -> None:
    raw = (before + TEXT).encode(charset)
    (read,) = understand_all(raw, DEFAULT_READING)
    assert (read.format, read.verdict) == (Format.HL7V2, Verdict.REFUSE)
    assert [one.code for one in read.findings] == ["msh-unreadable"]
    assert "UTF-8" in read.findings[0].message


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("<a/>".encode("utf-16"), Format.CDA),
        (b"\xff\xfeM", Format.CDA),
        (TEXT.encode(), Format.HL7V2),
        (b"M\0\0\0", Format.UNKNOWN),
    ],
)
def test_what_else_begins_with_those_bytes_is_what_it_was(raw: bytes, kind: Format) -> None:
    assert format_of(raw) is kind


@pytest.mark.parametrize("charset", ["utf-16", "utf-32"])
def test_json_in_utf_16_is_told_to_be_json(charset: str) -> None:
    (read,) = understand_all('\n{"resourceType": "Bundle"}'.encode(charset), DEFAULT_READING)
    assert read.format is Format.FHIR
    assert [one.code for one in read.findings] == ["json-encoding"]
