"""The service `repository` for ITI-41: TD2.1, a lot of documents, answered by a RegistryResponse.

What is refused or held is told there, with HTTP 200; a fault is of the envelope or of the assertion
(XDS.md sections 5 and 9).
"""

from dataclasses import dataclass

from gateway.adapters.dmp.service import Call, Reply, Services
from gateway.adapters.dmp.transactions.small import Small
from gateway.errors import DeferredError
from gateway.flows.depositing.lot import DepositLot
from gateway.mapping.soap.message import FaultError
from gateway.mapping.xds.answers import Status, registry_response
from gateway.mapping.xds.errors import registry_errors
from gateway.mapping.xds.lot.request import REQUEST
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict

PATH = "repository"
ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvideService:
    deposit: DepositLot

    async def __call__(self, call: Call) -> Reply:
        """Answers after the durable commit only. Raises FaultError where the VIHF names no patient,
        DeniedError where who asks may not feed a record."""
        if not call.vihf.ins or not call.vihf.ins_oid:
            raise FaultError("Sender", NO_PATIENT)
        try:
            received = await self.deposit(call.entity, call.sender, call.vihf, address=call.peer)
        except DeferredError as error:
            return _later(error)
        return _told(received.answer)


def repository_services(deposit: DepositLot) -> Services:
    return {(PATH, REQUEST): ProvideService(deposit=deposit)}


def _told(answer: Answer) -> Reply:
    status = Status.FAILURE if answer.verdict is Verdict.REFUSE else Status.SUCCESS
    errors = registry_errors(answer.verdict, answer.findings)
    return Reply(body=registry_response(status, errors), action=ACTION)
