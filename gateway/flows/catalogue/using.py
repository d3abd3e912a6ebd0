"""What a service did, call by call: counted, and an entry of the patient's log (APP-06, GEN-06)."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from gateway.clock import Clock
from gateway.ports.people.catalogue import Launches
from gateway.ports.people.people import Traces
from gateway.records.catalogue.launches import Tally
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader

READ, WROTE, REFUSED = "service-read", "service-wrote", "service-refused"
RULE = "APP-04"


@dataclass(frozen=True, slots=True, kw_only=True)
class Using:
    launches: Launches
    traces: Traces
    clock: Clock

    async def read(self, reader: Reader, kind: str, count: int) -> None:
        """A call that was answered with so many; before its answer leaves."""
        await self._count(reader, READ, Tally(kind=kind, read=count))

    async def wrote(self, reader: Reader, kind: str, count: int) -> None:
        """A call that was taken; 0 where all that it brought was here."""
        await self._count(reader, WROTE, Tally(kind=kind, written=count))

    async def _count(self, reader: Reader, act: str, more: Tally) -> None:
        said = {"type": more.kind, "count": more.read + more.written}
        await self.launches.count(
            _patient(reader),
            reader.id or "",
            more,
            at=self.clock.now(),
            act=_trace(reader, act, said, permitted=True),
        )

    async def refuse(self, reader: Reader, kind: str, letter: str) -> None:
        """A call that no scope names."""
        said = {"type": kind, "interaction": letter}
        await self.traces.write([_trace(reader, REFUSED, said, permitted=False)])


def _trace(reader: Reader, act: str, said: Mapping[str, object], *, permitted: bool) -> NewTrace:
    return NewTrace(
        patient=_patient(reader),
        action=act,
        permitted=permitted,
        rule=RULE,
        kind=reader.kind,
        actor=reader.id or "",
        actor_name=reader.name,
        organization=reader.organisation_name,
        door=reader.door or "fhir",
        address=reader.address,
        details=orjson.dumps(said),
    )


def _patient(reader: Reader) -> PatientKey:
    return PatientKey(bytes.fromhex(reader.bound_to or ""))
