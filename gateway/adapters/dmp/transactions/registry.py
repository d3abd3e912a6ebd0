"""The service `registry`: AdhocQueryRequest (ITI-18; TD3.1 and TD3.1b)."""

import asyncio
from dataclasses import dataclass
from functools import partial

from gateway.access.dmp.rights import Transaction
from gateway.adapters.dmp.service import Call, Reply, Services
from gateway.adapters.dmp.transactions.small import OTHER_PATIENT, Small
from gateway.flows.dmp.find import find_objects
from gateway.flows.reading.decided.quiet import Quiet
from gateway.mapping.soap.message import FaultError
from gateway.mapping.xds.query.answer import ACTION, found_response, refused_response
from gateway.mapping.xds.query.asked import REQUEST, Query, QueryRefusedError, read_query
from gateway.mapping.xds.query.find import Found
from gateway.records.readers.access import AccessAction
from gateway.records.readers.vihf import Vihf

PATH = "registry"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryService(Small):
    """`repository` is our repositoryUniqueId. An answer of nothing leaves on a tick (024)."""

    quiet: Quiet
    repository: str

    async def find(self, call: Call) -> Reply:
        """Raises FaultError for another patient than the VIHF's, and for no right to ask."""
        came = self.quiet.came()
        try:
            query = read_query(call.message.body)
            found = await self._found(call, query)
            if not len(found):
                await self.quiet.leave(came)
            write = partial(found_response, leaf=query.leaf, repository=self.repository)
            return Reply(body=await asyncio.to_thread(write, found), action=ACTION)
        except QueryRefusedError as refused:
            return Reply(body=refused_response([refused.error]), action=ACTION)

    async def _found(self, call: Call, query: Query) -> Found:
        patient = self.patient(call)
        check_patient(query, call.vihf)
        transaction = Transaction.FIND if query.leaf else Transaction.FIND_IDS
        asker = await self.asker(call, transaction, patient, act=AccessAction.SEARCH)
        return await find_objects(self.asking, asker.reader, patient, query, asker.circumstances)


def check_patient(query: Query, vihf: Vihf) -> None:
    """A query that names no patient is of the VIHF's. Raises FaultError."""
    own = (vihf.ins, vihf.ins_oid)
    if any(one is None or (one.id, one.oid) != own for one in query.patients):
        raise FaultError("Sender", OTHER_PATIENT)


def registry_services(service: RegistryService) -> Services:
    return {(PATH, REQUEST): service.find}
