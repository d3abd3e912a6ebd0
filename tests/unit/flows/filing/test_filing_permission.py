"""Who may deposit what: opposition, reserved types, the mail matrix, what binds a depositor."""

from dataclasses import replace

import pytest
from filing_samples import (
    CLAIRE,
    DOCUMENT,
    HELD,
    KEY,
    PERSON,
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
from gateway.flows.filing.judging.findings import deposit_denied
from gateway.flows.filing.judging.permission import DepositGate
from gateway.flows.sending.messages.business import answer_in
from gateway.records.documents.document import Action
from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Format
from gateway.records.messages.message import Header, Message, Sender
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind
from gateway.records.readers.switches import OFF, ON, Switch, Switches
from gateway.records.task import TaskKind


def test_opposition_to_feeding_refuses() -> None:
    filing = judge(intake(understanding(DOCUMENT)), facts(replace(PERSON, feeding_opposed=True)))

    assert codes(filing) == ["deposit-denied"]
    assert "F39" in filing.answer.findings[0].message


def test_a_refused_try_keeps_by_which_codes_its_author_hid_the_document() -> None:
    hidden = replace(DOCUMENT, confidentiality=("N", "INVISIBLE_REPRESENTANTS_LEGAUX"))
    both = replace(understanding(DOCUMENT), documents=(DOCUMENT, hidden, hidden))
    opposed = facts(replace(PERSON, feeding_opposed=True))

    told = [(one.rule, one.details) for one in judge(intake(both), opposed).traces]

    unfiled = b'{"unfiled":["INVISIBLE_REPRESENTANTS_LEGAUX"]}'
    assert told == [("F39", b"{}"), ("F39", unfiled)]


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
    message = structs.replace(MAILED, recipients=(), forwards=False)
    understood = replace(understanding(DOCUMENT), message=message, format=Format.HL7V2)

    filing = judge(intake(understood), facts(OPPOSED_ONE))

    assert (filing.answer.verdict, codes(filing)) == (Verdict.REFUSE, ["deposit-denied"])
    assert filing.answer.findings[0].where == "PID-3"  # an ORU has no ZFA to point to
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


@pytest.mark.parametrize(
    ("kind", "door", "rule"),
    [
        (ReaderKind.PATIENT, Door.PAGES, None),
        (ReaderKind.PATIENT, Door.FHIR, "F35"),
        (ReaderKind.PROFESSIONAL, Door.PAGES, "F37"),
    ],
)
def test_a_synthesis_is_filed_by_a_page_of_the_patient_and_by_nobody_else(
    kind: ReaderKind, door: Door, rule: str | None
) -> None:
    """VAULT PRO-05."""
    made = replace(DOCUMENT, type_code="DOCPAT08")
    who = Reader(kind=kind, id=KEY.hex(), bound_to=KEY.hex())
    one = structs.replace(intake(understanding(made)), door=door, depositor=who)

    assert [trace.rule for trace in judge(one, facts(PERSON)).traces if not trace.permitted] == (
        [rule] if rule else []
    )


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


@pytest.mark.parametrize("action", [Action.REPLACE, Action.DELETE])
def test_an_application_changes_no_document_that_is_there(action: Action) -> None:
    newer = replace(OWN, action=action, replaces="1.2.3.3")
    one = structs.replace(intake(understanding(newer)), depositor=bound(KEY))

    filing = judge(one, facts(PERSON, documents=(known(sender="labo"),)))

    assert filing.answer.verdict is Verdict.REFUSE
    assert not filing.changes


@pytest.mark.parametrize(
    ("kind", "by_patient", "accepted"),
    [
        (ReaderKind.PATIENT, True, True),
        (ReaderKind.CAREGIVER, True, True),
        (ReaderKind.PATIENT, False, False),
        (None, True, False),
    ],
)
def test_what_the_patients_side_brought_is_replaced_by_that_side_alone(
    kind: ReaderKind | None, by_patient: bool, accepted: bool
) -> None:
    """Whoever of it: not by the sender's name, nor by who is named as its author (P23, F58)."""
    old = known("1.2.3.3", by_patient=by_patient, author_ids=("801234567890",), sender="labo")
    type_code = "DOCPAT05" if kind else "11502-2"
    newer = replace(DOCUMENT, action=Action.REPLACE, replaces="1.2.3.3", type_code=type_code)
    sent = intake(understanding(newer))
    if kind is not None:
        sent = structs.replace(sent, depositor=Reader(kind=kind, id=KEY.hex(), bound_to=KEY.hex()))
    filing = judge(sent, facts(PERSON, documents=(old,)))

    assert codes(filing) == ([] if accepted else ["not-author"])


@pytest.mark.parametrize(("role", "rules"), [("parent", ["F22"]), ("guardian", [])])
def test_a_representative_is_judged_by_the_role_that_the_flow_found(
    role: str, rules: list[str]
) -> None:
    """PERSON is an adult: a parent has nothing more there."""
    mine = replace(DOCUMENT, type_code="DOCPAT05")
    who = Reader(kind=ReaderKind.REPRESENTATIVE, id="00", role=role, bound_to=KEY.hex())
    filing = judge(structs.replace(intake(understanding(mine)), depositor=who), facts(PERSON))

    assert [one.rule for one in filing.traces] == rules
