"""Agendas in the real store: what is written, changed at once, reminded of, left by a merge."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from agenda_house import PEER, agenda_of, due, guardian, look_of, written
from sqlalchemy import select
from ward_house import ALIX, Ward, a40

from gateway.errors import DeniedError
from gateway.flows.agenda.reminding import Remind
from gateway.flows.agenda.writing import StaleError, TooManyError
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.sending.outcome import Outcome
from gateway.records.agenda.appointment import Appointment
from gateway.records.agenda.reminder import MOST_A_DAY, Repeats
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind
from gateway.records.task import TaskKind
from gateway.store import schema


async def test_an_appointment_is_sealed_and_comes_back_as_it_was_written(ward: Ward) -> None:
    alix = await ward.open(ALIX)
    room, me = agenda_of(ward), patient_reader(alix)
    name = await room.write.add(me, alix, written(ward, note="Zébulon"), key="form-1")
    assert await room.write.add(me, alix, written(ward, note="Zébulon"), key="form-1") == name
    (one,) = (await room.listing(me, alix)).ahead
    assert (one.meeting.who, one.beside.note_of(alix.hex())) == ("Dr Kaleidoscope", "Zébulon")
    rows = await ward.store.database.read(
        lambda connection: connection.execute(select(schema.appointment)).all()
    )
    assert len(rows) == 1
    assert b"aleidoscope" not in rows[0].sealed


async def test_of_two_forms_shown_upon_the_same_version_the_second_changes_nothing(
    ward: Ward,
) -> None:
    alix = await ward.open(ALIX)
    room, me = agenda_of(ward), patient_reader(alix)
    name = await room.write.add(me, alix, written(ward))
    await room.write.change(me, alix, name, written(ward, who="Dr Un"), version=1)
    with pytest.raises(StaleError):
        await room.write.change(me, alix, name, written(ward, who="Dr Deux"), version=1)
    with pytest.raises(StaleError):
        await room.write.cancel(me, alix, name, version=1)
    (one,) = (await room.listing(me, alix)).ahead
    assert (one.meeting.who, one.version) == ("Dr Un", 2)


async def test_the_reminder_of_an_earlier_version_tells_nobody_and_the_last_one_does(
    ward: Ward,
) -> None:
    alix = await ward.open(ALIX)
    room, me = agenda_of(ward), patient_reader(alix)
    name = await room.write.add(me, alix, written(ward))
    await room.write.change(me, alix, name, written(ward, days=12), version=1)
    remind = Remind(agendas=ward.store.agendas, clock=ward.clock)
    outcomes = [await remind.carry(one) for one in await due(ward, TaskKind.REMINDER)]
    told = [one for one in outcomes if isinstance(one, Outcome)]
    assert [one for one in outcomes if not isinstance(one, Outcome)] == ["changed"]
    ((notice,),) = [one.then for one in told]
    day = (ward.clock.now() + timedelta(days=12)).date()
    assert json.loads(notice.payload)["day"].startswith(f"{day.day} ")


async def test_the_eleventh_reminder_of_a_day_is_refused_though_the_others_are_repeated(
    ward: Ward,
) -> None:
    alix = await ward.open(ALIX)
    room, me = agenda_of(ward), patient_reader(alix)
    day = ward.clock.now().date() + timedelta(days=3)
    for number in range(MOST_A_DAY):
        await room.write.remind(me, alix, title=f"Pilule {number}", day=day, repeats=Repeats.DAILY)
    later = day + timedelta(days=5)
    with pytest.raises(TooManyError):
        await room.write.remind(me, alix, title="Onze", day=later, repeats=Repeats.NEVER)
    assert len(await room.reminders(me, alix)) == MOST_A_DAY


async def test_a_repeated_reminder_tells_of_each_of_its_dates(ward: Ward) -> None:
    alix = await ward.open(ALIX)
    room, me = agenda_of(ward), patient_reader(alix)
    day = ward.clock.now().date() + timedelta(days=1)
    await room.write.remind(me, alix, title="Pilule", day=day, repeats=Repeats.WEEKLY)
    (task,) = await due(ward, TaskKind.REMINDER)
    outcome = await Remind(agendas=ward.store.agendas, clock=ward.clock).carry(task)
    assert isinstance(outcome, Outcome)
    notice, following = outcome.then
    assert (notice.kind, following.kind) == (TaskKind.NOTICE, TaskKind.REMINDER)
    assert b"Pilule" not in notice.payload + following.payload
    on = date.fromisoformat(json.loads(following.payload)["on"])
    assert on == day + timedelta(days=7)
    await room.write.forget(me, alix, task.subject)
    assert await Remind(agendas=ward.store.agendas, clock=ward.clock).carry(task) == "gone"


async def test_no_professional_sees_an_agenda_and_the_try_is_in_the_log(ward: Ward) -> None:
    """PRO-11: neither with the patient's agreement nor as médecin traitant."""
    alix = await ward.open(ALIX)
    for kind in (ChoiceKind.CARE_PROFESSIONAL, ChoiceKind.TREATING):
        given = Choice(kind=kind, target="899900000018", since=ward.clock.now(), by="Alix")
        await ward.store.people.choose(alix, given)
    doctor = Reader(kind=ReaderKind.PROFESSIONAL, id="899900000018", profession="G15_10")
    with pytest.raises(DeniedError):
        await agenda_of(ward).listing(doctor, alix)
    told = await ward.store.traces.of_patient(alix, limit=10)
    assert [(one.trace.action, one.trace.permitted) for one in told][:1] == [("agenda-list", False)]


