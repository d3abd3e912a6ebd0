"""The DMP door with its real proof: files of trust, accounts in memory, real signed assertions."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from aiohttp import web
from dmp_authority import STRUCTURE
from door_of_dmp import PREFIX, PROVIDE, QUERY, RETRIEVE, Behind
from session_twins import MemorySessions
from vault_twins import Directory, MemoryPeople, MemoryTraces, MovedClock
from vihf_case import AUTHORITY, NOW

from gateway.adapters.dmp.again import Repeats
from gateway.adapters.dmp.door import DmpDoor, dmp_routes
from gateway.adapters.dmp.held import Held
from gateway.adapters.dmp.proof import Proof
from gateway.adapters.dmp.trust_files import TrustFiles
from gateway.adapters.http.senders import SenderGate
from gateway.clock import SystemIds
from gateway.flows.signing_in.refusals import Refusals
from gateway.flows.signing_in.vihf import Provers
from gateway.mapping.vihf.fields import Window
from gateway.records.patients.account import SenderAccount
from gateway.records.readers.vihf import Software

CLINIC = SenderAccount(name="clinic", organization=STRUCTURE)


class Accounts(MemoryPeople):
    """The clinic has no token and no client certificate that we know: what it signs with names
    it."""

    async def sender_named(self, name: str) -> SenderAccount | None:
        return CLINIC if name == CLINIC.name else None


@dataclass
class ProvedDoor:
    """`software` is what settings say; `mutual` asks for client certificates."""

    folder: Path
    software: tuple[Software, ...] = (
        Software(sender=CLINIC.name, structures=frozenset({STRUCTURE})),
    )
    mutual: bool = False
    clock: MovedClock = field(default_factory=lambda: MovedClock(NOW))
    people: Accounts = field(default_factory=Accounts)
    sessions: MemorySessions = field(default_factory=MemorySessions)
    behind: Behind = field(default_factory=Behind)

    def __post_init__(self) -> None:
        self.traces = MemoryTraces(self.clock)
        self.authority, self.crl = self.folder / "ca.pem", self.folder / "crl.pem"
        self.authority.write_bytes(AUTHORITY.pem)
        self.crl.write_bytes(AUTHORITY.revoked(at=NOW - timedelta(days=1)))
        self.files = TrustFiles(
            authorities=(self.authority,),
            revocations=(self.crl,),
            policies=(),
            listed=True,
            demo=False,
            clock=self.clock,
        )
        self.files.look()

    def application(self) -> web.Application:
        served = {
            ("registry", QUERY): self.behind.serve,
            ("repository", PROVIDE): self.behind.serve,
            ("repository", RETRIEVE): self.behind.serve,
        }
        door = DmpDoor(
            services=served,
            prove=self._proof(),
            repeats=Repeats(self.clock),
            held=Held(2_000_000),
            clock=self.clock,
            ids=SystemIds(),
            count=self.behind.count,
            max_body_bytes=1_000_000,
            request_seconds=60.0,
        )
        app = web.Application()
        app.router.add_routes(dmp_routes(door, PREFIX))
        return app

    def _proof(self) -> Proof:
        provers = Provers(
            people=self.people,
            directory=Directory([]),
            sessions=self.sessions,
            window=Window(),
            software={one.sender: one for one in self.software},
            mutual=self.mutual,
        )
        refusals = Refusals(traces=self.traces, clock=self.clock)
        return Proof(
            trust=self.files,
            provers=provers,
            gate=SenderGate(self.people, refusals),
            clock=self.clock,
        )
