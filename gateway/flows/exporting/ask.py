"""Ask for a copy of a record, and see what became of it (VAULT EXP-01)."""

from dataclasses import replace

from gateway.errors import DeferredError, RefusedError
from gateway.flows.exporting.messages import bytes_of
from gateway.flows.exporting.room import ASKED, Exporting, portable
from gateway.records.patients.export import MAKING, Export
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.records.task import NewTask, TaskKind

BYTES_AT_LEAST = 4_000_000
BYTES_A_DOCUMENT = 8_000
"""What is stored of one: its line in the plan and in the files made for the copy, deflated."""


class UnderWayError(RefusedError):
    """One is being made for this person."""


async def ask(
    room: Exporting, reader: Reader, patient: PatientKey, me: PatientKey, *, base: str
) -> Export:
    """`me` is whose password was proved, `base` the FHIR address of this house.

    Raises DeniedError, UnderWayError, and DeferredError (`disk_full`) before anything is begun.
    """
    found = await portable(room, reader, patient, act=ASKED)
    made = BYTES_AT_LEAST + BYTES_A_DOCUMENT * len(found.cards) + bytes_of(found)
    if not room.has_room(made):
        raise DeferredError("No space is left to make this.", disk_full=True)
    now, key = found.gate.now, found.gate.patient
    export = Export(
        id=room.ids.identifier(),
        patient=key,
        asker=me,
        name=reader.name,
        base=base,
        asked_at=now,
        ends_at=now + MAKING,
    )
    task = NewTask(kind=TaskKind.EXPORT, subject=export.id, due_at=now, patient=key)
    act = replace(found.entry(export, ASKED, door=room.read.door), kept=b"")
    if not await room.exports.begin(export, act=act, then=[task]):
        refused = replace(act, permitted=False, rule=ASKED)
        await room.read.traces.write([refused])
        raise UnderWayError("One is being made already.")
    return export


async def latest(room: Exporting, patient: PatientKey, me: PatientKey) -> Export | None:
    """What this person asked for of this record, unless its time is over."""
    found = await room.exports.latest(patient, me)
    return found if found is not None and found.ends_at > room.clock.now() else None
