"""The service `registry` for ITI-57: TD3.3a to d (XDS.md section 7)."""

from dataclasses import dataclass

from gateway.adapters.dmp.service import Call, Reply, Services
from gateway.adapters.dmp.transactions.small import NO_PATIENT
from gateway.flows.dmp.update import Asked, UpdateDocuments
from gateway.flows.reading.decided.quiet import Quiet
from gateway.flows.signing_in.vihf import circumstances_of, reader_of
from gateway.mapping.soap.message import FaultError
from gateway.mapping.xdm.ebrim.metadata import LCM_ROOT
from gateway.mapping.xds.answers import Status, registry_response
from gateway.mapping.xds.busy import UPDATED
from gateway.mapping.xds.update.request import read_update

PATH = "registry"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateService:
    """What is refused leaves on a tick, as what is not there does (decision 024)."""

    update: UpdateDocuments
    quiet: Quiet

    async def __call__(self, call: Call) -> Reply:
        """lcm:SubmitObjectsRequest. Raises FaultError where the VIHF names no patient, and
        DeferredError."""
        came, vihf = self.quiet.came(), call.vihf
        if not vihf.ins or not vihf.ins_oid:
            raise FaultError("Sender", NO_PATIENT)
        reader = reader_of(vihf, address=call.peer)
        asked = Asked(vihf=vihf, reader=reader, circumstances=circumstances_of(vihf))
        errors = await self.update(asked, read_update(call.message.body))
        if errors:
            await self.quiet.leave(came)
        status = Status.FAILURE if errors else Status.SUCCESS
        return Reply(body=registry_response(status, errors), action=UPDATED)


def update_services(service: UpdateService) -> Services:
    return {(PATH, LCM_ROOT): service}
