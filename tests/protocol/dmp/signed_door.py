"""A DMP door on loopback that verifies signatures for real, before services with twins behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from dmp_software import TEST_INS
from door_of_dmp import LPS, PREFIX, FixedClock
from reading_twins import ANNE, NOW
from vihf_case import INS, TRUST

from gateway.adapters.dmp.again import Repeats
from gateway.adapters.dmp.door import DmpDoor, dmp_routes
from gateway.adapters.dmp.held import Held
from gateway.adapters.dmp.service import Services
from gateway.clock import SystemIds
from gateway.mapping.soap.message import Message
from gateway.mapping.vihf.prove import prove
from gateway.records.patients.account import SenderAccount
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.vihf import Vihf

Client = TestClient[web.Request, web.Application]


class Names:
    """One INS is Anne's; any other names somebody whom nobody here knows."""

    def patient_key(self, ins_oid: str, ins: str) -> PatientKey:
        return ANNE if (ins_oid, ins) == (TEST_INS, INS) else PatientKey(b"n" * 16)

    def local_key(self, identifier: str) -> bytes:
        return identifier.encode()


async def proved(_request: web.Request, message: Message) -> tuple[SenderAccount, Vihf]:
    return LPS, prove(message.envelope, TRUST, now=NOW).vihf


def counted(*, transaction: str, outcome: str, seconds: float) -> None:
    """Nothing is counted here."""


@asynccontextmanager
async def serving(services: Services, *, max_body_bytes: int = 100_000) -> AsyncIterator[Client]:
    clock = FixedClock()
    door = DmpDoor(
        services=services,
        prove=proved,
        repeats=Repeats(clock),
        held=Held(2_000_000),
        clock=clock,
        ids=SystemIds(),
        count=counted,
        max_body_bytes=max_body_bytes,
        request_seconds=60.0,
    )
    app = web.Application()
    app.router.add_routes(dmp_routes(door, PREFIX))
    async with TestClient(TestServer(app)) as opened:
        yield opened
