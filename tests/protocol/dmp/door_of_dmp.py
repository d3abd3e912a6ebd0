"""A DMP door on loopback with twins behind it, and what software sends to it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from aiohttp import web
from lxml import etree

from gateway.adapters.dmp.again import Repeats
from gateway.adapters.dmp.door import DmpDoor, dmp_routes
from gateway.adapters.dmp.held import Held
from gateway.adapters.dmp.service import Call, Reply
from gateway.clock import SystemIds
from gateway.mapping.soap.message import NO_PARTS, FaultError, Message
from gateway.records.patients.account import SenderAccount
from gateway.records.readers.access import Mode
from gateway.records.readers.vihf import Authentication, Vihf

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
PREFIX = "/si-dmp-server/v2/services"
QUERY = "{urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0}AdhocQueryRequest"
PROVIDE = "{urn:ihe:iti:xds-b:2007}ProvideAndRegisterDocumentSetRequest"
RETRIEVE = "{urn:ihe:iti:xds-b:2007}RetrieveDocumentSetRequest"
QUERY_ACTION = "urn:ihe:iti:2007:RegistryStoredQuery"
PROVIDE_ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
RETRIEVE_ACTION = "urn:ihe:iti:2007:RetrieveDocumentSet"
ASKED = '<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"/>'
PROVIDED = '<x:ProvideAndRegisterDocumentSetRequest xmlns:x="urn:ihe:iti:xds-b:2007"/>'
RETRIEVED = '<x:RetrieveDocumentSetRequest xmlns:x="urn:ihe:iti:xds-b:2007"/>'
VIHF = Vihf(
    id="_1",
    issued_at=AT,
    until=AT + timedelta(minutes=10),
    subject="899700218896",
    name="FICTIVE CLAIRE",
    structure="10B0127189",
    sector=None,
    profession="G15_10/SM26",
    authentication=Authentication.DIRECT,
    mode=Mode.NORMAL,
    certificate="ab" * 32,
    software="Logiciel fictif",
)
LPS = SenderAccount(name="lps", token_hash=b"")


class FixedClock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return AT

    def monotonic(self) -> float:
        return self.seconds


class Behind:
    """A service for every transaction: it remembers its calls, and raises what it is told to."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.error: Exception | None = None
        self.parts: Mapping[str, bytes] = NO_PARTS
        self.counted: list[tuple[str, str]] = []
        self.unknown = False

    async def serve(self, call: Call) -> Reply:
        self.calls.append(call)
        if self.error is not None:
            raise self.error
        body = etree.Element("{urn:test}Done", number=str(len(self.calls)))
        return Reply(body=body, action="urn:test:Done", parts=self.parts)

    async def prove(self, _request: web.Request, _message: Message) -> tuple[SenderAccount, Vihf]:
        if self.unknown:
            raise FaultError("Sender", "Certificat inconnu.", subcode="DMPInvalidCertificate")
        return LPS, VIHF

    def count(self, *, transaction: str, outcome: str, seconds: float) -> None:
        assert seconds == 0.0
        self.counted.append((transaction, outcome))


def application(
    behind: Behind, *, clock: FixedClock, strict: bool = False, max_body_bytes: int = 1_000_000
) -> web.Application:
    services = {
        ("registry", QUERY): behind.serve,
        ("repository", PROVIDE): behind.serve,
        ("repository", RETRIEVE): behind.serve,
    }
    door = DmpDoor(
        services=services,
        prove=behind.prove,
        repeats=Repeats(clock),
        held=Held(2_000_000),
        clock=clock,
        ids=SystemIds(),
        count=behind.count,
        max_body_bytes=max_body_bytes,
        request_seconds=60.0,
        strict=strict,
    )
    app = web.Application()
    app.router.add_routes(dmp_routes(door, PREFIX))
    return app
