"""Which messages go on to downstream systems, and what is written for it."""

import json
from dataclasses import replace

import pytest
from filing_samples import (
    DOCUMENT,
    HELD,
    KEY,
    NOW,
    PERSON,
    WRONG,
    CountingIds,
    Names,
    codes,
    facts,
    intake,
    understanding,
)
from msgspec import structs
from reading_twins import FixedClock

from gateway.flows.filing import FilingJudge, FilingPolicy
from gateway.flows.filing.forwards import destinations
from gateway.flows.sending.dmp.told import refusal
from gateway.flows.sending.messages.business import FollowDmp, answer_in
from gateway.flows.sending.outcome import Outcome
from gateway.records.documents.document import Document
from gateway.records.intake.filing import Answer, Earlier, Filing, Intake
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Format
from gateway.records.messages.business_ack import BusinessAck, SentOn
from gateway.records.messages.forward import ForwardRule
from gateway.records.messages.message import Header, Message
from gateway.records.patients.account import AccountState
from gateway.records.task import NewTask, Task, TaskKind

LIS = ForwardRule(name="lis")
ORU = Header(type="ORU^R01^ORU_R01", control_id="C1")


def received(header: Header = ORU, **message: object) -> Intake:
    made = Message(header=header, **message)  # type: ignore[arg-type]  # real fields
    return intake(replace(understanding(DOCUMENT), message=made, format=Format.HL7V2))


def judged(one: Intake, *rules: ForwardRule, known: object = None) -> Filing:
    judge = FilingJudge(Names(), CountingIds(), FilingPolicy(forwards=rules or (LIS,)))
    return judge(one, facts(PERSON) if known is None else known)  # type: ignore[arg-type]


def of_kind(filing: Filing, kind: TaskKind) -> list[NewTask]:
    return [task for task in filing.tasks if task.kind is kind]


@pytest.mark.parametrize(
    ("rule", "chosen"),
    [
        ({}, True),
        ({"senders": ("labo",)}, True),
        ({"senders": ("other",)}, False),
        ({"types": ("ORU",)}, True),
        ({"types": ("MDM", "ORU^R01")}, True),
        ({"types": ("ORU^R01^ORU_R01",)}, True),
        ({"types": ("ORU^R02",)}, False),
        ({"types": ("OR",)}, False),
        ({"labels": ("BIOLOGIE",)}, True),
        ({"labels": ("IMAGERIE",)}, False),
        ({"senders": ("labo",), "labels": ("IMAGERIE",)}, False),
    ],
)
def test_a_rule_selects_by_sender_type_and_label(rule: dict[str, object], chosen: bool) -> None:
    made = ForwardRule(name="x", **rule)  # type: ignore[arg-type]  # real fields
    assert bool(destinations(received(), [made])) is chosen


def test_a_filed_message_leaves_one_task_a_destination_in_its_own_commit() -> None:
    filing = judged(received(), LIS, ForwardRule(name="archive"))

    tasks = of_kind(filing, TaskKind.FORWARD)
    assert [task.lane for task in tasks] == ["forward:lis", "forward:archive"]
    assert {task.subject for task in tasks} == {"r1"}
    assert {task.name for task in tasks} == {"C1"}
    assert {task.patient for task in tasks} == {KEY}
    (asked,) = json.loads(tasks[0].payload)["documents"]
    assert asked["id"] == filing.answer.documents[0].id


def test_what_is_no_hl7_message_is_not_sent_on() -> None:
    assert not of_kind(judged(intake(understanding(DOCUMENT))), TaskKind.FORWARD)


def test_refused_held_and_repeated_messages_are_not_sent_on() -> None:
    refused = replace(received().understanding, findings=(WRONG,), verdict=Verdict.REFUSE)
    held = replace(received().understanding, findings=(HELD,), verdict=Verdict.HOLD)
    first = Earlier(answer=Answer(receipt="r0", verdict=Verdict.ACCEPT), same_bytes=True)
    assert not judged(intake(refused)).tasks
    assert not of_kind(judged(intake(held)), TaskKind.FORWARD)
    assert not judged(received(), known=facts(PERSON, earlier=first)).tasks


