"""What the flows of an agenda refuse, whoever asks them (VAULT AGE-03, AGE-09, AGE-10)."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from family_house import LEO, family
from vault_house import CLAIRE, MARC, NAMES, House, key_of

from gateway.errors import DeniedError, RefusedError
from gateway.flows.agenda.room import Agenda
from gateway.flows.agenda.sending import HeldError, SendAppointments
from gateway.flows.agenda.writing import Written
from gateway.flows.reading.decided.facts import patient_reader
from gateway.records.agenda.appointment import Meeting
from gateway.records.agenda.reminder import Repeats
from gateway.records.agenda.said import SaidAppointment
from gateway.records.patients.account import AccountState, SenderAccount
from gateway.records.patients.patient import PatientIdentity
from gateway.records.readers.access import Reader, ReaderKind

ME, HIS, CHILDS = key_of(CLAIRE), key_of(MARC), key_of(LEO)
OWN, MARCS = patient_reader(ME), patient_reader(HIS)
MOTHER = replace(OWN, kind=ReaderKind.REPRESENTATIVE, bound_to=CHILDS.hex())
LABO, PEER = SenderAccount(name="labo"), "192.0.2.1"
SECRET = ("INVISIBLE_REPRESENTANTS_LEGAUX",)


@pytest.fixture
def house() -> House:
    return family()


def agenda_of(house: House) -> Agenda:
    agenda = house.rooms().agenda
    assert agenda is not None
    return agenda


def sending_of(house: House) -> SendAppointments:
    return SendAppointments(
        asking=house.rooms().read,
        agendas=house.agendas,
        names=NAMES,
        senders=frozenset({LABO.name}),
    )


def meeting(house: House, codes: tuple[str, ...] = ("N",)) -> Meeting:
    wall: datetime = house.clock.now().replace(tzinfo=None) + timedelta(days=9)
    return Meeting(wall=wall, who="Dr Roux", codes=codes)


def said(
    house: House, whose: PatientIdentity = CLAIRE, *, codes: tuple[str, ...] = ("N",)
) -> SaidAppointment:
    return SaidAppointment(
        meeting=meeting(house, codes), patient=whose, identifier="urn:rdv|7", resource=b"{}"
    )


async def test_an_agenda_is_of_the_patients_side_and_of_no_application(house: House) -> None:
    app = Reader(kind=ReaderKind.APPLICATION, id="app", scopes=("read",), bound_to=ME.hex())
    with pytest.raises(DeniedError):
        await agenda_of(house).listing(app, ME)


async def test_a_reminder_of_another_record_is_not_taken_away(house: House) -> None:
    write = agenda_of(house).write
    day = house.clock.now().date() + timedelta(days=3)
    await write.remind(MARCS, HIS, title="Pilule", day=day, repeats=Repeats.NEVER)
    (one,) = await agenda_of(house).reminders(MARCS, HIS)
    await write.forget(OWN, ME, one.id)
    assert await agenda_of(house).reminders(MARCS, HIS) == [one]
    await write.forget(MARCS, HIS, one.id)
    assert await agenda_of(house).reminders(MARCS, HIS) == []


async def test_documents_beside_an_appointment_are_those_that_its_writer_sees(
    house: House,
) -> None:
    seen = house.add("Ordonnance", owner=LEO)
    hidden = house.add("Confidence", owner=LEO, codes=SECRET)
    others = house.add("Analyse", owner=MARC)
    write, patient = agenda_of(house).write, CHILDS
    name = await write.add(
        MOTHER, patient, Written(meeting=meeting(house), documents=(seen, hidden, others, "none"))
    )
    (kept,) = house.agendas.kept.values()
    assert kept.beside.documents == (seen,)
    both = replace(kept.beside, documents=(seen, hidden))
    house.agendas.kept[name] = replace(kept, beside=both)
    await write.change(MOTHER, patient, name, Written(meeting=meeting(house)), version=1)
    (kept,) = house.agendas.kept.values()
    assert kept.beside.documents == (hidden,)


async def test_the_address_of_a_calendar_is_its_askers_alone_and_ends_with_the_space(
    house: House,
) -> None:
    take = agenda_of(house).take
    mothers = await take.subscribe(MOTHER, CHILDS, detailed=False)
    (feed,) = await take.feeds(MOTHER, CHILDS)
    house.agendas.read_at["of another"] = replace(feed, id="f2", by=HIS.hex())
    assert await take.feeds(MOTHER, CHILDS) == [feed]
    assert (await take.read(mothers, PEER)).body.startswith(b"BEGIN:VCALENDAR")
    claire = house.people.persons[ME]
    house.people.persons[ME] = replace(claire, state=AccountState.CLOSED)
    with pytest.raises(DeniedError):
        await take.read(mothers, PEER)


async def test_nobody_is_reminded_of_an_appointment_that_is_hidden_from_him(house: House) -> None:
    send, look = sending_of(house), agenda_of(house).look
    plain = (await send.create(LABO, said(house, LEO), PEER)).appointment
    told = replace(said(house, LEO, codes=SECRET), identifier="urn:rdv|8")
    secret = (await send.create(LABO, told, PEER)).appointment
    may = partial(look.may_remind, CHILDS)
    assert await may(plain.id, MOTHER)
    assert not await may(secret.id, MOTHER)


@pytest.mark.parametrize("state", ["not qualified", "other traits"])
async def test_a_sender_writes_to_nobody_who_is_not_surely_the_one_named(
    house: House, state: str
) -> None:
    named = CLAIRE
    if state == "not qualified":
        house.people.persons[ME] = replace(house.people.persons[ME], qualified=False)
    else:
        named = replace(CLAIRE, birth_family="MARTIN")
    with pytest.raises(HeldError):
        await sending_of(house).create(LABO, said(house, named), PEER)
    assert house.agendas.kept == {}


async def test_a_senders_appointment_goes_to_no_other_patient(house: House) -> None:
    send = sending_of(house)
    made = (await send.create(LABO, said(house), PEER)).appointment
    for again in (
        send.create(LABO, said(house, MARC), PEER),
        send.update(LABO, said(house, MARC), PEER, appointment=made.id),
    ):
        with pytest.raises(RefusedError):
            await again
    assert list(house.agendas.kept.values()) == [made]
