"""The service `repository` for ITI-41: TD2.1, a lot of documents, answered by a RegistryResponse.

What is refused or held is told there, with HTTP 200; a fault is of the envelope or of the assertion
(XDS.md sections 5 and 9). What cannot be made durable now the door says, and remembers nothing.
"""

from dataclasses import dataclass

from gateway.access.dmp.rights import Column, Transaction, column_of
from gateway.adapters.dmp.service import Call, Reply, Services
from gateway.adapters.dmp.transactions.small import Small
from gateway.flows.depositing.lot import DepositLot
from gateway.flows.signing_in.vihf import reader_of
from gateway.mapping.xds.answers import Status, registry_response
from gateway.mapping.xds.busy import PROVIDED
from gateway.mapping.xds.errors import registry_errors
from gateway.mapping.xds.lot.request import REQUEST
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict
from gateway.records.readers.access import AccessAction, Reader

PATH = "repository"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvideService(Small):
    deposit: DepositLot

    async def provide(self, call: Call) -> Reply:
        """Answers after the durable commit only. Raises FaultError for no patient or no right to
        feed a record, DeferredError."""
        reader = await self._feeding(call)
        received = await self.deposit(call.entity, call.sender, call.vihf, reader)
        return _told(received.answer)

    async def _feeding(self, call: Call) -> Reader:
        """TD2.1; or TD2.2, the same message by the card of an establishment's agent (CPE)."""
        patient, act = self.patient(call), AccessAction.DEPOSIT
        if column_of(call.vihf) is Column.CPE:
            return reader_of(call.vihf, address=call.peer)
        return (await self.asker(call, Transaction.FEED, patient, act=act)).reader


def provide_services(service: ProvideService) -> Services:
    return {(PATH, REQUEST): service.provide}


def _told(answer: Answer) -> Reply:
    status = Status.FAILURE if answer.verdict is Verdict.REFUSE else Status.SUCCESS
    errors = registry_errors(answer.verdict, answer.findings)
    return Reply(body=registry_response(status, errors), action=PROVIDED)
