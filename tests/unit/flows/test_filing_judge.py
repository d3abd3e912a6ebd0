"""The judgement of one intake: copies, holds, refusals and consequences."""

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
    CountingIds,
    Names,
    codes,
    facts,
    intake,
    judge,
    known,
    understanding,
)
from msgspec import structs

from gateway.flows.filing import FilingJudge
from gateway.flows.filing.findings import deposit_denied
from gateway.flows.filing.permission import DepositGate
from gateway.flows.sending.business import answer_in
from gateway.flows.sending.quarter import quarter_after
from gateway.records.access import OFF, ON, Reader, ReaderKind, Switch, Switches
from gateway.records.account import AccountState, Person
from gateway.records.document import Action, Document
from gateway.records.filing import (
    Answer,
    Earlier,
)
from gateway.records.finding import Verdict
from gateway.records.message import Header, Message, Sender
from gateway.records.patient import PatientIdentity, PatientKey
from gateway.records.task import TaskKind
from gateway.records.understanding import Format, Understanding

KNOWN_BY_NUMBER = structs.replace(
    facts(PERSON), locals={b"1.2.3^IPP1": PERSON}, ends={b"1.2.3^IPP1": KEY}
)


def numbered(traits: PatientIdentity, *held: str) -> Understanding:
    """A held document with these traits, a local identifier and no INS."""
    one = replace(traits, ins=None, ins_oid=None, other_ids=("1.2.3^IPP1",))
    found = tuple(replace(HELD, code=code) for code in held or ("ins-missing",))
    document = replace(DOCUMENT, patient=one)
    return replace(understanding(document, verdict=Verdict.HOLD), findings=found)


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


def test_an_unqualified_identity_is_held_and_says_what_would_release_it() -> None:
    understood = replace(understanding(DOCUMENT, verdict=Verdict.HOLD), findings=(HELD,))

    filing = judge(intake(understood), facts(PERSON))

    assert filing.answer.verdict is Verdict.HOLD
    assert filing.waits_for == (KEY, b"1.2.3^IPP1")
    assert not filing.shelvings


