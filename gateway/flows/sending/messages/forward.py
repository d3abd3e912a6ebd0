"""Forward: an accepted message goes on to a downstream system, byte for byte.

A message with documents leaves only if `access.decide` permits it at that second: to mail each
of them to a system (ACCESS: reader `system`, origin `sender`). What happened to a document since
is not asked: its replacement or deletion is a message of its own, behind this one in the lane.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs

from gateway.access.decide import decide
from gateway.errors import DeniedError, RefusedError
from gateway.flows.reading.decided.facts import NO_TYPE, NORMAL_CODES
from gateway.flows.reading.decided.trace import trace_of
from gateway.flows.reading.read import ReadShelf
from gateway.mapping.hl7v2.readdress import readdressed
from gateway.ports.documents.journal import Journal
from gateway.ports.hl7 import Hl7Clients
from gateway.records.patients.account import NewTrace
from gateway.records.readers.access import (
    CODES,
    NORMAL,
    AccessAction,
    Account,
    Decision,
    DocumentFacts,
    FactStatus,
    Origin,
    Reader,
    ReaderKind,
    RecordFacts,
)
from gateway.records.task import Task

Asked = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a forward goes; what is written into MSH-5 and MSH-6, None for nothing."""

    address: str
    receiving_application: str | None = None
    receiving_facility: str | None = None


@dataclass(frozen=True, slots=True)
class ForwardMessages:
    """Carries FORWARD tasks; `destinations` by the name of the forward."""

    journal: Journal
    read: ReadShelf
    clients: Hl7Clients
    destinations: Mapping[str, Destination]

    async def carry(self, task: Task) -> str:
        payload = json.loads(task.payload)
        where = self.destinations.get(payload["forward"])
        if where is None:
            raise RefusedError(f"no forward {payload['forward']} is configured")
        raw = await self.journal.raw(task.subject)
        if raw is None:
            raise RefusedError("The message is not kept any more.")
        reader = Reader(kind=ReaderKind.SYSTEM, id=payload["forward"], name=payload["forward"])
        traces: list[NewTrace] = []
        for document in payload["documents"]:
            decision, told = await self._decision(reader, document)
            if not decision.permitted:
                await self.read.traces.write(told)
                raise DeniedError("This forward is not permitted.", rule=decision.rule)
            traces += told
        message = readdressed(
            raw, application=where.receiving_application, facility=where.receiving_facility
        )
        answered = await self.clients(where.address).send(message)
        await self.read.traces.write(traces)
        return answered

    async def _decision(self, reader: Reader, asked: Asked) -> tuple[Decision, list[NewTrace]]:
        """With what the patient's log says of it, where the document stands on a shelf: written
        once it has left, so that a receiver that is away for days fills no history."""
        circumstances = replace(NORMAL, origin=Origin.SENDER)
        if asked["id"] is None:
            return self._without_space(reader, asked), []
        shelved = await self.read.shelf.find(asked["id"])
        if shelved is None:
            raise RefusedError("The document is not there any more.")
        gate = await self.read.gate(reader, shelved.card.patient, circumstances=circumstances)
        facts = await self.read.facts(shelved)
        decision = gate.may(AccessAction.MAIL, structs.replace(facts, status=FactStatus.CURRENT))
        trace = trace_of(
            gate, decision, action="forward", document=asked["id"], door=self.read.door
        )
        return decision, [trace]

    def _without_space(self, reader: Reader, asked: Asked) -> Decision:
        now = self.read.clock.now()
        codes = tuple(code for code in asked["codes"] if code in CODES)
        facts = DocumentFacts(
            type=asked["type"] or NO_TYPE,
            class_code=asked["class"],
            codes=codes or NORMAL_CODES,
            deposited=now,
        )
        return decide(
            reader,
            AccessAction.MAIL,
            facts,
            RecordFacts(account=Account.NOT_CREATED),
            replace(NORMAL, origin=Origin.SENDER),
            self.read.switches,
            self.read.grid,
            now,
        )
