"""The service `provide`: TD2.1, a lot of documents (ITI-41), answered by a RegistryResponse.

What is refused, held or cannot be made durable now is told there, with HTTP 200; a fault is of the
envelope or of the assertion (XDS.md sections 5 and 9).
"""

from collections.abc import Callable

from gateway.adapters.dmp.service import Call, Reply, Service
from gateway.errors import DeferredError
from gateway.flows.depositing.lot import DepositLot
from gateway.mapping.xds.answers import Status, registry_response
from gateway.mapping.xds.errors import (
    OUT_OF_RESOURCES,
    REPOSITORY_BUSY,
    RegistryError,
    registry_errors,
)
from gateway.mapping.xds.lot.request import REQUEST
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict
from gateway.records.readers.access import Reader

PATH = "repository"
PROVIDE = (PATH, REQUEST)
"""Where the door finds this service."""
ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse"
ReaderOf = Callable[[Call], Reader]
"""Who asks, as the rules of access know him; raises DeniedError where he may not feed a record."""


def provide_with(deposit: DepositLot, reader_of: ReaderOf) -> Service:
    async def provide(call: Call) -> Reply:
        """Answers after the durable commit only."""
        reader = reader_of(call)
        try:
            received = await deposit(call.entity, call.sender, call.vihf, reader)
        except DeferredError as error:
            return _later(error)
        return _told(received.answer)

    return provide


def _told(answer: Answer) -> Reply:
    status = Status.FAILURE if answer.verdict is Verdict.REFUSE else Status.SUCCESS
    errors = registry_errors(answer.verdict, answer.findings)
    return Reply(body=registry_response(status, errors), action=ACTION)


def _later(error: DeferredError) -> Reply:
    """The same request may be sent again, unchanged."""
    code = OUT_OF_RESOURCES if error.disk_full else REPOSITORY_BUSY
    told = RegistryError(code, str(error))
    return Reply(body=registry_response(Status.FAILURE, [told]), action=ACTION)
