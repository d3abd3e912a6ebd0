"""ITI-41 to an understanding (XDS.md sections 4 and 5)."""

import base64
from copy import deepcopy
from dataclasses import replace

import pytest
from cda_sample import cda, replacing
from dmp_lot import provided
from lot_sample import CDA, FIRST, LOT, NOTE, SECOND, told, understood
from lxml import etree

from gateway.mapping.xdm.ebrim.metadata import MAX_CLASSIFICATIONS
from gateway.mapping.xds.errors import registry_errors
from gateway.mapping.xds.lot import understand_lot
from gateway.records.documents.document import Action
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Format, Submission, Understanding

UNSIGNED = "xds-signature-missing"
TARGET = "urn:uuid:0197F3A0-1111-7222-8333-444455556666"


def codes(answer: Understanding) -> list[str]:
    """The errorCodes that a refusal is told with."""
    assert answer.verdict is Verdict.REFUSE
    return [one.code for one in registry_errors(answer.verdict, answer.findings)]


def test_a_lot_of_two_documents_is_understood_in_the_order_of_its_entries() -> None:
    answer = understood(replace(LOT, documents=(FIRST, SECOND)))

    assert (answer.format, answer.verdict) == (Format.XDS, Verdict.ACCEPT)
    assert [one.unique_id for one in answer.documents] == [FIRST.unique_id, SECOND.unique_id]
    assert [one.body for one in answer.contents] == [FIRST.body, SECOND.body]
    assert told(answer) == {UNSIGNED}
    assert answer.submission == Submission(
        unique_id="1.2.250.1.999.8.1",
        source_id="1.2.250.1.999.9",
        patient_id="1.2.250.1.213.1.4.10^255089999999966",
        time="2026-01-15T09:30:00Z",
        content_type="07",
        author="CLAIRE FICTIVE",
    )


def test_what_the_server_computes_is_not_missed_and_a_false_measure_refuses() -> None:
    [document] = understood().documents

    assert (document.size, document.hash_ok, document.size_ok) == (len(CDA), None, None)
    slots = {"hash": document.sha1.upper(), "size": str(len(CDA))}
    assert understood(replace(LOT, documents=(replace(FIRST, slots=slots),))).verdict is (
        Verdict.ACCEPT
    )
    for wrong in ({"hash": "0" * 40}, {"size": "1"}):
        bent = understood(replace(LOT, documents=(replace(FIRST, slots=wrong),)))
        assert codes(bent) == ["XDSRepositoryMetadataError"]


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ('<Slot name="legalAuthenticator">', '<Slot name="other">', "legalAuthenticator"),
        ('<Slot name="serviceStartTime">', '<Slot name="other">', "serviceStartTime"),
        ("urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab", "urn:uuid:0", "uniqueId"),
        ("urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d", "urn:uuid:0", "formatCode"),
        ("urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832", "urn:uuid:0", "sourceId"),
        ("urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d", "urn:uuid:0", "author"),
        ('<Slot name="submissionTime">', '<Slot name="other">', "submissionTime"),
    ],
)
def test_an_attribute_that_is_absent_refuses_and_is_named(
    before: str, after: str, named: str
) -> None:
    answer = understood(LOT, (before, after))

    [error] = registry_errors(answer.verdict, answer.findings)
    assert error.code == "XDSRepositoryMetadataError"
    assert named in error.context


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("11502-2", "11488-4"),
        ("1.2.250.1.999.1.1", "1.2.250.1.999.1.77"),
        ("20260114103000", "yesterday"),
        ('nodeRepresentation="N"', 'nodeRepresentation="R"'),
    ],
)
def test_what_contradicts_the_cda_or_is_malformed_refuses(before: str, after: str) -> None:
    assert codes(understood(LOT, (before, after))) == ["XDSRepositoryMetadataError"]


def test_an_entry_of_another_patient_than_its_lot_refuses() -> None:
    before = 'identificationScheme="urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427" value="2550'
    answer = understood(LOT, (before, before.replace("2550", "1550")))

    assert set(codes(answer)) >= {"XDSPatientIdDoesNotMatch"}


