"""What the small services of the DMP door have in common: who asks, and of whom."""

from dataclasses import dataclass

from gateway.access.dmp.rights import Transaction
from gateway.adapters.dmp.service import Call
from gateway.errors import DeniedError
from gateway.flows.dmp.asker import Asker, asker_of
from gateway.flows.reading.decided.asking import Asking
from gateway.mapping.soap.message import FaultError
from gateway.ports.people.people import PatientNames
from gateway.records.patients.patient import PatientKey

NO_PATIENT = "Le VIHF ne nomme aucun patient : renseigner resource-id."
OTHER_PATIENT = "Le patient de la requête n'est pas celui du VIHF."
NOT_ALLOWED = "Le patient n'autorise pas l'accès."
"""All that a professional is told of why the patient's record is not his (VAULT CHO-04)."""
NO_RIGHT = "Ce mode d'authentification ou d'accès n'a pas droit à cette transaction."


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """`asking` is that of this door."""

    asking: Asking
    names: PatientNames

    def patient(self, call: Call) -> PatientKey:
        """Raises FaultError where the VIHF names none."""
        vihf = call.vihf
        if not vihf.ins or not vihf.ins_oid:
            raise FaultError("Sender", NO_PATIENT)
        return self.names.patient_key(vihf.ins_oid, vihf.ins)

    async def asker(
        self, call: Call, transaction: Transaction, patient: PatientKey | None, *, act: str
    ) -> Asker:
        """Raises FaultError where the DMP's own table lets nobody who comes in so."""
        try:
            return await asker_of(
                self.asking, call.vihf, transaction, patient, act=act, address=call.peer
            )
        except DeniedError:
            raise FaultError("Sender", NO_RIGHT) from None


def not_allowed() -> FaultError:
    return FaultError("Sender", NOT_ALLOWED)
