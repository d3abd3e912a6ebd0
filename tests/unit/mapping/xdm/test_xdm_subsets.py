"""Several folders and several documents: every one is read, each keeps its own findings."""

import struct
from dataclasses import replace

import pytest
from fhir_sample import raw as json_of
from xdm_sample import AT, CDA, EDITOR, FOLDER, SUBMISSION, archive, document, members, zipped

from gateway.mapping.xdm import understand_xdm
from gateway.mapping.xdm.write import pack
from gateway.records.document import Action, BodyKind, Document
from gateway.records.finding import Severity, Verdict
from gateway.records.reading import DEFAULT_READING
from gateway.records.understanding import Understanding

METADATA = f"{FOLDER}/METADATA.XML"
NOTE = replace(document(), mime_type="text/plain", unique_id="1.2.250.1.999.1.9", title="Note")
SECOND = CDA.replace(b"999.1.1", b"999.1.2").replace(b"999.2.1", b"999.2.2")
KIND = "urn:oasis:names:tc:ebxml-regrep:AssociationType:RPLC"
RPLC = (
    f'<rim:Association id="r1" associationType="{KIND}"'
    ' sourceObject="{0}" targetObject="{1}"/></rim:RegistryObjectList>'
)


def understood(raw: bytes) -> Understanding:
    return understand_xdm(raw, DEFAULT_READING)


def told(answer: Understanding) -> set[tuple[str, str]]:
    return {(one.code, one.where.partition(":")[0]) for one in answer.findings}


def moved(raw: bytes, folder: str) -> dict[str, bytes]:
    """The same members in another folder."""
    return {name.replace(FOLDER, folder): body for name, body in members(raw).items()}


def bent(files: dict[str, bytes], before: str, after: str, path: str = METADATA) -> bytes:
    assert before.encode() in files[path], before
    return zipped(files | {path: files[path].replace(before.encode(), after.encode())})


def two(second: tuple[Document, bytes]) -> bytes:
    return pack([(document(), CDA), second], SUBMISSION, editor=EDITOR, at=AT)


def test_every_subset_is_read_in_the_order_of_its_name() -> None:
    other = members(archive(SECOND))
    files = moved(archive(CDA), "IHE_XDM/SUBSET02") | other
    answer = understood(zipped(files))
    assert answer.verdict is Verdict.ACCEPT
    assert [one.unique_id for one in answer.documents] == ["1.2.250.1.999.1.2", "1.2.250.1.999.1.1"]
    assert answer.submission == SUBMISSION


def test_a_finding_names_the_subset_where_there_are_several() -> None:
    files = moved(archive(SECOND), "IHE_XDM/SUBSET02") | members(archive())
    raw = bent(files, "Tout va bien", "Tout va mal!", "IHE_XDM/SUBSET02/DOC0001.XML")
    assert told(understood(raw)) == {("hash-mismatch", "SUBSET02/DOC0001.XML")}


def test_subsets_of_two_patients_are_refused() -> None:
    other = SECOND.replace(b"255089999999966", b"279035121518989")
    lot = replace(SUBMISSION, patient_id="1.2.250.1.213.1.4.10^279035121518989")
    stranger = pack([(document(other), other)], lot, editor=EDITOR, at=AT)
    answer = understood(zipped(moved(stranger, "IHE_XDM/SUBSET02") | members(archive())))
    assert answer.verdict is Verdict.REFUSE
    assert ("patient-mismatch", "METADATA.XML") in told(answer)


@pytest.mark.parametrize("folder", ["IHE_XDM/SS000001", "ihe_xdm/subset01", "IHE_XDM/DOSSIER"])
def test_other_folder_names_below_ihe_xdm_are_read(folder: str) -> None:
    assert understood(zipped(moved(archive(), folder))).findings == ()


def test_another_layout_is_read_and_said() -> None:
    answer = understood(zipped(moved(archive(), "DOSSIER")))
    assert answer.verdict is Verdict.ACCEPT
    assert told(answer) == {("xdm-layout", "METADATA.XML")}