def test_a_date_after_the_type_of_an_ins_is_no_part_of_it() -> None:
    answer = understood(LOT, ("ISO^NH", "ISO^NH^^20100907"))

    assert answer.verdict is Verdict.ACCEPT
    assert answer.documents[0].patient.ins == "255089999999966"


def test_a_document_is_paired_without_case_where_one_alone_suits() -> None:
    answer = understood(LOT, ('x:Document id="Document01"', 'x:Document id="documenT01"'))

    assert answer.verdict is Verdict.ACCEPT
    assert "xds-document-id" in told(answer)
    assert answer.contents[0].body == CDA


def test_bytes_may_stand_in_the_message_as_base64() -> None:
    text = base64.encodebytes(CDA).decode()
    include = (
        '<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:0@software.example"/>'
    )
    answer = understood(LOT, (include, text), parts={})

    assert answer.verdict is Verdict.ACCEPT
    assert answer.contents[0].body == CDA


def test_an_include_that_names_no_part_leaves_the_metadata_readable() -> None:
    answer = understood(LOT, parts={})

    assert codes(answer) == ["XDSMissingDocument"]
    assert answer.documents[0].type_code == "11502-2"
    assert (answer.documents[0].size, answer.documents[0].sha256) == (0, "")


def test_an_entry_without_document_and_a_document_without_entry_refuse() -> None:
    answer = understood(LOT, ('<x:Document id="Document01"', '<x:Document id="Another"'))

    assert codes(answer) == ["XDSMissingDocument", "XDSMissingDocumentMetadata"]


@pytest.mark.parametrize(
    "second",
    [
        '<x:Document id="Document01">Tm9u</x:Document>',
        '<x:Document id="D2"><i:Include xmlns:i="http://www.w3.org/2004/08/xop/include"'
        ' href="cid:0@software.example"/></x:Document>',
    ],
)
def test_two_documents_of_one_id_or_of_one_part_refuse(second: str) -> None:
    end = "</x:ProvideAndRegisterDocumentSetRequest>"

    assert "XDSRepositoryMetadataError" in codes(understood(LOT, (end, second + end)))


def test_a_document_that_is_too_large_is_not_read_and_refuses() -> None:
    answer = understood(reading=Reading(max_document_bytes=len(CDA) - 1))

    assert codes(answer) == ["XDSRepositoryMetadataError"]
    assert "xds-too-large" in told(answer)


def test_a_cda_that_names_another_parent_than_rplc_in_the_lot_is_a_warning() -> None:
    body = cda(id="1.2.250.1.999.1.2", related=replacing("1.2.250.1.999.1.0")).encode()
    answer = understood(
        replace(LOT, documents=(FIRST, replace(SECOND, body=body, replaces="Document01")))
    )

    assert answer.verdict is Verdict.ACCEPT
    assert "replaces-differs" in told(answer)


def test_what_a_document_belongs_to_is_kept() -> None:
    name = "urn:ihe:iti:xds:2013:referenceIdList"
    value = "ACC7^^^&amp;1.2.250.1.999.6&amp;ISO^urn:ihe:iti:xds:2013:accession"
    [document] = understood(
        replace(LOT, documents=(replace(FIRST, slots={name: value}),))
    ).documents

    assert document.related == ("1.2.250.1.999.6^ACC7",)


def test_one_unique_id_for_two_entries_or_for_the_set_refuses() -> None:
    twice = replace(LOT, documents=(FIRST, replace(SECOND, unique_id=FIRST.unique_id)))
    same = replace(LOT, unique_id=FIRST.unique_id)

    assert "XDSRepositoryDuplicateUniqueIdInMessage" in codes(understood(twice))
    assert "XDSRepositoryDuplicateUniqueIdInMessage" in codes(understood(same))


def test_rplc_names_our_document_by_its_entry_uuid_and_the_cda_is_not_asked() -> None:
    body = cda(related=replacing("1.2.250.1.999.1.0")).encode()
    sent = replace(FIRST, body=body, replaces=TARGET)
    [document] = understood(replace(LOT, documents=(sent,))).documents

    assert document.action is Action.REPLACE
    assert document.replaces == "0197f3a0111172228333444455556666"


