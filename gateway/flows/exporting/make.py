"""Make a copy: read what its asker may take along, once, and write down what the zip will hold.

No document is copied: of each the sums are reckoned, and its bytes are read again when they are
downloaded. What is made (a page, tables, a bundle, a manifest) is stored in pieces (decision 048).
"""

import hashlib
from dataclasses import dataclass, replace

from gateway.errors import DeferredError, DeniedError
from gateway.flows.exporting.files import Files
from gateway.flows.exporting.room import BEHIND, MADE, Exporting, Held, asker_of, portable
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.sending.notices.notify import notice_of
from gateway.flows.sending.notices.words import EXPORT_READY
from gateway.mapping.files.archive.zip import layout_of
from gateway.ports.people.press import Press
from gateway.records.duration import PARIS
from gateway.records.patients.export import LINK, Export, ExportState, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeExport:
    room: Exporting
    press: Press

    async def __call__(self, export: Export, held: Held, *, attempt: int = 1) -> bool:
        """From the beginning, whatever an earlier try left. False where it is not waited for any
        more. Raises DeniedError where its asker takes nothing along now, LookupError where the
        record is gone, DeferredError to be tried again."""
        room = self.room
        if not room.has_room(0):
            raise DeferredError("No space is left to make this.", disk_full=True)
        await room.exports.clear(export.id)
        reader = await asker_of(room, export)
        found = await portable(room, reader, export.patient, act=MADE)
        person = await room.read.people.person(export.patient)
        if person is None:
            raise DeniedError(NOT_THERE)
        files = Files(
            room=room,
            press=self.press,
            export=export,
            found=found,
            person=person,
            held=held,
            attempt=attempt,
        )
        members = await files.made()
        await held()
        now = room.clock.now()
        plan = Plan(members=members, at=now.astimezone(PARIS))
        ready = replace(
            export,
            state=ExportState.READY,
            ready_at=now,
            ends_at=now + LINK,
            size=layout_of(members, plan.at).size,
            tag=_tag(export, plan),
        )
        act = found.entry(export, MADE, door=BEHIND)
        told = notice_of(EXPORT_READY, export.asker, now)
        return await room.exports.finish(ready, plan, act=act, then=[told])


def _tag(export: Export, plan: Plan) -> str:
    """The same for the very same bytes: those of the manifest are those of every file."""
    said = f"{export.id}:{plan.members[-1].sha256}:{plan.at.isoformat()}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]
