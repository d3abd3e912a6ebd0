"""A try at a door that proves nobody: an entry of the log about no patient; never a flood."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field

import orjson

from gateway.clock import Clock
from gateway.ports.people.people import Traces
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK
from gateway.records.readers.callers import counted_as

WINDOW_SECONDS = 60.0
MAX_NOTED = 60
"""Tries of one address in a minute that are written down; the log is not theirs to fill."""
MAX_ADDRESSES = 10_000
STRANGER, SYSTEM = "third_party", "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Who was turned away, where (`/fhir` unless another door is named), from where, and by one
    word why; never a token."""

    traces: Traces
    clock: Clock
    door: str = "fhir"
    _tries: "OrderedDict[str, deque[float]]" = field(default_factory=OrderedDict)

    async def note(self, why: str, *, peer: str, system: str = "", door: str = "") -> bool:
        """False where this address was refused too often to be written down again."""
        if self._is_flood(counted_as(peer)):
            return False
        trace = NewTrace(
            patient=DESK,
            action="login",
            permitted=False,
            rule=f"token-{why}",
            kind=SYSTEM if system else STRANGER,
            actor=system,
            actor_name=system,
            door=door or self.door,
            address=peer,
            details=orjson.dumps({"reason": why}),
        )
        await self.traces.write([trace])
        return True

    def _is_flood(self, peer: str) -> bool:
        now = self.clock.monotonic()
        tries = self._tries.setdefault(peer, deque(maxlen=MAX_NOTED))
        self._tries.move_to_end(peer)
        if len(self._tries) > MAX_ADDRESSES:
            self._tries.popitem(last=False)
        if len(tries) == MAX_NOTED and now - tries[0] < WINDOW_SECONDS:
            return True
        tries.append(now)
        return False