def test_names_are_compared_without_case() -> None:
    files = {name.lower(): body for name, body in members(archive()).items()}
    assert understood(zipped(files)).findings == ()


@pytest.mark.parametrize(
    "value", ["./DOC0001.XML", "2|.XML</rim:Value><rim:Value>1|DOC0001", "doc0001.xml"]
)
def test_a_file_is_found_by_the_ways_there_are_to_name_it(value: str) -> None:
    raw = bent(members(archive()), ">DOC0001.XML</rim:Value>", f">{value}</rim:Value>")
    assert understood(raw).findings == ()


def test_a_file_may_lie_in_a_folder_below_its_metadata() -> None:
    files = members(archive())
    files[f"{FOLDER}/CR/DOC0001.XML"] = files.pop(f"{FOLDER}/DOC0001.XML")
    raw = bent(files, ">DOC0001.XML</rim:Value>", ">CR/DOC0001.XML</rim:Value>")
    assert understood(raw).findings == ()


@pytest.mark.parametrize(
    "value", ["CR/../DOC0001.XML", "/DOC0001.XML", "METADATA.XML", "CR\\\\a", ""]
)
def test_a_uri_never_leaves_its_folder(value: str) -> None:
    raw = bent(members(archive()), ">DOC0001.XML</rim:Value>", f">{value}</rim:Value>")
    assert understood(raw).verdict is Verdict.REFUSE
    assert "xdm-uri" in {one.code for one in understood(raw).findings}


def test_one_bad_document_refuses_the_archive_and_is_named() -> None:
    files = members(two((NOTE, b"Bonjour")))
    raw = zipped(files | {f"{FOLDER}/DOC0002.TXT": b"bonjour"})
    answer = understood(raw)
    assert answer.verdict is Verdict.REFUSE
    assert told(answer) == {("hash-mismatch", "DOC0002.TXT")}
    assert len(answer.documents) == 2


def test_one_document_that_cannot_be_found_leaves_the_others_readable() -> None:
    files = members(two((NOTE, b"Bonjour")))
    del files[f"{FOLDER}/DOC0001.XML"]
    answer = understood(zipped(files))
    assert told(answer) == {("xdm-uri", "DOC0001.XML")}
    assert [one.title for one in answer.documents] == ["Note"]


def test_one_unique_id_for_two_documents_is_refused() -> None:
    twin = replace(NOTE, unique_id=document().unique_id)
    answer = understood(two((twin, b"Bonjour")))
    assert answer.verdict is Verdict.REFUSE
    assert ("unique-id-twice", "METADATA.XML") in told(answer)


def test_what_an_entry_leaves_out_is_named_and_filled_from_the_cda() -> None:
    bare = replace(document(), class_code=None, authors=(), language=None, legal_authenticator=None)
    answer = understood(archive(CDA, bare))
    [finding] = answer.findings
    assert (finding.code, finding.severity) == ("xdm-missing", Severity.WARNING)
    assert finding.message == "Declare languageCode, legalAuthenticator, classCode, author."
    own = document()
    [read] = answer.documents
    assert (read.class_code, read.authors, read.language) == (
        own.class_code,
        own.authors,
        own.language,
    )


def test_a_document_without_a_patient_of_its_own_is_the_lots() -> None:
    files = members(archive(b"Bonjour", NOTE))
    start, _, rest = files[METADATA].partition(b'identificationScheme="urn:uuid:58a6f841')
    files[METADATA] = start + b'identificationScheme="urn:uuid:00000000' + rest
    answer = understood(zipped(files))
    assert answer.documents[0].patient.ins == "255089999999966"
    assert told(answer) == {("xdm-missing", "DOC0001.TXT")}


