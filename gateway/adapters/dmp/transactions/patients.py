"""The services `patients` and `patientsPDQ`: TD0.2 and TD1.3a; what is not offered says so."""

from dataclasses import dataclass
from functools import partial

from gateway.access.dmp.rights import Transaction
from gateway.adapters.dmp.service import Call, Reply, Service, Services
from gateway.adapters.dmp.transactions.small import NO_PATIENT, OTHER_PATIENT, Small
from gateway.clock import Ids
from gateway.flows.dmp.existence import ADMINISTRATIVE, EXISTENCE, existence
from gateway.mapping.dmp.interaction import (
    ADD,
    FIND_CANDIDATES,
    GET_DEMOGRAPHICS,
    REVISE,
    PatientQuery,
    Reason,
    read_patient_query,
)
from gateway.mapping.dmp.patient_answer import ACTION, Written, patient_answer
from gateway.mapping.soap.message import FaultError
from gateway.mapping.vihf.prove import is_about

PATH, SEARCH_PATH = "patients", "patientsPDQ"
ACTS = {
    Reason.EXISTENCE: (Transaction.EXISTS, EXISTENCE),
    Reason.ADMINISTRATIVE: (Transaction.ADMINISTRATIVE_DATA, ADMINISTRATIVE),
}
"""The transaction of a reason, and what the log calls it."""
NOT_OFFERED = {
    (SEARCH_PATH, FIND_CANDIDATES): "La recherche d'un patient sans INS (TD0.5) n'est pas offerte"
    " ici : demander par l'INS (TD0.2).",
    (PATH, ADD): "La création d'un DMP n'est pas offerte ici : la personne ouvre elle-même son"
    " espace.",
    (PATH, REVISE): "Modifier ou fermer un DMP (TD1.3b, TD1.4) n'est pas offert ici : la personne"
    " le fait dans son espace, ou par le 3422.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientsService(Small):
    """`device` is the OID of this installation."""

    ids: Ids
    device: str

    async def __call__(self, call: Call) -> Reply:
        """PRPA_IN201307UV02; a reader who may not consult is answered, and told little."""
        query = read_patient_query(call.message.body)
        _check_patient(call, query)
        transaction, act = ACTS[query.reason]
        patient = self.patient(call)
        who = await self.asker(call, transaction, patient, act=act)
        told = await existence(self.asking, who.reader, patient, who.circumstances, act=act)
        written = Written(self.ids.identifier(), self.device, self.asking.clock.now())
        return Reply(body=patient_answer(query, told, written), action=ACTION)


def patient_services(service: PatientsService) -> Services:
    offered: dict[tuple[str, str], Service] = {(PATH, GET_DEMOGRAPHICS): service}
    refused = {where: partial(_not_offered, why) for where, why in NOT_OFFERED.items()}
    return offered | refused


def _check_patient(call: Call, query: PatientQuery) -> None:
    """Raises FaultError where the VIHF names nobody, or somebody else."""
    if call.vihf.ins is None:
        raise FaultError("Sender", NO_PATIENT)
    if not is_about(call.vihf, query.ins, query.ins_oid):
        raise FaultError("Sender", OTHER_PATIENT)


async def _not_offered(why: str, _call: Call) -> Reply:
    raise FaultError("Sender", why, subcode="wsa:ActionNotSupported")
