"""What is understood of an archive, and what is said when it contradicts itself."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from xdm_sample import (
    AT,
    CDA,
    EDITOR,
    FOLDER,
    METADATA,
    SUBMISSION,
    archive,
    bent,
    document,
    members,
    understood,
    zipped,
)

from gateway.mapping.xdm.write import pack
from gateway.records.documents.document import Action, BodyKind
from gateway.records.intake.finding import Verdict

RPLC = "urn:oasis:names:tc:ebxml-regrep:AssociationType:RPLC"
CORPUS = Path(__file__).resolve().parents[5] / "shared" / "corpus" / "xdm"


def codes(raw: bytes) -> set[str]:
    return {finding.code for finding in understood(raw).findings}


def test_an_honest_archive_is_accepted_with_its_submission() -> None:
    answer = understood(archive())
    assert answer.verdict is Verdict.ACCEPT
    assert answer.findings == ()
    assert answer.submission == SUBMISSION
    assert answer.contents[0].body == CDA
    assert answer.contents[0].piece is None


def test_metadata_read_back_is_the_metadata_written() -> None:
    whole = document()
    [read] = understood(archive()).documents
    assert replace(read, hash_ok=None, size_ok=None) == whole
    assert (read.hash_ok, read.size_ok) == (True, True)


@pytest.mark.parametrize("action", [Action.REPLACE, Action.DELETE])
def test_the_extra_slot_tells_the_action(action: Action) -> None:
    [read] = understood(archive(envelope=replace(document(), action=action))).documents
    assert read.action is action


def test_an_unknown_action_is_refused() -> None:
    replacing = members(archive(envelope=replace(document(), action=Action.REPLACE)))
    replacing[METADATA] = replacing[METADATA].replace(b">C</", b">X</")
    assert "action-unknown" in codes(zipped(replacing))


@pytest.mark.parametrize(
    ("before", "after", "code", "verdict"),
    [
        ("DOC0001.XML", "DOC0002.XML", "xdm-uri", Verdict.REFUSE),
        ("DOC0001.XML", "../DOC0001.XML", "xdm-uri", Verdict.REFUSE),
        ("255089999999966^^^", "279035121518989^^^", "patient-mismatch", Verdict.REFUSE),
        ('"1.2.250.1.999.1.1"', '"1.2.250.1.999.1.2"', "unique-id-differs", Verdict.HOLD),
        ("PID-5|PATTE", "PID-5|AUTRE", "traits-differ", Verdict.HOLD),
        ('"11502-2"', '"11488-4"', "type-differs", Verdict.HOLD),
        (
            'nodeRepresentation="N"',
            'nodeRepresentation="V"',
            "confidentiality-differs",
            Verdict.HOLD,
        ),
        ("SubmitObjectsRequest", "SubmitObjects", "xdm-metadata", Verdict.REFUSE),
    ],
)
def test_a_contradiction_is_named(before: str, after: str, code: str, verdict: Verdict) -> None:
    raw = bent(METADATA, before, after)
    assert code in codes(raw)
    assert understood(raw).verdict is verdict


def test_a_document_that_is_not_the_hashed_one_is_refused() -> None:
    raw = bent(f"{FOLDER}/DOC0001.XML", "Tout va bien", "Tout va mal!")
    [read] = understood(raw).documents
    assert read.hash_ok is False
    assert read.size_ok is True
    assert codes(raw) == {"hash-mismatch"}


def test_two_documents_of_two_patients_are_refused() -> None:
    other = CDA.replace(b"255089999999966", b"279035121518989").replace(b"999.1.1", b"999.1.2")
    both = [(document(), CDA), (document(other), other)]
    answer = understood(pack(both, SUBMISSION, editor=EDITOR, at=AT))
    assert answer.verdict is Verdict.REFUSE
    assert len(answer.documents) == 2
    assert "patient-mismatch" in {finding.code for finding in answer.findings}


def test_a_gap_in_the_header_of_an_enclosed_cda_waits_for_a_person() -> None:
    poor = CDA.replace(b'<setId root="1.2.250.1.999.2.1"/>', b"")
    answer = understood(archive(poor))
    assert answer.verdict is Verdict.HOLD
    assert [finding.code for finding in answer.findings] == ["cda-h12"]


def test_a_plain_text_document_needs_no_cda() -> None:
    note = replace(document(), mime_type="text/plain", unique_id="1.2.250.1.999.1.9")
    answer = understood(archive(b"Bonjour", note))
    assert answer.documents[0].body is BodyKind.TEXT
    assert answer.verdict is Verdict.ACCEPT


@pytest.mark.parametrize(
    ("mime", "body", "code"),
    [
        ("text/html", b"<html></html>", "cda-root"),
        ("application/javascript", b"alert(1)", "unsupported-type"),
        ("image/png", b"GIF89a", "mime-mismatch"),
        ("text/plain", b"\xff\xfe", "text-charset"),
        ("text/plain", b"%PDF-1.7 x", "mime-mismatch"),
        ("text/plain", b"\xef\xbb\xbf<html></html>", "cda-root"),
        ("text/plain", b"\xef\xbb\xbf \n", "text-empty"),
    ],
)
def test_what_a_browser_could_run_is_refused(mime: str, body: bytes, code: str) -> None:
    raw = archive(body, replace(document(), mime_type=mime))
    assert code in codes(raw)
    assert understood(raw).verdict is Verdict.REFUSE


@pytest.mark.parametrize(
    ("declared", "kept", "said"),
    [
        ("text/xml; charset=UTF-8", "text/xml", False),
        ("TEXT/XML", "text/xml", False),
        ("application/xslt+xml", "application/xslt+xml", False),
        ("application/pdf", "text/xml", True),
        ("text/html", "text/xml", True),
        ("application/fhir+json", "text/xml", True),
        (" ; charset=UTF-8", "text/xml", False),
    ],
)
def test_a_cda_is_kept_as_the_bare_type_that_it_is(declared: str, kept: str, said: bool) -> None:
    raw = bent(METADATA, 'mimeType="text/xml"', f'mimeType="{declared}"')
    [read] = understood(raw).documents
    assert (read.mime_type, read.body) == (kept, BodyKind.STRUCTURED)
    assert ("mime-differs" in codes(raw)) is said
    assert understood(raw).verdict is Verdict.ACCEPT


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_cda_is_told_behind_the_mark_of_its_encoding(encoding: str) -> None:
    text = CDA.decode().partition("?>")[2]
    envelope = replace(document(), mime_type="application/octet-stream")
    raw = archive(text.encode(encoding), envelope)
    assert codes(raw) == {"mime-differs"}
    assert understood(raw).documents[0].body is BodyKind.STRUCTURED


def test_a_plain_file_is_kept_as_its_bare_type() -> None:
    note = replace(document(), mime_type="TEXT/PLAIN; charset=UTF-8", unique_id="1.2.250.1.999.1.9")
    [read] = understood(archive(b"Bonjour", note)).documents
    assert (read.mime_type, read.body) == ("text/plain", BodyKind.TEXT)


def test_a_class_that_is_not_that_of_the_type_is_kept_and_said() -> None:
    raw = archive(envelope=replace(document(), class_code="42"))
    [finding] = understood(raw).findings
    assert (finding.code, finding.where) == ("class-differs", "DOC0001.XML: classCode")
    assert understood(raw).documents[0].class_code == "42"
    assert understood(raw).verdict is Verdict.ACCEPT


def test_the_class_of_a_type_that_nobody_knows_is_the_senders() -> None:
    local = CDA.replace(b'code="11502-2"', b'code="LOCAL-1"')
    envelope = replace(document(local), class_code="42")
    assert "class-differs" not in codes(archive(local, envelope))


def test_no_finding_repeats_a_trait() -> None:
    raw = bent(METADATA, "PID-5|PATTE", "PID-5|AUTRE")
    told = " ".join(f"{one.message} {one.where}" for one in understood(raw).findings)
    assert "PATTE" not in told.upper()
    assert "255089999999966" not in told


@pytest.mark.parametrize(
    ("slot", "start"),
    [
        ("202601150900", "2026-01-15T09:00Z"),
        ("20261399", "2026-01-15T08:15Z"),
        ("30200115", "2026-01-15T08:15Z"),
    ],
)
def test_a_slot_that_is_no_time_leaves_it_to_the_cda(slot: str, start: str) -> None:
    assert document().service_start == "2026-01-15T08:15Z"
    raw = bent(METADATA, ">202601150815<", f">{slot}<")
    assert understood(raw).documents[0].service_start == start


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the repository")
def test_every_published_archive_is_read_with_true_hash_and_ids() -> None:
    with (CORPUS / "expected.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        [read] = understood((CORPUS / row["file"]).read_bytes()).documents
        assert read.unique_id == row["uniqueId"].rstrip("^"), row["file"]
        assert (read.hash_ok, read.size_ok) == (True, True), row["file"]
        assert read.sha1 == row["docHash"].lower(), row["file"]


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("CR du 15é.XML", "CR%20du%2015%C3%A9.XML"),
        ("CR du 15é.XML", "./CR%20du%2015%c3%a9.XML"),
        ("CR%20.XML", "CR%20.XML"),
    ],
)
def test_a_uri_names_its_file_also_with_escapes(name: str, uri: str) -> None:
    files = members(bent(METADATA, ">DOC0001.XML<", f">{uri}<"))
    files[f"{FOLDER}/{name}"] = files.pop(f"{FOLDER}/DOC0001.XML")
    answer = understood(zipped(files))
    assert answer.findings == ()
    assert answer.contents[0].body == CDA


@pytest.mark.parametrize("uri", ["%2e%2e/DOC0001.XML", "%2FDOC0001.XML", "..%5CDOC0001.XML"])
def test_an_escape_leads_nowhere_else(uri: str) -> None:
    raw = bent(METADATA, ">DOC0001.XML<", f">{uri}<")
    assert "xdm-uri" in codes(raw)
    assert understood(raw).documents == ()


def test_one_file_is_described_once_however_it_is_named() -> None:
    note = replace(document(), mime_type="text/plain", unique_id="1.2.250.1.999.1.8")
    other = replace(note, unique_id="1.2.250.1.999.1.9")
    files = members(pack([(note, b"a"), (other, b"a")], SUBMISSION, editor=EDITOR, at=AT))
    files[METADATA] = files[METADATA].replace(b">DOC0002.TXT<", b">./DOC0001.TXT<")
    answer = understood(zipped(files))
    assert ("xdm-uri", "./DOC0001.TXT") in {(one.code, one.where) for one in answer.findings}
    assert len(answer.documents) == 1, "what is named by a hundred entries is unpacked once"


def test_a_time_that_is_none_is_said_with_its_slot() -> None:
    files = members(archive())
    text = files[METADATA].decode()
    for written in ("20260115091500", "202601150815", "20260116", "20260115093000"):
        assert f">{written}<" in text
        text = text.replace(f">{written}<", f">{written}Z<")
    answer = understood(zipped(files | {METADATA: text.encode()}))
    assert answer.verdict is Verdict.ACCEPT
    assert [(one.code, one.where) for one in answer.findings] == [
        ("xdm-time", "METADATA.XML: submissionTime"),
        ("xdm-time", "DOC0001.XML: creationTime"),
        ("xdm-time", "DOC0001.XML: serviceStartTime"),
        ("xdm-time", "DOC0001.XML: serviceStopTime"),
    ]


def test_a_document_that_replaces_itself_waits_for_a_person() -> None:
    files = members(archive())
    text = files[METADATA].decode()
    own = text.split('targetObject="')[1].split('"')[0]
    link = f'<rim:Association id="r" associationType="{RPLC}" sourceObject="{own}"'
    text = text.replace(
        "</rim:RegistryObjectList>", f'{link} targetObject="{own}"/></rim:RegistryObjectList>'
    )
    answer = understood(zipped(files | {METADATA: text.encode()}))
    assert answer.verdict is Verdict.HOLD
    assert "replaces-itself" in {one.code for one in answer.findings}


def test_what_is_wrong_with_the_metadata_is_not_said_of_the_archive() -> None:
    files = members(archive())
    [finding] = understood(zipped(files | {METADATA: files[METADATA][:300]})).findings
    assert (finding.code, finding.where) == ("xml-malformed", "METADATA.XML")
