"""The service `patientsSpecific`: patientList, the records that one may open (TD0.4)."""

from dataclasses import dataclass

from gateway.access.dmp.rights import Transaction
from gateway.adapters.dmp.service import Call, Reply, Services
from gateway.adapters.dmp.transactions.small import Small
from gateway.flows.dmp.patients import LISTED, list_patients
from gateway.mapping.dmp.patient_list import (
    NAMESPACE,
    OPERATION,
    Since,
    patient_list_answer,
    read_patient_list,
)
from gateway.ports.people.authorising import Authorising

PATH = "patientsSpecific"
ACTION = f"{NAMESPACE}:PatientSpecificEndPoint:{OPERATION}Response"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientListService(Small):
    authorising: Authorising

    async def __call__(self, call: Call) -> Reply:
        """Whatever patient the VIHF names, if any: the list is of the reader."""
        asked = read_patient_list(call.message.body)
        who = await self.asker(call, Transaction.LIST_PATIENTS, None, act=LISTED)
        by_document = asked.since is Since.DOCUMENT
        found = await list_patients(
            self.asking, self.authorising, who.reader, start=asked.start, by_document=by_document
        )
        return Reply(body=patient_list_answer(found), action=ACTION)


def patient_list_services(service: PatientListService) -> Services:
    return {(PATH, f"{{{NAMESPACE}}}{OPERATION}"): service}
