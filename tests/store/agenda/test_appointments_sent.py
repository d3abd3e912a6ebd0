"""Appointments of senders in the real store (VAULT AGE-10)."""

import json

import pytest
from agenda_house import LABO, OTHER, PEER, agenda_of, due, said, sending_of
from ward_house import ALIX, Ward

from gateway.errors import DeniedError, RefusedError
from gateway.flows.agenda.sending import HeldError
from gateway.flows.agenda.writing import Written
from gateway.flows.reading.decided.facts import patient_reader
from gateway.records.agenda.appointment import AppointmentStatus
from gateway.records.patients.account import SenderAccount
from gateway.records.task import TaskKind


async def test_a_second_copy_is_the_same_and_another_content_is_a_conflict(ward: Ward) -> None:
    await ward.open(ALIX)
    send = sending_of(ward)
    first = await send.create(LABO, said(ward), PEER)
    again = await send.create(LABO, said(ward), PEER)
    assert (first.made, again.made) == (True, False)
    assert first.appointment.id == again.appointment.id
    with pytest.raises(RefusedError) as refused:
        await send.create(LABO, said(ward, status="pending"), PEER)
    assert refused.value.finding is not None
    assert refused.value.finding.code == "unique-id-conflict"


async def test_a_cancellation_of_the_sender_is_told_and_keeps_what_stands_beside(
    ward: Ward,
) -> None:
    alix = await ward.open(ALIX)
    send, room, me = sending_of(ward), agenda_of(ward), patient_reader(alix)
    name = (await send.create(LABO, said(ward), PEER)).appointment.id
    await room.write.change(me, alix, name, Written(note="Zébulon"), version=1)
    with pytest.raises(RefusedError):
        await room.write.cancel(me, alix, name, version=2)
    await send.update(LABO, said(ward, status="cancelled"), PEER)
    one, _ = await room.opened(me, alix, name)
    assert one.meeting.status is AppointmentStatus.CANCELLED
    assert (one.version, one.beside.note_of(alix.hex())) == (3, "Zébulon")
    notices = [json.loads(one.payload)["notice"] for one in await due(ward, TaskKind.NOTICE)]
    assert notices == ["appointment-added", "appointment-off"]


async def test_a_sender_reads_and_changes_its_own_alone(ward: Ward) -> None:
    await ward.open(ALIX)
    send = sending_of(ward)
    name = (await send.create(LABO, said(ward), PEER)).appointment.id
    assert (await send.read(LABO, name, PEER)).id == name
    for refused in (
        send.read(OTHER, name, PEER),
        send.update(OTHER, said(ward), PEER, appointment=name),
    ):
        with pytest.raises(DeniedError):
            await refused
    asked = [await send.of_patient(one, said(ward).patient, PEER) for one in (LABO, OTHER)]
    assert [len(one) for one in asked] == [1, 0]
    with pytest.raises(DeniedError):
        await send.create(SenderAccount(name="sans droit"), said(ward), PEER)


async def test_nobody_known_under_the_ins_is_held(ward: Ward) -> None:
    with pytest.raises(HeldError):
        await sending_of(ward).create(LABO, said(ward), PEER)
    with pytest.raises(HeldError):
        await sending_of(ward).create(LABO, said(ward, participant=[{"status": "accepted"}]), PEER)