def test_without_a_space_the_message_is_taken_for_its_forward() -> None:
    flags = {"ACK_RECEPTION": "Y", "DESTDMP": "Y"}
    filing = judged(received(flags=flags), known=facts())

    assert filing.answer.verdict is Verdict.ACCEPT
    assert codes(filing) == ["vault-absent"]
    (forward,) = of_kind(filing, TaskKind.FORWARD)
    assert json.loads(forward.payload)["documents"][0]["id"] is None
    (told,) = of_kind(filing, TaskKind.BUSINESS_ACK)
    assert answer_in(told.payload).ack.positive is False
    assert filing.keep_until == NOW + FilingPolicy().refused_bytes_kept


def test_without_a_space_and_a_forward_that_selects_it_the_message_is_refused() -> None:
    other = ForwardRule(name="x", senders=("somebody",))
    assert judged(received(), other, known=facts()).answer.verdict is Verdict.REFUSE


@pytest.mark.parametrize(
    ("state", "error"),
    [
        (AccountState.CLOSED, ("DMPClosed", "DMP fermé", "DMPERRORCODE")),
        (AccountState.OPPOSED, ("902", "Identifiant de patient inconnu", "applicationErrorCode")),
    ],
)
def test_the_vaults_no_is_told_with_its_code(
    state: AccountState, error: tuple[str, str, str]
) -> None:
    flags = {"ACK_RECEPTION": "Y", "DESTDMP": "Y"}
    filing = judged(received(flags=flags), known=facts(replace(PERSON, state=state)))
    (told,) = of_kind(filing, TaskKind.BUSINESS_ACK)
    assert answer_in(told.payload).ack.error == error
    assert told.lane == "answers:labo"


@pytest.mark.parametrize(
    "flags", [{"DESTDMP": "Y"}, {"ACK_RECEPTION": "N", "DESTDMP": "Y"}, {"ACK_RECEPTION": "Y"}]
)
def test_nobody_is_told_who_did_not_ask(flags: dict[str, str]) -> None:
    assert not of_kind(judged(received(flags=flags)), TaskKind.BUSINESS_ACK)


def test_a_message_that_was_never_understood_gets_no_business_answer() -> None:
    flags = {"ACK_RECEPTION": "Y", "DESTDMP": "Y"}
    refused = replace(
        received(flags=flags).understanding, findings=(WRONG,), verdict=Verdict.REFUSE
    )
    assert not judged(intake(refused)).tasks


def zam(original: str = "C1", application: str = "LAB", facility: str = "A") -> Intake:
    header = Header(
        type="ZAM^Z01^ZAM_Z01",
        control_id="Z1",
        receiving_application=application,
        receiving_facility=facility,
    )
    ack = BusinessAck(event="Z01", original=original, positive=True)
    made = Message(header=header, business_ack=ack)
    return intake(replace(understanding(), message=made, format=Format.HL7V2))


OURS = SentOn(receipt="r7", key="msh:LAB|A|C1", patient=KEY)
THEIRS = SentOn(receipt="r8", key="msh:RIS|B|C1")


@pytest.mark.parametrize(
    ("sent", "original"),
    [
        ((OURS,), "r7"),
        ((OURS, OURS), "r7"),
        ((OURS, THEIRS), "r7"),
        ((THEIRS,), "r8"),
        ((), None),
        ((replace(OURS, key="msh:X|Y|C1"), THEIRS), None),
    ],
)
def test_a_business_answer_finds_its_message_and_none_is_guessed(
    sent: tuple[SentOn, ...], original: str | None
) -> None:
    filing = judged(zam(), known=structs.replace(facts(), sent=sent))
    if original is None:
        assert (filing.answer.verdict, codes(filing)) == (Verdict.REFUSE, ["original-unknown"])
        assert filing.answer.findings[0].condition == 204
        return
    assert filing.answer.verdict is Verdict.ACCEPT
    assert filing.answered is not None
    assert filing.answered.original == original
    assert not filing.tasks
    assert zam().at == NOW


