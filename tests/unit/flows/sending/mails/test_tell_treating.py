"""The médecin traitant is told of each emergency by secure mail, or it is said why he is not."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from reading_twins import ANNE, DOCTOR, NOW, NURSE, House, choice

from gateway.errors import DeferredError, GatewayError, RefusedError
from gateway.flows.choices.emergency import enter
from gateway.flows.reading.decided.facts import professional_reader
from gateway.flows.sending.mails.tell_treating import NO_ADDRESS, TellTreating
from gateway.flows.sending.mails.undelivered import UNREACHABLE, not_delivered
from gateway.flows.sending.outcome import Outcome, carried
from gateway.ports.tasks import Say
from gateway.records.messages.outgoing_mail import OutgoingNotice
from gateway.records.patients.account import AccountState, ChoiceKind, NewTrace, Professional
from gateway.records.readers.access import Mode
from gateway.records.task import CameBack, Task, TaskKind

TREATING = Professional(
    id="890000000033", name="Dr Habituel", profession="G15_10", mail="dr@exemple.mssante.fr"
)
WORDS_OF_ANNE = ("ANNE", "ESSAI", "Synthèse", "coma", "biologie", "1984")


@dataclass
class Mailer:
    answer: str = "250 queued"
    error: GatewayError | None = None
    sent: list[OutgoingNotice] = field(default_factory=list)

    async def tell(self, notice: OutgoingNotice) -> str:
        if self.error:
            raise self.error
        self.sent.append(notice)
        return self.answer


@dataclass
class Known:
    who: list[Professional]

    async def professional_by_id(self, identifier: str) -> Professional | None:
        return next((one for one in self.who if one.id == identifier), None)

    async def add_professional(self, professional: Professional) -> None:
        self.who.append(professional)


@dataclass
class Names:
    """The port `SentTasks`, of which a notice asks one thing."""

    called: list[tuple[int, str]] = field(default_factory=list)
    payload: bytes = b""

    async def call(self, task: Task, name: str, *, payload: bytes) -> None:
        self.called.append((task.id, name))
        self.payload = payload

    async def bearing(self, name: str) -> dict[int, TaskKind]:
        raise NotImplementedError

    async def returned(
        self,
        name: str,
        *,
        left: datetime | None,
        tries: int = 0,
        outcome: str,
        at: datetime,
        say: Say,
    ) -> list[CameBack]:
        raise NotImplementedError


@dataclass
class Ward:
    """Anne's record, read in an emergency by Dr Synthèse; `known` are those with an address."""

    house: House = field(default_factory=House)
    mailer: Mailer = field(default_factory=Mailer)
    known: list[Professional] = field(default_factory=lambda: [TREATING])
    names: Names = field(default_factory=Names)

    def declare(self, identifier: str = TREATING.id) -> "Ward":
        self.house.people.chosen.append(choice(ChoiceKind.TREATING, identifier))
        return self

    async def enter(self, who: Professional = DOCTOR) -> Task:
        await enter(self.house.read, professional_reader(who), ANNE, Mode.BRIS_DE_GLACE, "coma")
        (made,) = (one for one in self.house.people.then if one.kind is TaskKind.DOCTOR_NOTICE)
        self.house.people.then.clear()
        return Task(
            id=7,
            kind=made.kind,
            subject=made.subject,
            patient=made.patient,
            payload=made.payload,
            attempts=1,
            created_at=NOW,
        )

    async def carry(self, task: Task) -> Outcome | DeferredError:
        flow = TellTreating(
            asking=self.house.read,
            directory=Known(self.known),
            mailer=self.mailer,
            sent=self.names,
            secret=lambda text: sha256(text.encode()).hexdigest()[:32],
        )
        return await carried(flow.carry, task)

    def acts(self) -> list[NewTrace]:
        return [one for one in self.house.traces.written if one.actor == TREATING.id]


async def test_the_mail_says_the_kind_and_the_hour_and_nothing_of_the_patient() -> None:
    ward = Ward().declare()
    assert await ward.carry(await ward.enter()) == Outcome(words="sent")
    (mail,) = ward.mailer.sent
    assert mail.to == TREATING.mail
    assert "15/03/2026 à 11:00" in mail.body
    assert not any(word in mail.subject + mail.body for word in WORDS_OF_ANNE)
    acts = [(one.action, one.rule, one.actor_name, one.permitted) for one in ward.acts()]
    assert acts == [
        ("notify", "P42", "Dr Habituel", True),
        ("doctor-told", "P42", "Dr Habituel", True),
    ]
    assert json.loads(ward.acts()[0].details)["notice"] == "emergency_access"


