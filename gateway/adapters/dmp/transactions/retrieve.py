"""The service `repository`: RetrieveDocumentSetRequest (ITI-43; TD3.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.access.dmp.rights import Transaction
from gateway.adapters.dmp.service import Call, Reply, Services
from gateway.adapters.dmp.transactions.small import Small
from gateway.flows.dmp.find import take_documents
from gateway.flows.reading.decided.quiet import Quiet
from gateway.flows.reading.xds.hand_over import DOWNLOAD, HandedOver, masked_to
from gateway.mapping.xds.errors import RegistryError
from gateway.mapping.xds.retrieve import (
    ACTION,
    REQUEST,
    Retrieved,
    RetrieveRefusedError,
    Wanted,
    error_of,
    no_room,
    read_retrieve,
    retrieve_response,
)

PATH = "repository"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrieveService(Small):
    """`repository` is our repositoryUniqueId. An answer that lacks a document leaves on a tick
    (decision 024)."""

    quiet: Quiet
    repository: str

    async def retrieve(self, call: Call) -> Reply:
        """Raises FaultError where the VIHF names no patient, and for no right to ask."""
        came = self.quiet.came()
        try:
            wanted = read_retrieve(call.message.body)
        except RetrieveRefusedError as refused:
            return _reply((), [refused.error])
        handed = await self._handed(call, wanted)
        found = [(one, handed[one.unique_id]) for one in wanted if self._is_there(one, handed)]
        missing = [one for one in wanted if not self._is_there(one, handed)]
        errors = [error_of(one, self.repository) for one in missing]
        if errors:
            await self.quiet.leave(came)
        errors += [no_room(one) for one, given in found if given.body is None]
        return _reply([_retrieved(*one) for one in found if one[1].body is not None], errors)

    async def _handed(self, call: Call, wanted: Sequence[Wanted]) -> dict[str, HandedOver]:
        patient = self.patient(call)
        asker = await self.asker(call, Transaction.RETRIEVE, patient, act=DOWNLOAD)
        names = [one.unique_id for one in wanted if one.repository == self.repository]
        unless = masked_to(call.vihf)
        return await take_documents(
            self.asking, asker.reader, patient, names, asker.circumstances, unless
        )

    def _is_there(self, one: Wanted, handed: Mapping[str, HandedOver]) -> bool:
        return one.repository == self.repository and one.unique_id in handed


def _retrieved(wanted: Wanted, given: HandedOver) -> Retrieved:
    return Retrieved(wanted=wanted, mime_type=given.card.mime_type, body=given.body or b"")


def _reply(found: Sequence[Retrieved], errors: Sequence[RegistryError]) -> Reply:
    body, parts = retrieve_response(found, errors)
    return Reply(body=body, action=ACTION, parts=parts)


def retrieve_services(service: RetrieveService) -> Services:
    return {(PATH, REQUEST): service.retrieve}