DMP = ForwardRule(name="dmp", to_dmp=True)
ASKS = {"DESTDMP": "Y", "ACK_RECEPTION": "Y"}
CDA = replace(DOCUMENT, mime_type="text/xml")


def asking(flags: dict[str, str], document: Document = CDA) -> Intake:
    made = Message(header=ORU, flags=flags)
    return intake(replace(understanding(document), message=made, format=Format.HL7V2))


@pytest.mark.parametrize(
    ("flags", "document", "fed"),
    [
        (ASKS, CDA, True),
        ({"DESTDMP": "N"}, CDA, False),
        ({}, CDA, False),
        (ASKS, replace(CDA, mime_type="application/pdf"), False),
    ],
)
def test_a_dmp_is_fed_with_the_cda_of_a_message_that_asks_for_it(
    flags: dict[str, str], document: Document, fed: bool
) -> None:
    assert bool(destinations(asking(flags, document), [DMP])) is fed


@pytest.mark.parametrize(("senders", "fed"), [((), False), (("labo",), True), (("x",), False)])
def test_of_files_that_cannot_ask_a_dmp_is_fed_with_those_of_named_senders(
    senders: tuple[str, ...], fed: bool
) -> None:
    rule = replace(DMP, senders=senders)
    assert bool(destinations(intake(understanding(CDA)), [rule])) is fed
    assert destinations(intake(understanding(CDA)), [replace(rule, types=("ORU",))]) == []


def test_who_is_fed_answers_the_sender_and_not_the_vault() -> None:
    filing = judged(asking(ASKS), DMP)
    (task,) = of_kind(filing, TaskKind.FORWARD)
    assert json.loads(task.payload)["ack"]["sender"] == "labo"
    assert task.name is None
    assert of_kind(filing, TaskKind.BUSINESS_ACK) == []
    assert len(of_kind(judged(asking(ASKS)), TaskKind.BUSINESS_ACK)) == 1


def test_nothing_is_fed_of_who_is_opposed_and_the_sender_is_told_so() -> None:
    opposed = facts(replace(PERSON, feeding_opposed=True))
    filing = judged(asking(ASKS), DMP, known=opposed)
    assert filing.answer.verdict is Verdict.REFUSE
    assert of_kind(filing, TaskKind.FORWARD) == []
    (told,) = of_kind(filing, TaskKind.BUSINESS_ACK)
    assert answer_in(told.payload).ack.positive is False
    both = judged(asking(ASKS), DMP, LIS, known=opposed)
    assert [one.lane for one in of_kind(both, TaskKind.FORWARD)] == ["forward:lis"]


def test_how_a_feeding_ended_is_told_in_the_dmp_s_own_code() -> None:
    (made,) = of_kind(judged(asking(ASKS), DMP), TaskKind.FORWARD)
    task = Task(
        id=1,
        kind=made.kind,
        subject=made.subject,
        patient=made.patient,
        payload=made.payload,
        attempts=1,
        created_at=NOW,
    )
    follow = FollowDmp(FixedClock(), CountingIds())
    closed = Outcome(words="refused: DMPClosed", dead=True, finding=refusal("DMPClosed").finding)
    ends = (Outcome(words="Success"), closed, Outcome(words="given-up: x", dead=True))
    acks = [answer_in(one.payload).ack for end in ends for one in follow(task, end)]
    assert [(one.positive, one.error and one.error[::2]) for one in acks] == [
        (True, None),
        (False, ("DMPClosed", "DMPERRORCODE")),
        (False, ("906", "applicationErrorCode")),
    ]