def test_rplc_within_a_lot_names_the_unique_id_of_the_other() -> None:
    sent = (FIRST, replace(SECOND, replaces="Document01"))
    documents = understood(replace(LOT, documents=sent)).documents

    assert [one.replaces for one in documents] == [None, FIRST.unique_id]


def test_rplc_of_something_that_is_nowhere_is_an_unresolved_reference() -> None:
    sent = replace(FIRST, replaces="Elsewhere07")

    assert codes(understood(replace(LOT, documents=(sent,)))) == ["UnresolvedReferenceException"]


def test_a_cda_that_replaces_without_an_association_is_a_warning() -> None:
    body = cda(related=replacing("1.2.250.1.999.1.0")).encode()
    answer = understood(replace(LOT, documents=(replace(FIRST, body=body),)))

    assert answer.verdict is Verdict.ACCEPT
    assert "action-differs" in told(answer)
    assert answer.documents[0].action is Action.CREATE


@pytest.mark.parametrize("kind", ["APND", "XFRM", "XFRM_RPLC", "UpdateAvailabilityStatus"])
def test_relations_that_are_not_kept_refuse(kind: str) -> None:
    link = f'<Association associationType="urn:ihe:iti:2007:AssociationType:{kind}"'
    link += ' sourceObject="Document01" targetObject="urn:uuid:0"/></RegistryObjectList>'

    assert "xds-relation" in told(understood(LOT, ("</RegistryObjectList>", link)))


@pytest.mark.parametrize("name", ["RegistryObjectList", "SubmitObjectsRequest"])
def test_two_lots_in_one_refuse(name: str) -> None:
    """What stands in the second one, a replacement say, would be passed over in silence."""
    text, parts = provided(LOT)
    root = etree.fromstring(text)
    [first] = root.iter(f"{{*}}{name}")
    first.addnext(deepcopy(first))
    answer = understand_lot(root, parts, Reading())
    assert answer.verdict is Verdict.REFUSE
    assert told(answer) <= {"xds-metadata", "xds-request", "xdm-metadata"}


def test_an_entry_of_more_codes_than_anybody_has_refuses_the_lot() -> None:
    event = '<Classification classificationScheme="urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4"'
    event += ' nodeRepresentation="E"/>'
    end = "</ExtrinsicObject>"
    assert "xds-metadata" in told(understood(LOT, (end, event * MAX_CLASSIFICATIONS + end)))
    [document] = understood(LOT, (end, event * 500 + end)).documents
    assert len(document.event_codes) == 500


def test_a_folder_refuses_and_a_second_set_too() -> None:
    end = "</RegistryObjectList>"
    node = "urn:uuid:d9d542f3-6cc4-48b6-8870-ea235fbc94c2"
    folder = f'<RegistryPackage id="F"><Classification classificationNode="{node}"/>'
    folder += f"</RegistryPackage>{end}"

    assert "xds-folder" in told(understood(LOT, (end, folder)))
    other = folder.replace(node, "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd")
    assert "xds-no-submission" in told(understood(LOT, (end, other)))


def test_an_entry_that_is_not_linked_to_its_set_is_told() -> None:
    answer = understood(LOT, ('targetObject="Document01"', 'targetObject="Document09"'))

    assert answer.verdict is Verdict.ACCEPT
    assert "xds-no-link" in told(answer)


def test_no_signature_is_a_warning_and_an_error_where_the_sender_is_strict() -> None:
    strict = understood(LOT, reading=Reading(strict=True))

    assert understood().verdict is Verdict.ACCEPT
    assert UNSIGNED in {one.code for one in strict.findings if one.severity == "error"}


def test_a_note_beside_a_cda_is_a_document_of_its_own() -> None:
    answer = understood(replace(LOT, documents=(FIRST, NOTE)))

    assert [one.mime_type for one in answer.documents] == ["text/xml", "text/plain"]


def test_a_lot_says_the_same_however_it_is_indented_and_packed() -> None:
    spaced = understood(LOT, ("<Slot", "\n  <Slot"))
    other = understood(LOT, ("CR fictif", "CR autre"))
    bent = understood(replace(LOT, documents=(replace(FIRST, body=CDA + b"\n"),)))

    assert understood().written_as == spaced.written_as
    assert len({understood().written_as, other.written_as, bent.written_as}) == 3
