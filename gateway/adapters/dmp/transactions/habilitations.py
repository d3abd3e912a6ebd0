"""The service `habilitations`: setAuthorization (TD0.3), listAuthorizationByPatient (TD1.6)."""

from dataclasses import dataclass

from gateway.access.dmp.rights import Transaction
from gateway.adapters.dmp.service import Call, Reply, Services
from gateway.adapters.dmp.transactions.small import Small, not_allowed
from gateway.errors import DeniedError
from gateway.flows.dmp.authorisation import AGREE, REFUSE, declare, remove
from gateway.flows.dmp.authorised import AUTHORISED, authorised
from gateway.flows.reading.history import ReadHistory
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
from gateway.mapping.soap.message import FaultError

PATH = "habilitations"
ACTIONS = f"{NAMESPACE}:HabilitationsEndPoint:"
PATIENT_DECLARES = "Ici, le patient déclare lui-même son médecin traitant, dans son espace."
VERBS = {Change.ADD: (declare, AGREE), Change.REMOVE: (remove, REFUSE)}
"""With what the log calls a try of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HabilitationsService(Small):
    """`treating`: a physician may declare himself médecin traitant (decision 044)."""

    asking: ReadHistory
    treating: bool = False

    async def change(self, call: Call) -> Reply:
        """AJOUT attests that the patient was informed and agrees (VAULT CHO-03)."""
        asked, patient = read_change(call.message.body), self.patient(call)
        if asked.treating and asked.change is Change.ADD and not self.treating:
            raise FaultError("Sender", PATIENT_DECLARES)
        verb, act = VERBS[asked.change]
        who = await self.asker(call, Transaction.AUTHORISE, patient, act=act)
        try:
            changed = await verb(self.asking, who.reader, patient, treating=asked.treating)
        except DeniedError:
            raise not_allowed() from None
        body = change_answer(asked.change, changed=changed)
        return Reply(body=body, action=f"{ACTIONS}{SET}Response")

    async def tell(self, call: Call) -> Reply:
        mode, patient = read_listed(call.message.body), self.patient(call)
        who = await self.asker(call, Transaction.LIST_AUTHORISATIONS, patient, act=AUTHORISED)
        try:
            lines = await authorised(self.asking, who.reader, patient, who.circumstances)
        except DeniedError:
            raise not_allowed() from None
        return Reply(body=list_answer(lines, mode), action=f"{ACTIONS}{LIST}Response")


def habilitation_services(service: HabilitationsService) -> Services:
    return {
        (PATH, f"{{{NAMESPACE}}}{SET}"): service.change,
        (PATH, f"{{{NAMESPACE}}}{LIST}"): service.tell,
    }