def test_a_set_that_is_classified_beside_its_package_is_found() -> None:
    """As the messages of XDS write it."""
    text = members(archive())[METADATA].decode()
    at = text.rindex("<rim:Classification", 0, text.index("classificationNode"))
    stop = text.index("/>", at) + 2
    beside = text[:at] + text[stop:].replace(
        "</rim:RegistryPackage>", f"</rim:RegistryPackage>{text[at:stop]}", 1
    )
    raw = zipped(members(archive()) | {METADATA: beside.encode()})
    assert understood(raw).submission == SUBMISSION
    assert understood(raw).findings == ()


def test_an_rplc_association_replaces_where_no_slot_does() -> None:
    previous = replace(NOTE, unique_id="1.2.250.1.999.1.8")
    files = members(pack([(previous, b"a"), (NOTE, b"b")], SUBMISSION, editor=EDITOR, at=AT))
    ids = [part.split('"')[0] for part in files[METADATA].decode().split('targetObject="')[1:]]
    link = RPLC.format(ids[1], ids[0])
    answer = understood(bent(files, "</rim:RegistryObjectList>", link))
    assert [one.action for one in answer.documents] == [Action.CREATE, Action.REPLACE]
    assert answer.documents[1].replaces == "1.2.250.1.999.1.8"
    assert told(answer) == {("action-differs", "DOC0002.TXT")}


@pytest.mark.parametrize(
    ("target", "replaces"),
    [("urn:oid:1.2.250.1.999.1.7", "1.2.250.1.999.1.7"), ("urn:uuid:00000000-1", None)],
)
def test_an_association_with_another_registry_names_what_it_can(
    target: str, replaces: str | None
) -> None:
    files = members(archive(b"Bonjour", replace(NOTE, action=Action.REPLACE)))
    own = files[METADATA].decode().split('targetObject="')[1].split('"')[0]
    answer = understood(bent(files, "</rim:RegistryObjectList>", RPLC.format(own, target)))
    assert answer.documents[0].replaces == replaces
    missing = set() if replaces else {("replaces-missing", "DOC0001.TXT")}
    assert told(answer) == missing


def test_an_association_and_a_cda_that_disagree_wait_for_a_person() -> None:
    related = (
        b'<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.250.1.999.1.6"/>'
        b"</parentDocument></relatedDocument><componentOf>"
    )
    newer = CDA.replace(b"<componentOf>", related).replace(b'Number value="1"', b'Number value="2"')
    files = members(archive(newer, replace(document(newer), action=Action.REPLACE)))
    own = files[METADATA].decode().split('targetObject="')[1].split('"')[0]
    link = RPLC.format(own, "urn:oid:1.2.250.1.999.1.7")
    answer = understood(bent(files, "</rim:RegistryObjectList>", link))
    assert answer.verdict is Verdict.HOLD
    assert told(answer) == {("replaces-differs", "DOC0001.XML")}
    assert answer.documents[0].replaces == "1.2.250.1.999.1.6"


DICOM = b"\0" * 128 + b"DICM" + b"manifest"
KOS = replace(NOTE, mime_type="application/dicom", unique_id="1.2.250.1.999.1.5")


def test_a_manifest_of_images_beside_its_report_is_kept_and_not_filed() -> None:
    answer = understood(two((KOS, DICOM)))
    assert answer.verdict is Verdict.ACCEPT
    assert [one.unique_id for one in answer.documents] == ["1.2.250.1.999.1.1"]
    assert told(answer) == {("xdm-imaging", "DOC0002.XML")}


def test_a_signature_of_the_lot_is_no_document_of_the_patient() -> None:
    signature = replace(NOTE, type_code="E1762", mime_type="text/xml")
    answer = understood(two((signature, b"<Signature/>")))
    assert len(answer.documents) == 1
    assert told(answer) == {("xdm-signature", "DOC0002.XML")}


def test_an_archive_with_nothing_to_file_is_refused() -> None:
    answer = understood(archive(DICOM, KOS))
    assert answer.verdict is Verdict.REFUSE
    assert ("xdm-no-document", "METADATA.XML") in told(answer)