async def test_what_was_written_under_a_local_name_is_read_in_the_record_it_joined(
    ward: Ward,
) -> None:
    alix = await ward.open(ALIX)
    await ward.send(a40(ALIX, "M1", "8001", local="7001"))
    room, me = agenda_of(ward), patient_reader(alix)
    name = await room.write.add(me, alix, written(ward))
    local = replace(await _kept(ward, name), id="b" * 32, patient=await _local(ward))
    entry = look_of(ward).entry(await look_of(ward)(me, alix, "agenda-list"), "appointment-added")
    await ward.store.agendas.add(local, act=entry)
    assert len((await room.listing(me, alix)).ahead) == 2


async def _kept(ward: Ward, name: str) -> Appointment:
    one = await ward.store.agendas.appointment(name)
    assert one is not None
    return one


async def _local(ward: Ward) -> PatientKey:
    """A name that leads to the record."""
    rows = await ward.store.database.read(
        lambda connection: connection.execute(select(schema.local_name)).all()
    )
    return PatientKey(rows[0].name)


async def test_an_address_ends_when_the_same_person_asks_for_another(ward: Ward) -> None:
    alix = await ward.open(ALIX)
    room, me = agenda_of(ward), patient_reader(alix)
    await room.write.add(me, alix, written(ward))
    first = await room.take.subscribe(me, alix, detailed=False)
    second = await room.take.subscribe(me, alix, detailed=True)
    assert b"Kaleidoscope" in (await room.take.read(second, PEER)).body
    with pytest.raises(DeniedError):
        await room.take.read(first, PEER)
    await room.take.unsubscribe(me, alix)
    with pytest.raises(DeniedError):
        await room.take.read(second, PEER)


async def test_an_address_of_who_represents_nobody_any_more_reads_nothing(ward: Ward) -> None:
    alix = await ward.open(ALIX)
    lou, room = await guardian(ward, alix), agenda_of(ward)
    secret = await room.take.subscribe(lou, alix, detailed=False)
    assert (await room.take.read(secret, PEER)).body.startswith(b"BEGIN:VCALENDAR")
    ended = Choice(
        kind=ChoiceKind.GUARDIAN,
        target=lou.id or "",
        since=ward.clock.now(),
        until=ward.clock.now(),
        by="caisse",
    )
    await ward.store.people.choose(alix, ended)
    with pytest.raises(DeniedError):
        await room.take.read(secret, PEER)
