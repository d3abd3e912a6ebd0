"""The service `habilitations`: setAuthorization (TD0.3), listAuthorizationByPatient (TD1.6)."""

from dataclasses import dataclass

from gateway.adapters.dmp.service import Call, Reply, Services
from gateway.adapters.dmp.small import Small, not_allowed
from gateway.errors import DeniedError
from gateway.flows.dmp.authorisation import declare, remove
from gateway.flows.dmp.authorised import authorised
from gateway.mapping.dmp.habilitations import (
    LIST,
    NAMESPACE,
    SET,
    Change,
    change_answer,
    list_answer,
    read_change,
    read_listed,
)

PATH = "habilitations"
ACTIONS = f"{NAMESPACE}:HabilitationsEndPoint:"
VERBS = {Change.ADD: declare, Change.REMOVE: remove}


@dataclass(frozen=True, slots=True, kw_only=True)
class HabilitationsService(Small):
    async def change(self, call: Call) -> Reply:
        """AJOUT attests that the patient was informed and agrees (VAULT CHO-03)."""
        asked, patient = read_change(call.message.body), self.patient(call)
        reader, _ = self.asker(call.vihf, "TD0.3")
        verb = VERBS[asked.change]
        try:
            changed = await verb(self.asking, reader, patient, treating=asked.treating)
        except DeniedError:
            raise not_allowed() from None
        body = change_answer(asked.change, changed=changed)
        return Reply(body=body, action=f"{ACTIONS}{SET}Response")

    async def tell(self, call: Call) -> Reply:
        mode, patient = read_listed(call.message.body), self.patient(call)
        reader, _ = self.asker(call.vihf, "TD1.6")
        try:
            lines = await authorised(self.asking, reader, patient)
        except DeniedError:
            raise not_allowed() from None
        return Reply(body=list_answer(lines, mode), action=f"{ACTIONS}{LIST}Response")


def habilitation_services(service: HabilitationsService) -> Services:
    return {
        (PATH, f"{{{NAMESPACE}}}{SET}"): service.change,
        (PATH, f"{{{NAMESPACE}}}{LIST}"): service.tell,
    }