def test_a_manifest_that_is_not_the_hashed_one_is_refused() -> None:
    files = members(two((KOS, DICOM)))
    raw = zipped(files | {f"{FOLDER}/DOC0002.XML": DICOM + b"!"})
    assert understood(raw).verdict is Verdict.REFUSE


def test_a_fhir_document_is_read_as_what_it_is() -> None:
    body = json_of(
        {
            "resourceType": "Bundle",
            "type": "document",
            "identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.9"},
            "entry": [
                {
                    "resource": {
                        "resourceType": "Composition",
                        "status": "final",
                        "title": "Note",
                        "date": "2026-01-15",
                        "type": {"coding": [{"system": "http://loinc.org", "code": "11502-2"}]},
                        "subject": {
                            "identifier": {
                                "system": "urn:oid:1.2.250.1.213.1.4.10",
                                "value": "255089999999966",
                            }
                        },
                    }
                }
            ],
        }
    )
    answer = understood(archive(body, replace(NOTE, mime_type="application/fhir+json")))
    assert answer.verdict is Verdict.HOLD  # a bare INS, which an index may know
    assert answer.documents[0].body is BodyKind.FHIR
    damaged = understood(archive(body[:-5], replace(NOTE, mime_type="application/fhir+json")))
    assert damaged.verdict is Verdict.REFUSE


def test_a_zip_with_a_wrong_size_in_its_metadata_says_so_by_name() -> None:
    size = struct.calcsize("B") + len(CDA)
    raw = bent(members(archive()), f">{len(CDA)}</rim:Value>", f">{size}</rim:Value>")
    assert told(understood(raw)) == {("size-mismatch", "DOC0001.XML")}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("IHE_XDM/SUBSET02/DOC0001.XML", "SUBSET02/METADATA.XML"),
        ("ihe_xdm/subset02/CR/DOC0001.XML", "CR/METADATA.XML"),
        (f"{FOLDER}/CR/DOC0009.XML", "CR/METADATA.XML"),
        (f"{FOLDER}/DOC0009.XML", "METADATA.XML"),
    ],
)
def test_a_file_that_no_metadata_describes_is_said(path: str, place: str) -> None:
    answer = understood(zipped(members(archive()) | {path: SECOND}))
    assert answer.verdict is Verdict.ACCEPT
    assert told(answer) == {("xdm-orphan", place)}
    assert len(answer.documents) == 1


def test_what_stands_outside_ihe_xdm_is_nobodys_document() -> None:
    assert understood(zipped(members(archive()) | {"PDF/CR.PDF": b"%PDF-1.4"})).findings == ()


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("urn:ihe:iti:2007:AssociationType:XFRM_RPLC", False),
        ("urn:ihe:iti:2007:AssociationType:APND", False),
        ("urn:oasis:names:tc:ebxml-regrep:AssociationType:XFRM", False),
        ("urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus", False),
        ("", False),
        ("urn:ihe:iti:2007:AssociationType:signs", True),
    ],
)
def test_a_relation_that_is_not_acted_on_is_said(kind: str, known: bool) -> None:
    files = members(archive())
    own = files[METADATA].decode().split('targetObject="')[1].split('"')[0]
    link = RPLC.format(own, "urn:oid:1.2.250.1.999.1.7").replace(KIND, kind)
    answer = understood(bent(files, "</rim:RegistryObjectList>", link))
    assert answer.verdict is Verdict.ACCEPT
    assert answer.documents[0].action is Action.CREATE
    assert told(answer) == (set() if known else {("relation-not-kept", "METADATA.XML")})


LOT, OWN = "6b5aea1a", "58a6f841"
STRANGER = "279035121518989"


