"""Download a copy: decided again, document by document and message by message, before its first
byte leaves (EXP-03)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import orjson

from gateway.errors import DeniedError, RefusedError
from gateway.flows.exporting.pieces import PIECE_BYTES
from gateway.flows.exporting.room import BEHIND, ENDED, TAKEN, Exporting, portable
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.mapping.files.archive.zip import Cut, Layout, layout_of
from gateway.records.patients.account import NewTrace
from gateway.records.patients.export import MOST_DOWNLOADS, Export, ExportState
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader

DROPPED_AT_ONCE = 20
HOUSE = "Mon espace santé"


class NoLongerError(RefusedError):
    """It was there for this person, and is not to be had any more. `spent`: it was downloaded as
    often as it may be; else something in it is not theirs to take any more, or its time is over."""

    def __init__(self, export: Export, *, spent: bool = False) -> None:
        super().__init__("This copy cannot be downloaded any more.")
        self.export, self.spent = export, spent


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A copy that this reader downloads now."""

    room: Exporting
    export: Export
    layout: Layout

    async def octets(self, start: int, stop: int) -> AsyncIterator[bytes]:
        """The bytes from `start` on, before `stop`, in runs of at most one document or piece.
        Raises LookupError where the record went away meanwhile."""
        for cut in self.layout.cuts(start, stop):
            async for run in self._runs(cut):
                yield run

    async def _runs(self, cut: Cut) -> AsyncIterator[bytes]:
        member = cut.part.member
        if member is None:
            yield cut.part.octets[cut.start : cut.stop]
        elif member.document:
            body = await self.room.read.shelf.body(member.document)
            yield body[cut.start : cut.stop]
        else:
            start, stop = member.at + cut.start, member.at + cut.stop
            for number in range(start // PIECE_BYTES, (stop - 1) // PIECE_BYTES + 1):
                piece = await self.room.exports.piece(self.export.id, member.file, number)
                first = number * PIECE_BYTES
                yield piece[max(start - first, 0) : stop - first]


async def ready(
    room: Exporting, reader: Reader, patient: PatientKey, me: PatientKey, identifier: str
) -> Export:
    """By the number in its address. Raises DeniedError alike for what is not there, not ready, or
    another person's, or of another profile than the one looked at."""
    export = await room.exports.find(identifier)
    if export is not None and export.state is ExportState.READY:
        mine = await room.exports.latest(patient, me)
        if mine is not None and mine.id == export.id:
            return export
    await room.read.missed(reader, TAKEN)
    raise DeniedError(NOT_THERE)


async def take(
    room: Exporting, reader: Reader, patient: PatientKey, export: Export, *, goes_on: bool
) -> Taken:
    """`goes_on`: not from the first byte. That is told in the log too, without what it was decided
    on, and counted only where no download was begun. Raises DeniedError where the right ended,
    NoLongerError, LookupError."""
    found = await portable(room, reader, patient, act=TAKEN)
    act = found.entry(export, TAKEN, door=room.read.door)
    plan = await room.exports.plan(export.id)
    may = {card.id for card in found.cards} | {mail.id for mail in found.mails}
    parts = (one.document or one.mail for one in plan.members)
    whole = all(part in may for part in parts if part)
    if not whole or export.ends_at <= found.gate.now:
        await room.read.traces.write([replace(act, permitted=False, rule=TAKEN)])
        raise NoLongerError(export)
    if goes_on and export.downloads > 0:
        await room.read.traces.write([replace(act, kept=b"")])
    elif not await room.exports.count(export.id, found.gate.now, most=MOST_DOWNLOADS, act=act):
        await room.read.traces.write([replace(act, permitted=False, rule=TAKEN)])
        raise NoLongerError(export, spent=True)
    return Taken(room=room, export=export, layout=layout_of(plan.members, plan.at))


async def end_exports(room: Exporting) -> None:
    """What has ended goes, and the log says so of what was ready (VAULT section 15, Traced)."""
    now = room.clock.now()
    while await room.exports.drop_ended(now, limit=DROPPED_AT_ONCE, say=ended) == DROPPED_AT_ONCE:
        pass


def ended(export: Export) -> NewTrace:
    return NewTrace(
        patient=export.patient,
        action=ENDED,
        permitted=True,
        rule=ENDED,
        kind="system",
        actor="",
        actor_name=HOUSE,
        door=BEHIND,
        details=orjson.dumps({"export": export.id}),
    )