def test_a_held_document_files_itself_when_released() -> None:
    understood = replace(understanding(DOCUMENT, verdict=Verdict.HOLD), findings=(HELD,))
    released = structs.replace(intake(understood), released=True)

    filing = judge(released, facts(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert len(filing.shelvings) == 1


def test_a_document_with_a_local_number_only_is_filed_for_whom_the_index_names() -> None:
    """Kept under that number: what it leads to may change (decision 010)."""
    filing = judge(intake(numbered(CLAIRE)), KNOWN_BY_NUMBER)

    assert filing.answer.verdict is Verdict.ACCEPT
    assert filing.shelvings[0].patient == b"1.2.3^IPP1"


@pytest.mark.parametrize(
    "traits",
    [
        {},
        {"birth_family": "DURAND"},
        {"birth_date": "1984-03-12"},
        {"birth_family": "DURAND", "birth_date": "1984-03-13"},
    ],
)
def test_a_local_number_whose_traits_do_not_name_the_same_person_waits(
    traits: dict[str, str],
) -> None:
    filing = judge(intake(numbered(PatientIdentity(**traits))), KNOWN_BY_NUMBER)  # type: ignore[arg-type]  # names are checked by the class

    assert filing.answer.verdict is Verdict.HOLD
    assert filing.waits_for == (b"1.2.3^IPP1",)


def test_a_contrary_sign_beside_a_known_local_number_waits_until_it_is_qualified_anew() -> None:
    contrary = numbered(CLAIRE, "ins-missing", "ins-not-qualified")

    assert judge(intake(contrary), KNOWN_BY_NUMBER).answer.verdict is Verdict.HOLD
    released = structs.replace(intake(contrary), released=True)
    assert judge(released, KNOWN_BY_NUMBER).answer.verdict is Verdict.ACCEPT


def test_a_known_local_number_does_not_settle_what_a_person_must_look_at() -> None:
    local = replace(DOCUMENT, patient=PatientIdentity(other_ids=("1.2.3^IPP1",)))
    missing = replace(HELD, code="ins-missing")
    differs = replace(HELD, code="confidentiality-differs")
    understood = replace(understanding(local, verdict=Verdict.HOLD), findings=(missing, differs))
    known_here = structs.replace(facts(PERSON), locals={b"1.2.3^IPP1": PERSON})

    for one in (intake(understood), structs.replace(intake(understood), released=True)):
        assert judge(one, known_here).answer.verdict is Verdict.HOLD


def test_traits_that_disagree_are_held_for_a_person() -> None:
    other = replace(DOCUMENT, patient=replace(CLAIRE, birth_date="1985-03-12"))

    filing = judge(intake(understanding(other)), facts(PERSON))

    assert filing.answer.verdict is Verdict.HOLD
    assert codes(filing) == ["identity-mismatch"]


OTHER = Document(
    patient=replace(CLAIRE, ins="199019999999937", birth_family="AUTRE"), unique_id="1.2.3.5"
)


@pytest.mark.parametrize(
    ("form", "place"),
    [
        (Format.HL7V2, "PID-3"),
        (Format.FHIR, "DocumentReference.subject"),
        (Format.XDM, "METADATA.XML: patientId"),
        (Format.CDA, "/ClinicalDocument/recordTarget/patientRole"),
    ],
)
@pytest.mark.parametrize("verdict", [Verdict.ACCEPT, Verdict.HOLD])
def test_documents_of_several_ins_are_never_filed_together(
    form: Format, place: str, verdict: Verdict
) -> None:
    understood = replace(understanding(DOCUMENT, OTHER, verdict=verdict), format=form)
    for released in (False, True):
        one = structs.replace(intake(understood), released=released)
        filing = judge(one, facts(PERSON))
        assert filing.answer.verdict is Verdict.REFUSE
        assert filing.shelvings == ()
        assert codes(filing) == ["several-records"]
        assert filing.answer.findings[0].where == place


@pytest.mark.parametrize(
    ("form", "traits", "kind", "patient", "replaced"),
    [
        (Format.HL7V2, "PID-5", "ClinicalDocument/code", "PID-3", "TXA-13"),
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


def test_documents_of_one_ins_are_filed_together_and_one_may_name_none() -> None:
    unnamed = replace(DOCUMENT, patient=replace(CLAIRE, ins=None, ins_oid=None), unique_id=None)
    filing = judge(intake(understanding(DOCUMENT, unnamed)), facts(PERSON))
    assert filing.answer.verdict is Verdict.ACCEPT
    assert len(filing.shelvings) == 2


def test_opposition_to_feeding_refuses() -> None:
    filing = judge(intake(understanding(DOCUMENT)), facts(replace(PERSON, feeding_opposed=True)))

    assert codes(filing) == ["deposit-denied"]
    assert "F39" in filing.answer.findings[0].message


MAILED = Message(
    header=Header(control_id="C1"),
    flags={"DESTMSSANTEPS": "Y", "DESTDMP": "Y", "ACK_RECEPTION": "Y"},
    recipients=("dr@exemple.mssante.fr",),
    forwards=True,
)
OPPOSED_ONE = replace(PERSON, feeding_opposed=True)


def test_opposition_to_feeding_leaves_the_mail_leg() -> None:
    understood = replace(understanding(DOCUMENT), message=MAILED, format=Format.HL7V2)

    filing = judge(intake(understood), facts(OPPOSED_ONE))

    assert (filing.answer.verdict, codes(filing)) == (Verdict.ACCEPT, ["deposit-denied"])
    assert (filing.shelvings, [one.rule for one in filing.traces]) == ((), ["F39"])
    assert [task.kind for task in filing.tasks] == [TaskKind.MAIL, TaskKind.BUSINESS_ACK]
    assert not answer_in(filing.tasks[1].payload).ack.positive
    assert filing.keep_until is not None


def test_opposition_to_feeding_is_told_to_who_asked() -> None:
    message = replace(MAILED, recipients=(), forwards=False)
    understood = replace(understanding(DOCUMENT), message=message, format=Format.HL7V2)

    filing = judge(intake(understood), facts(OPPOSED_ONE))

    assert (filing.answer.verdict, codes(filing)) == (Verdict.REFUSE, ["deposit-denied"])
    error = answer_in(filing.tasks[0].payload).ack.error
    assert error is not None
    assert error[0] == "906"


def test_what_is_wrong_with_a_document_refuses_its_mail_leg_too() -> None:
    own = replace(DOCUMENT, type_code="DOCPAT05")
    understood = replace(understanding(own), message=MAILED, format=Format.HL7V2)

    filing = judge(intake(understood), facts(OPPOSED_ONE))

    assert filing.answer.verdict is Verdict.REFUSE
    assert TaskKind.MAIL not in [task.kind for task in filing.tasks]


def test_a_type_reserved_to_the_patient_is_refused_to_a_sender() -> None:
    own = replace(DOCUMENT, type_code="DOCPAT05")

    filing = judge(intake(understanding(own)), facts(PERSON))

    assert "F37" in filing.answer.findings[0].message


def test_what_mapping_refused_stays_refused_and_its_bytes_are_kept_thirty_days() -> None:
    understood = replace(understanding(verdict=Verdict.REFUSE), findings=(WRONG,))

    filing = judge(intake(understood), facts(PERSON))

    assert filing.answer.verdict is Verdict.REFUSE
    assert filing.keep_until == NOW + timedelta(days=30)
    assert not filing.drop_bytes


@pytest.mark.parametrize(("switch", "verdict"), [(ON, Verdict.REFUSE), (OFF, Verdict.ACCEPT)])
def test_the_published_mail_matrix_binds_where_the_house_says_so(
    switch: Switch[bool], verdict: Verdict
) -> None:
    flags = {"DESTMSSANTEPS": "Y", "MASQUE_PS": "N", "INVISIBLE_PATIENT": "N"}
    message = Message(header=Header(control_id="M1"), flags=flags, forwards=True)
    understood = replace(understanding(DOCUMENT), message=message, format=Format.HL7V2)
    gate = DepositGate(Switches(strict_mail_matrix=switch))
    bound = FilingJudge(Names(), CountingIds(), gate=gate)

    filing = bound(intake(understood), facts(PERSON))

    assert filing.answer.verdict is verdict
    assert ("mail-matrix" in codes(filing)) == (verdict is Verdict.REFUSE)


@pytest.mark.parametrize(
    ("account", "named", "told"),
    [("750", "750", False), ("750", "1750", False), ("750", "9", True), ("750", "", False),
     (None, "9", False)],
)  # fmt: skip
def test_a_sender_bound_to_an_organisation_names_that_one(
    account: str | None, named: str, told: bool
) -> None:
    sender = Sender(organization_id=named)
    message = Message(header=Header(control_id="M1"), sender=sender)
    understood = replace(understanding(DOCUMENT), message=message, format=Format.HL7V2)

    filing = judge(structs.replace(intake(understood), organization=account), facts(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert ("sender-differs" in codes(filing)) is told


def bound(key: PatientKey) -> Reader:
    """An application that may act for one record alone."""
    scopes = ("write",)
    return Reader(kind=ReaderKind.APPLICATION, id="carnet", scopes=scopes, bound_to=key.hex())


OWN = replace(DOCUMENT, type_code="DOCPAT01")
NOT_SURELY_HIS = {
    "another's": (understanding(OWN), facts(replace(PERSON, key=PatientKey(b"other")))),
    "nobody's": (understanding(OWN), facts()),
    "with other traits": (
        understanding(replace(OWN, patient=replace(CLAIRE, birth_family="DUPONT"))),
        facts(PERSON),
    ),
    "held": (
        replace(understanding(OWN, verdict=Verdict.HOLD), findings=(HELD,)),
        facts(PERSON),
    ),
    "without a document": (understanding(), facts(PERSON)),
}


@pytest.mark.parametrize("case", NOT_SURELY_HIS)
def test_what_is_not_surely_for_the_record_that_named_him_is_refused_and_never_waits(
    case: str,
) -> None:
    understood, known_facts = NOT_SURELY_HIS[case]
    filing = judge(structs.replace(intake(understood), depositor=bound(KEY)), known_facts)

    assert filing.answer.verdict is Verdict.REFUSE
    assert filing.answer.findings[-1].message == deposit_denied("D00", Format.CDA).message
    (trace,) = filing.traces
    assert (trace.patient, trace.rule, trace.permitted) == (KEY, "D00", False)
    assert not filing.waits_for


def test_an_application_deposits_as_the_patients_own_without_a_notice() -> None:
    filing = judge(structs.replace(intake(understanding(OWN)), depositor=bound(KEY)), facts(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert filing.shelvings[0].by_patient
    assert filing.tasks == ()
