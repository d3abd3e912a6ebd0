"""Resume: an operator says that the log goes on after a restore that lost signed entries.

The loss stays on record: in the log itself, and in the void head that is kept beside the new ones.
"""

from dataclasses import dataclass
from typing import Protocol

import orjson

from gateway.audit.checkpoint import verified
from gateway.errors import RefusedError
from gateway.flows.log.seal import BrokenLogError, Seal
from gateway.ports.people.people import Traces
from gateway.records.log import Sealed
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK


class VoidableWitness(Protocol):
    async def latest(self) -> str | None: ...

    async def set_aside(self) -> str:
        """Renames the newest head, so that it is not looked at any more; its new name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeLog:
    traces: Traces
    witness: VoidableWitness
    seal: Seal

    async def __call__(self, *, by: str, reason: str) -> tuple[Sealed | None, str]:
        """The new head and the name of the void one. Raises RefusedError where nothing was lost,
        BrokenLogError where the log is broken otherwise."""
        try:
            await self.seal()
        except BrokenLogError as error:
            lost = str(error)
        else:
            raise RefusedError("the log continues what was signed: there is nothing to resume")
        note = await self.witness.latest()
        if note is None:
            raise BrokenLogError(lost)
        void = verified(note, self.seal.key.verifier)
        details = {"lost": lost, "reason": reason, "size": void.size, "root": void.root.hex()}
        trace = NewTrace(
            patient=DESK,
            action="log-resumed",
            permitted=True,
            rule="operator",
            kind="operator",
            actor=by,
            actor_name=by,
            door="desk",
            details=orjson.dumps(details),
        )
        await self.traces.write([trace])
        name = await self.witness.set_aside()
        return await self.seal(), name
