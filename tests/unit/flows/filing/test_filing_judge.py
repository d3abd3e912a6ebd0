"""The judgement of one intake: spaces, copies, refusals and consequences."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from filing_samples import (
    CLAIRE,
    DOCUMENT,
    HELD,
    KEY,
    NOW,
    PERSON,
    SHA,
    WRONG,
    codes,
    facts,
    intake,
    judge,
    known,
    understanding,
)
from identity_samples import MARC_PERSON, adt, subject
from msgspec import structs

from gateway.flows.sending.messages.business import answer_in
from gateway.flows.sending.notices.quarter import quarter_after
from gateway.records.documents.document import Action, Document
from gateway.records.intake.filing import (
    Answer,
    Earlier,
)
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Format
from gateway.records.messages.message import Header, Message
from gateway.records.patients.account import AccountState, Person
from gateway.records.task import TaskKind


def test_a_document_of_an_open_space_is_filed_with_a_notice() -> None:
    filing = judge(intake(understanding(DOCUMENT)), facts(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert [one.id for one in filing.answer.documents] == ["id1"]
    assert filing.shelvings[0].patient == KEY
    assert [task.kind for task in filing.tasks] == [TaskKind.NOTICE]
    assert filing.tasks[0].due_at == datetime(2026, 3, 2, 10, 15, tzinfo=UTC)


def test_notices_of_one_quarter_of_an_hour_fall_due_together() -> None:
    assert quarter_after(NOW) == quarter_after(NOW + timedelta(minutes=7, seconds=59))
    assert quarter_after(NOW) != quarter_after(NOW + timedelta(minutes=8))


@pytest.mark.parametrize(
    ("state", "code", "dropped"),
    [
        (None, "vault-absent", False),
        (AccountState.INVITED, "vault-absent", False),
        (AccountState.ERASED, "vault-absent", False),
        (AccountState.OPPOSED, "vault-opposed", True),
        (AccountState.CLOSED, "vault-closed", True),
        (AccountState.ERASING, "vault-closed", True),
    ],
)
def test_without_an_open_space_nothing_is_filed(
    state: AccountState | None, code: str, dropped: bool
) -> None:
    people = [replace(PERSON, state=state)] if state else []

    filing = judge(intake(understanding(DOCUMENT)), facts(*people))

    assert filing.answer.verdict is Verdict.REFUSE
    assert codes(filing) == [code]
    assert filing.answer.findings[0].application == 902
    assert filing.drop_bytes is dropped
    assert not filing.shelvings


def test_a_message_with_a_mail_leg_is_taken_for_that_leg_without_a_space() -> None:
    message = Message(
        header=Header(control_id="C1"),
        flags={"DESTMSSANTEPS": "Y", "DESTDMP": "Y", "ACK_RECEPTION": "Y"},
        recipients=("dr@exemple.mssante.fr",),
        forwards=True,
    )
    understood = replace(understanding(DOCUMENT), message=message, format=Format.HL7V2)

    filing = judge(intake(understood), facts())

    assert filing.answer.verdict is Verdict.ACCEPT
    assert codes(filing) == ["vault-absent"]
    assert [task.kind for task in filing.tasks] == [TaskKind.MAIL, TaskKind.BUSINESS_ACK]
    answer = answer_in(filing.tasks[1].payload)
    assert (answer.ack.event, answer.ack.original, answer.ack.positive) == ("Z01", "C1", False)
    assert answer.ack.error == ("902", "Identifiant de patient inconnu", "applicationErrorCode")


@pytest.mark.parametrize(
    ("flag", "leaves"), [("DESTMSSANTEPS", ["dr@exemple.mssante.fr"]), ("DESTMSSANTEPAT", ["box"])]
)
@pytest.mark.parametrize("domain", ["patient.mssante.fr", "PATIENT.mssante.fr", "Patient.x.fr"])
def test_a_patients_box_however_written_is_mailed_by_its_own_flag_alone(
    flag: str, leaves: list[str], domain: str
) -> None:
    box = f"{CLAIRE.ins}@{domain}"
    message = Message(
        header=Header(control_id="C1"),
        flags={flag: "Y"},
        recipients=("dr@exemple.mssante.fr", box),
        forwards=True,
    )
    understood = replace(understanding(DOCUMENT), message=message, format=Format.HL7V2)

    tasks = judge(intake(understood), facts(PERSON)).tasks

    sent = [json.loads(one.payload)["to"] for one in tasks if one.kind is TaskKind.MAIL]
    assert sent == [one.replace("box", box) for one in leaves]


def test_the_same_bytes_get_the_first_answer_and_create_nothing() -> None:
    first = Answer(receipt="r0", verdict=Verdict.ACCEPT)

    filing = judge(
        intake(understanding(DOCUMENT), key="msh:A|B|C1"),
        facts(PERSON, earlier=Earlier(answer=first, same_bytes=True)),
    )

    assert filing.answer == replace(first, copy=True)
    assert not filing.store


def test_a_key_with_other_bytes_is_refused_with_205() -> None:
    first = Answer(receipt="r0", verdict=Verdict.ACCEPT)

    filing = judge(
        intake(understanding(DOCUMENT), key="msh:A|B|C1"),
        facts(PERSON, earlier=Earlier(answer=first, same_bytes=False)),
    )

    assert filing.answer.verdict is Verdict.REFUSE
    assert filing.answer.findings[0].condition == 205
    assert filing.answer.findings[0].where == "MSH-10"
    assert filing.keep_until == NOW + timedelta(days=30)


def test_the_same_document_from_another_sender_is_already_filed() -> None:
    here = known("1.2.3.4", sha256=bytes.fromhex(SHA))

    filing = judge(intake(understanding(DOCUMENT)), facts(PERSON, documents=(here,)))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert codes(filing) == ["already-filed"]
    assert [one.id for one in filing.answer.documents] == ["old"]
    assert not filing.shelvings
    assert not filing.tasks


@pytest.mark.parametrize(
    ("form", "traits", "kind", "patient", "replaced"),
    [
        (Format.HL7V2, "PID-5", "OBX-3", "PID-3", "OBX-5"),
        (
            Format.FHIR,
            "DocumentReference.subject",
            "DocumentReference.type",
            "DocumentReference.subject",
            "DocumentReference.relatesTo",
        ),
        (
            Format.XDM,
            "METADATA.XML: sourcePatientInfo",
            "METADATA.XML: typeCode",
            "METADATA.XML: patientId",
            "relatedDocument",
        ),
        (
            Format.CDA,
            "/ClinicalDocument/recordTarget/patientRole/patient",
            "/ClinicalDocument/code",
            "/ClinicalDocument/recordTarget/patientRole",
            "/ClinicalDocument/relatedDocument",
        ),
    ],
)
def test_a_finding_names_its_place_in_what_was_sent(
    form: Format, traits: str, kind: str, patient: str, replaced: str
) -> None:
    def place(document: Document, *people: Person) -> str:
        understood = replace(understanding(document), format=form)
        return judge(intake(understood), facts(*people)).answer.findings[0].where

    other = replace(PERSON, identity=replace(CLAIRE, birth_family="AUTRE"))
    newer = replace(DOCUMENT, set_id=None, action=Action.REPLACE, replaces="1.2.3.0")
    assert place(DOCUMENT, other) == traits
    assert place(replace(DOCUMENT, type_code="DOCPAT01"), PERSON) == kind
    assert place(DOCUMENT) == patient
    assert place(newer, PERSON) == replaced


@pytest.mark.parametrize(
    ("state", "dropped"),
    [
        (AccountState.OPPOSED, True),
        (AccountState.CLOSED, True),
        (AccountState.INVITED, False),
        (AccountState.ACTIVE, False),
    ],
)
def test_of_a_person_who_opposed_or_closed_no_refusal_keeps_bytes(
    state: AccountState, *, dropped: bool
) -> None:
    understood = replace(understanding(DOCUMENT, verdict=Verdict.REFUSE), findings=(WRONG,))
    filing = judge(intake(understood), facts(replace(PERSON, state=state)))

    assert (filing.answer.verdict, codes(filing)) == (Verdict.REFUSE, [WRONG.code])
    assert filing.drop_bytes is dropped


def test_what_mapping_refused_stays_refused_and_its_bytes_are_kept_thirty_days() -> None:
    understood = replace(understanding(verdict=Verdict.REFUSE), findings=(WRONG,))

    filing = judge(intake(understood), facts(PERSON))

    assert filing.answer.verdict is Verdict.REFUSE
    assert filing.keep_until == NOW + timedelta(days=30)
    assert not filing.drop_bytes


def test_one_of_several_persons_who_opposed_is_enough_to_keep_no_bytes() -> None:
    understood = replace(understanding(DOCUMENT, verdict=Verdict.REFUSE), findings=(WRONG,))
    opposed = replace(MARC_PERSON, state=AccountState.OPPOSED)

    assert judge(intake(understood), facts(PERSON, opposed)).drop_bytes


def test_the_bytes_of_a_refused_message_about_nobody_known_are_kept() -> None:
    understood = replace(understanding(DOCUMENT, verdict=Verdict.REFUSE), findings=(WRONG,))

    assert not judge(intake(understood), facts()).drop_bytes


def test_a_message_about_an_identity_that_was_read_with_a_doubt_waits_and_teaches_nothing() -> None:
    one = adt(subject(CLAIRE))
    doubtful = replace(one.understanding, verdict=Verdict.HOLD, findings=(HELD,))

    filing = judge(structs.replace(one, understanding=doubtful), facts(PERSON))

    assert filing.answer.verdict is Verdict.HOLD
    assert codes(filing) == [HELD.code]
    assert set(filing.waits_for) == {KEY, b"1.2.3^IPP1"}
    assert not filing.identities
    assert not filing.links
