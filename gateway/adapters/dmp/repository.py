"""The service `repository`: TD2.1, a lot of documents (ITI-41), answered by a RegistryResponse.

What is refused or held is told there, with HTTP 200; a fault is of the envelope or of the assertion
(XDS.md sections 5 and 9).
"""

from dataclasses import dataclass

from gateway.access.dmp.rights import Transaction
from gateway.adapters.dmp.service import Call, Reply, Services
from gateway.adapters.dmp.small import Small
from gateway.flows.depositing.lot import DepositLot
from gateway.mapping.xds.answers import Status, registry_response
from gateway.mapping.xds.errors import registry_errors
from gateway.mapping.xds.lot.request import REQUEST
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict
from gateway.records.readers.access import AccessAction

PATH = "repository"
ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvideService(Small):
    deposit: DepositLot

    async def provide(self, call: Call) -> Reply:
        """Answers after the durable commit only. Raises FaultError for no patient or no right to
        feed a record, DeferredError when nothing could be made durable."""
        patient, act = self.patient(call), AccessAction.DEPOSIT
        asker = await self.asker(call, Transaction.FEED, patient, act=act)
        received = await self.deposit(call.entity, call.sender, call.vihf, asker.reader)
        return _told(received.answer)


def provide_services(service: ProvideService) -> Services:
    return {(PATH, REQUEST): service.provide}


def _told(answer: Answer) -> Reply:
    status = Status.FAILURE if answer.verdict is Verdict.REFUSE else Status.SUCCESS
    errors = registry_errors(answer.verdict, answer.findings)
    return Reply(body=registry_response(status, errors), action=ACTION)