def identified(files: dict[str, bytes], scheme: str, before: str, after: str) -> dict[str, bytes]:
    """One text replaced in the ExternalIdentifier of one scheme."""
    head, mark, rest = (
        files[METADATA].decode().partition(f'identificationScheme="urn:uuid:{scheme}')
    )
    start = head.rindex("<rim:ExternalIdentifier")
    stop = rest.index("</rim:ExternalIdentifier>")
    one = head[start:] + mark + rest[:stop]
    assert before in one, before
    changed = head[:start] + one.replace(before, after) + rest[stop:]
    return files | {METADATA: changed.encode()}


def without_own(files: dict[str, bytes]) -> dict[str, bytes]:
    return identified(files, OWN, f"urn:uuid:{OWN}", "urn:uuid:00000000")


def test_the_patient_of_the_lot_alone_is_compared_with_the_cda() -> None:
    same = understood(zipped(without_own(members(archive()))))
    assert same.verdict is Verdict.ACCEPT
    assert told(same) == {("xdm-missing", "DOC0001.XML")}
    files = identified(without_own(members(archive())), LOT, "255089999999966", STRANGER)
    answer = understood(zipped(files))
    assert answer.verdict is Verdict.REFUSE
    assert ("patient-mismatch", "DOC0001.XML") in told(answer)


def test_traits_are_compared_where_the_envelope_names_no_patient() -> None:
    files = identified(without_own(members(archive())), LOT, f"urn:uuid:{LOT}", "urn:uuid:00000000")
    assert understood(zipped(files)).verdict is Verdict.ACCEPT
    answer = understood(bent(files, "PID-5|PATTE", "PID-5|AUTRE"))
    assert answer.verdict is Verdict.HOLD
    assert ("traits-differ", "DOC0001.XML") in told(answer)


@pytest.mark.parametrize("value", ["180052A00412310", "^^^&1.2.250.1.213.1.4.10&ISO^NH", "1^^^ISO"])
@pytest.mark.parametrize(("scheme", "place"), [(LOT, "METADATA.XML"), (OWN, "DOC0001.XML")])
def test_a_patient_that_cannot_be_read_is_refused(scheme: str, place: str, value: str) -> None:
    known = "255089999999966^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH"
    files = identified(members(archive()), scheme, known, value.replace("&", "&amp;"))
    answer = understood(zipped(files))
    assert answer.verdict is Verdict.REFUSE
    assert told(answer) == {("patient-id-malformed", place)}


SET_PATIENT = "6b5aea1a-874d-4603-a4bc-96a0a7b38446"
FOLDER_PATIENT = "f64ffdf0-4b97-4e06-b79f-a52b38ec2f8a"


@pytest.mark.parametrize("scheme", [SET_PATIENT, FOLDER_PATIENT])
@pytest.mark.parametrize(
    ("other", "verdict", "places"),
    [
        ("255089999999966", Verdict.ACCEPT, set()),
        (STRANGER, Verdict.REFUSE, {("patient-mismatch", "METADATA.XML")}),
    ],
)
def test_every_package_is_about_the_patient(
    scheme: str, other: str, verdict: Verdict, places: set[tuple[str, str]]
) -> None:
    files = members(archive())
    text = files[METADATA].decode()
    start, end = text.index("<rim:RegistryPackage"), "</rim:RegistryPackage>"
    first = text[start : text.index(end) + len(end)]
    second = first.replace(SET_PATIENT, scheme).replace("255089999999966", other)
    answer = understood(bent(files, end, end + second))
    assert answer.verdict is verdict
    assert told(answer) == places | {("xdm-several-sets", "METADATA.XML")}


def test_cdas_of_two_patients_are_refused_where_the_envelope_names_nobody() -> None:
    other = SECOND.replace(b"255089999999966", STRANGER.encode())
    files = members(two((document(other), other)))
    for scheme in (LOT, OWN, OWN):
        files = identified(files, scheme, f"urn:uuid:{scheme}", "urn:uuid:00000000")
    answer = understood(zipped(files))
    assert answer.verdict is Verdict.REFUSE
    assert ("patient-mismatch", "METADATA.XML") in told(answer)
