"""What METADATA.XML says of each document, and which of them are the patient's to read."""

import struct
from dataclasses import replace

from fhir_sample import raw as json_of
from xdm_sample import (
    CDA,
    FOLDER,
    METADATA,
    NOTE,
    SUBMISSION,
    archive,
    bent,
    document,
    edited,
    members,
    told,
    two,
    understood,
    zipped,
)

from gateway.records.documents.document import Action, Author, BodyKind
from gateway.records.intake.finding import Severity, Verdict


def test_one_bad_document_refuses_the_archive_and_is_named() -> None:
    files = members(two((NOTE, b"Bonjour")))
    raw = zipped(files | {f"{FOLDER}/DOC0002.TXT": b"bonjour"})
    answer = understood(raw)
    assert answer.verdict is Verdict.REFUSE
    assert told(answer) == {("hash-mismatch", "DOC0002.TXT")}
    assert len(answer.documents) == 2


def test_the_number_of_a_structure_may_stand_where_it_did_until_2_6() -> None:
    without = edited(members(archive()), "ISO^IDNST^^^1999999999", "ISO^IDNST")
    (bare,) = understood(without).documents[0].authors
    mark = "&amp;1.2.250.1.71.4.2.2&amp;ISO^IDNST"
    (read,) = (
        understood(edited(members(without), f"^^^^^{mark}", f"^^1999999999^^^{mark}"))
        .documents[0]
        .authors
    )
    assert (bare.organization_id, read.organization_id) == (None, "1999999999")


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
    raw = edited(members(archive()), f">{len(CDA)}</rim:Value>", f">{size}</rim:Value>")
    assert told(understood(raw)) == {("size-mismatch", "DOC0001.XML")}


def test_the_id_of_a_document_is_the_same_as_a_urn() -> None:
    for urn in ("urn:oid:1.2.250.1.999.1.1", "URN:OID:1.2.250.1.999.1.1"):
        answer = understood(bent(METADATA, 'value="1.2.250.1.999.1.1"', f'value="{urn}"'))
        assert answer.findings == ()
        assert answer.documents[0].unique_id == "1.2.250.1.999.1.1"


def test_a_uuid_in_capitals_is_the_same_and_kept_as_the_document_writes_it() -> None:
    own = "0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d"
    body = CDA.replace(b"1.2.250.1.999.1.1", own.encode())
    envelope = replace(document(body), unique_id=own.upper())
    answer = understood(archive(body, envelope))
    assert answer.findings == ()
    assert answer.documents[0].unique_id == own


def test_an_author_numbered_by_an_ins_is_the_patient() -> None:
    author = Author(kind="person", id="255089999999966", id_system="1.2.250.1.213.1.4.10")
    answer = understood(archive(CDA, replace(document(), authors=(author,))))
    assert answer.documents[0].authors[0].kind == "patient"


def test_a_first_transmission_may_be_written_as_in_obx_11() -> None:
    files = members(archive(envelope=replace(document(), action=Action.REPLACE)))
    answer = understood(edited(files, ">C</", ">F</"))
    assert (answer.verdict, answer.findings) == (Verdict.ACCEPT, ())
    assert answer.documents[0].action is Action.CREATE


def test_a_size_with_zeros_before_it_is_the_same() -> None:
    raw = edited(members(archive()), f">{len(CDA)}</rim:Value>", f">00{len(CDA)}</rim:Value>")
    assert understood(raw).findings == ()


def test_what_a_document_belongs_to_is_kept_by_its_authority_and_its_number() -> None:
    references = (
        '<rim:Slot name="urn:ihe:iti:xds:2013:referenceIdList"><rim:ValueList>'
        "<rim:Value>CMD-7^^^&amp;1.2.3.4&amp;ISO^urn:ihe:iti:xds:2013:order</rim:Value>"
        "<rim:Value>1.2.250.1.999.5^^^^urn:ihe:iti:xds:2016:studyInstanceUID</rim:Value>"
        "</rim:ValueList></rim:Slot>"
    )
    language = '<rim:Slot name="languageCode">'
    [read] = understood(bent(METADATA, language, references + language)).documents
    assert read.related == ("1.2.3.4^CMD-7", "1.2.250.1.999.5")
