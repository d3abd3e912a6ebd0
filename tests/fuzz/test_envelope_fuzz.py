"""XDM, FHIR and mail with anything cut, flipped or doubled: read or refused, never raised."""

import io
import json
import zipfile
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.mail import understand_mail
from gateway.mapping.xdm import understand_xdm
from gateway.mssante.smtp.smtp_rules import MessageLines, header_problem, parse_path
from gateway.records.intake.finding import Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING, Reading
from gateway.records.intake.understanding import Understanding

STRICT = Reading(strict=True)
RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
METADATA = (
    f'<SubmitObjectsRequest xmlns="{LCM}"><RegistryObjectList xmlns="{RIM}"><ExtrinsicObject '
    'objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1" mimeType="text/plain">'
    '<Slot name="URI"><ValueList><Value>DOC0001.TXT</Value></ValueList></Slot>'
    '<Slot name="creationTime"><ValueList><Value>2026</Value></ValueList></Slot>'
    "</ExtrinsicObject></RegistryObjectList></SubmitObjectsRequest>"
).encode()
KEYS = st.sampled_from(
    [
        "resourceType", "type", "id", "content", "attachment", "data", "url", "contained", "entry",
        "resource", "request", "method", "fullUrl", "subject", "identifier", "system", "value",
        "reference", "author", "date", "context", "period", "relatesTo", "code", "coding", "hash",
        "size", "contentType", "name", "family", "given", "securityLabel", "extension", "meta",
        "profile", "source", "masterIdentifier", "custodian", "section", "attester", "event",
    ]
)  # fmt: skip
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.text(max_size=8),
    st.sampled_from(
        [
            "Bundle", "DocumentReference", "Composition", "List", "Binary", "Patient", "document",
            "transaction", "urn:oid:1.2.250.1.213.1.4.10", "255089999999966", "QUFB", "#p", "POST",
            "text/plain", "application/pdf", "2026-01-15T10:15:00+01:00",
            "9999-12-31T23:59:59-14:00",
            "Patient?identifier=urn:oid:1|2", "text/xml", "submissionset", "replaces",
        ]
    ),
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=40,
)


def archive(metadata: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as opened:
        opened.writestr("IHE_XDM/SUBSET01/METADATA.XML", metadata)
        opened.writestr("IHE_XDM/SUBSET01/DOC0001.TXT", b"Bonjour")
    return made.getvalue()


def explained(answer: Understanding) -> bool:
    """A refusal names an error; documents, contents and results run in parallel."""
    errors = [one for one in answer.findings if one.severity is Severity.ERROR]
    parallel = len(answer.documents) == len(answer.contents) == len(answer.observations)
    return parallel and (answer.verdict is Verdict.REFUSE) == bool(errors)


@st.composite
def spoiled(draw: st.DrawFn, whole: bytes) -> bytes:
    """Some bytes replaced, then perhaps cut."""
    data = bytearray(whole)
    for at, byte in draw(
        st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=6)
    ):
        data[at] = byte
    return bytes(data[: draw(st.integers(0, len(data)))])


@given(spoiled(archive(METADATA)))
def test_a_spoiled_archive_is_read_or_refused(raw: bytes) -> None:
    assert explained(understand_xdm(raw, DEFAULT_READING))


@given(spoiled(METADATA))
def test_spoiled_metadata_is_read_or_refused(metadata: bytes) -> None:
    assert explained(understand_xdm(archive(metadata), DEFAULT_READING))


@given(st.dictionaries(KEYS, TREES, max_size=8), st.booleans())
def test_any_tree_of_fhir_names_is_read_or_refused(tree: dict[str, Any], strict: bool) -> None:
    raw = json.dumps(tree).encode()
    assert explained(understand_fhir(raw, STRICT if strict else DEFAULT_READING))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_by_every_envelope(raw: bytes) -> None:
    assert explained(understand_fhir(raw, DEFAULT_READING))
    assert explained(understand_xdm(raw, DEFAULT_READING))
    assert explained(understand_mail(raw, DEFAULT_READING))


MAIL = (
    b"From: a@b.fr\r\nContent-Type: multipart/mixed; boundary=x\r\nX-MSS-INS: N\r\n\r\n"
    b"--x\r\nContent-Type: application/zip; name*0=IHE_;\r\n name*1=XDM.ZIP\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nUEsDBA==\r\n--x\r\n"
    b"Content-Type: message/rfc822\r\n\r\nSubject: =?utf-8?q?=C3=A9?=\r\n\r\nb\r\n--x--\r\n"
)


@given(spoiled(MAIL))
def test_a_spoiled_mail_is_read_or_refused(raw: bytes) -> None:
    assert explained(understand_mail(raw, DEFAULT_READING))
    assert header_problem(raw, None) is None or header_problem(raw, None)


@given(st.text(max_size=60))
def test_any_argument_of_a_command_is_a_path_or_none(text: str) -> None:
    path = parse_path(f"TO:{text}", "TO:")
    assert path is None or path.address is None or "@".join(path.address).isascii()


@given(st.lists(st.binary(max_size=30), max_size=20))
def test_a_message_with_a_bare_line_end_or_nul_keeps_nothing(lines: list[bytes]) -> None:
    collected = MessageLines(max_bytes=400)
    for line in lines:
        collected.add(line + b"\r\n")
    spoiled_lines = any(letter in line for line in lines for letter in b"\r\n\0")
    assert not spoiled_lines or collected.problem is not None
    assert collected.problem is None or collected.content() == b""
