"""A store with a signed log of two patients, and the flows that seal, verify and prove it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, text
from store_house import FixedClock, identity

from gateway.access.grid import Grid
from gateway.audit.checkpoint import verified
from gateway.audit.entry import leaf_of, sealed_part
from gateway.audit.note import SigningKey
from gateway.flows.log.prove import ProveJournal
from gateway.flows.log.seal import Seal
from gateway.flows.log.verify_log import Verified, VerifyLog
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.reading.history import ReadHistory
from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import AccountState, NewTrace, Trace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.records.readers.switches import Switches
from gateway.store import Store
from gateway.store.keys.sealing import bound, seal
from gateway.store.log.witness import FileWitness

KEY = SigningKey.made_of(bytes(range(32)))
ANNE, PAUL = identity(1, ins="255089999999966"), identity(2, ins="181066938301968")


def said(trace: Trace) -> dict[str, str]:
    return {"who": trace.trace.actor_name, "what": trace.trace.action, "why": trace.trace.rule}


@dataclass
class LogHouse:
    store: Store
    folder: Path

    @property
    def seal(self) -> Seal:
        return Seal(self.store.log, self.witness, KEY, FixedClock())

    async def sealed(self) -> int:
        """Signs; the size of the signed head."""
        head = await self.seal()
        return head.size if head else 0

    @property
    def witness(self) -> FileWitness:
        return FileWitness(self.folder / "checkpoints")

    def key(self, who: int) -> PatientKey:
        one = (ANNE, PAUL)[who]
        return self.store.keys.patient_key(one.ins_oid or "", one.ins or "")

    async def people(self) -> None:
        for who, one in enumerate((ANNE, PAUL)):
            change = IdentityChange(
                key=self.key(who), identity=one, qualified=True, state=AccountState.ACTIVE
            )
            await self.store.people.change_identity(change)

    def trace(self, number: int, who: int = 0) -> NewTrace:
        return NewTrace(
            patient=self.key(who),
            action="list",
            permitted=True,
            rule="P11",
            kind="professional",
            actor=f"80000000{number:04d}",
            actor_name=f"Dr Essai {number}",
            organization="Cabinet d'essai",
            address="192.0.2.1",
            kept=b'{"rules":{"P11":["x"]}}',
        )

    async def grow(self, count: int, who: int = 0) -> None:
        await self.store.traces.write([self.trace(n, who) for n in range(count)])

    async def verify(self) -> Verified:
        """As `gateway audit verify`: the head kept apart is looked at too."""
        note = await self.witness.latest()
        outside = [verified(note, KEY.verifier)] if note else []
        found = VerifyLog(self.store.log_reader, self.store.log, KEY.verifier)
        return await found(outside)

    async def change(self, *statements: str) -> None:
        """Behind the gateway's back."""

        def work(connection: Connection) -> None:
            for statement in statements:
                connection.execute(text(statement))

        await self.store.database.write(work)

    async def write_again(self, number: int, **changes: object) -> None:
        """As somebody does who holds every key but the one past: the row, its seal and its leaf
        are made anew, and fit each other."""
        old = (await self.store.traces.of_patient(self.key(0), limit=999))[-number]
        trace = replace(old.trace, **changes)  # type: ignore[arg-type]  # checked by replace
        at = int(old.at.timestamp() * 1_000_000)

        def work(connection: Connection) -> None:
            keyring = self.store.database.keyring
            cipher = keyring.sealing(connection, [trace.patient])[trace.patient]
            plain = sealed_part(trace, bytes(32))
            values = {
                "n": number,
                "patient": trace.patient,
                "at": at,
                "leaf": leaf_of(number, at, trace.patient, plain),
                "sealed": seal(cipher, plain, bound(b"trace", trace.patient, b"%d" % number)),
            }
            connection.execute(
                text(
                    "UPDATE trace SET patient = :patient, at = :at, leaf = :leaf, sealed = :sealed"
                    " WHERE number = :n"
                ),
                values,
            )

        await self.store.database.write(work)

    @property
    def prove(self) -> ProveJournal:
        read = ReadHistory(
            shelf=self.store.shelf,
            people=self.store.people,
            traces=self.store.traces,
            clock=FixedClock(),
            grid=Grid(()),
            switches=Switches(),
        )
        return ProveJournal(
            read=read, traces=self.store.traces, book=self.store.log, seal=self.seal
        )

    def reader(self, who: int) -> Reader:
        return patient_reader(self.key(who))

    async def file(self, who: int = 0) -> bytes:
        """The journal as this patient downloads it."""
        return await self.prove(self.reader(who), self.key(who), said)


Act = Callable[[LogHouse], object]