async def test_a_mail_that_comes_back_is_told_beside_what_was_told_before() -> None:
    ward = Ward().declare()
    task = await ward.enter()
    await ward.carry(task)
    left = replace(task, payload=ward.names.payload)
    ward.house.people.chosen.clear()  # whoever is declared by then
    for outcome, act in (("returned: 550", "doctor-returned"), ("given-up: x", UNREACHABLE)):
        (told,) = not_delivered(left, outcome)
        assert (told.action, told.rule, told.patient) == (act, "P42", ANNE)
        assert (told.actor, told.actor_name) == (TREATING.id, "Dr Habituel")
    assert json.loads(left.payload)["actor"] == DOCTOR.id


async def test_a_mail_that_leaves_late_bears_the_time_of_what_it_tells() -> None:
    ward = Ward().declare()
    task = replace(await ward.enter(), created_at=NOW - timedelta(hours=3), attempts=4)
    assert await ward.carry(task) == Outcome(words="sent")
    assert ward.mailer.sent[0].at == NOW - timedelta(hours=3)


async def test_a_mail_that_a_person_began_anew_tells_the_hour_of_the_emergency() -> None:
    """And has the name of the first, so that a receipt of either is known."""
    ward = Ward().declare()
    task = await ward.enter()
    assert await ward.carry(task) == Outcome(words="sent")
    anew = replace(task, created_at=NOW + timedelta(days=2), made_at=NOW)
    assert await ward.carry(anew) == Outcome(words="sent")
    first, second = ward.mailer.sent
    assert "15/03/2026 à 11:00" in second.body
    assert (second.reference, second.at) == (first.reference, NOW + timedelta(days=2))


async def test_each_entry_is_a_mail_of_its_own() -> None:
    ward = Ward().declare()
    for _ in range(2):
        assert await ward.carry(await ward.enter()) == Outcome(words="sent")
    assert len(ward.mailer.sent) == 2


async def test_who_is_treating_is_asked_when_it_leaves_not_when_it_was_made() -> None:
    ward = Ward().declare()
    task = await ward.enter()
    ward.house.people.chosen.append(replace(choice(ChoiceKind.TREATING, NURSE.id), since=NOW))
    ward.known.append(replace(NURSE, mail="nurse@exemple.mssante.fr"))
    assert await ward.carry(task) == Outcome(words="not-allowed")
    assert ward.mailer.sent == []
    refused = ward.house.traces.written[-1]
    assert (refused.actor, refused.permitted, refused.rule) == (NURSE.id, False, "D00")


async def test_nobody_declared_and_ones_own_entry_make_no_mail() -> None:
    assert await Ward().carry(await Ward().enter()) == Outcome(words="no-treating")
    ward = Ward().declare(DOCTOR.id)
    assert await ward.carry(await ward.enter()) == Outcome(words="own-act")
    assert ward.mailer.sent == []


@pytest.mark.parametrize("known", [[], [replace(TREATING, mail=None)]])
async def test_a_doctor_without_an_address_is_told_to_operator_and_patient(
    known: list[Professional],
) -> None:
    ward = Ward(known=known).declare()
    assert await ward.carry(await ward.enter()) == Outcome(words=NO_ADDRESS, dead=True)
    assert ward.acts()[-1].action == "doctor-unreachable"
    assert json.loads(ward.acts()[-1].details)["outcome"] == "no-address"


async def test_a_server_that_is_away_is_tried_again_under_the_same_name() -> None:
    ward = Ward(mailer=Mailer(error=DeferredError("away"))).declare()
    task = await ward.enter()
    assert isinstance(await ward.carry(task), DeferredError)
    assert [one.action for one in ward.acts()] == ["notify"]
    ward.mailer.error = None
    await ward.carry(task)
    await ward.carry(task)
    assert len({one.reference for one in ward.mailer.sent}) == 1
    assert set(ward.names.called) == {(task.id, ward.mailer.sent[0].reference)}


async def test_a_box_that_is_closed_is_said_and_ends_it() -> None:
    ward = Ward(mailer=Mailer(error=RefusedError("550"))).declare()
    assert await ward.carry(await ward.enter()) == Outcome(words="refused: 550", dead=True)
    assert ward.acts()[-1].action == "doctor-unreachable"


async def test_a_mail_that_is_only_kept_is_not_called_sent() -> None:
    ward = Ward(mailer=Mailer(answer="kept: no relay is set")).declare()
    assert await ward.carry(await ward.enter()) == Outcome(words="kept: no relay is set")
    assert json.loads(ward.acts()[-1].details)["outcome"] == "kept"


async def test_a_record_that_was_closed_since_and_one_that_is_gone() -> None:
    ward = Ward().declare()
    task = await ward.enter()
    assert await ward.carry(replace(task, patient=None)) == Outcome(words="gone")
    person = ward.house.people.known[ANNE]
    ward.house.people.known[ANNE] = replace(person, state=AccountState.CLOSED)
    assert await ward.carry(task) == Outcome(words="sent")
    del ward.house.people.known[ANNE]
    assert await ward.carry(task) == Outcome(words="gone")
