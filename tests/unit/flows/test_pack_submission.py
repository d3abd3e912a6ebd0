"""The submission of an archive: as it came, completed from the receipt and its document."""

from dataclasses import replace
from datetime import UTC, datetime

from gateway.flows.again import Kept
from gateway.flows.pack import editor_of, submission_of
from gateway.flows.receive import Delivery
from gateway.records.documents.document import Author, Custodian, Document
from gateway.records.intake.filing import Answer, Door, Receipt
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Format, Submission, Understanding
from gateway.records.patients.patient import PatientIdentity

AT = datetime(2026, 1, 15, 9, 30, 1, 5, tzinfo=UTC)
DOCUMENT = Document(
    patient=PatientIdentity(ins="255089999999966", ins_oid="1.2.250.1.213.1.4.10"),
    custodian=Custodian(id="1999999999", name="Labo fictif"),
    authors=(Author(kind="person", given="Lou", family="TESTEUR"),),
)


def kept(submission: Submission | None) -> Kept:
    receipt = Receipt(
        id="00" * 15 + "ff",
        sender="labo",
        door=Door.HTTP,
        key=None,
        digest=b"",
        at=AT,
        answer=Answer(receipt="ff", verdict=Verdict.ACCEPT),
        format="cda",
        size=1,
    )
    return Kept(
        receipt=receipt,
        delivery=Delivery(sender="labo", door=Door.HTTP, raw=b""),
        understanding=Understanding(
            format=Format.CDA, verdict=Verdict.ACCEPT, submission=submission
        ),
    )


def test_a_document_without_a_submission_gets_one_named_by_its_receipt() -> None:
    assert submission_of(kept(None), DOCUMENT) == Submission(
        unique_id="2.25.255",
        source_id="1.2.250.1.71.4.2.2.1999999999",
        patient_id="1.2.250.1.213.1.4.10^255089999999966",
        time="2026-01-15T09:30:01Z",
        content_type="07",
    )


def test_what_a_submission_says_is_kept() -> None:
    came = Submission(unique_id="1.2.3", source_id="1.2.4", time="2026-01-01", content_type="04")
    made = submission_of(kept(came), DOCUMENT)
    assert made == replace(came, patient_id="1.2.250.1.213.1.4.10^255089999999966")


def test_a_custodian_whose_id_is_no_number_does_not_spoil_the_source() -> None:
    odd = replace(DOCUMENT, custodian=Custodian(id="A^1"))
    assert submission_of(kept(None), odd).source_id == "2.25.1"


def test_the_structure_is_that_of_the_author_else_of_the_custodian() -> None:
    assert editor_of(DOCUMENT).organization == "Labo fictif"
    author = replace(DOCUMENT.authors[0], organization_name="Cabinet", organization_id="1")
    assert editor_of(replace(DOCUMENT, authors=(author,))).organization == "Cabinet"
    nobody = editor_of(replace(DOCUMENT, authors=(), custodian=None))
    assert (nobody.author, nobody.organization) == ("", "")
