"""What the small services of the DMP door have in common: who asks, and of whom."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.adapters.dmp.service import Call
from gateway.flows.reading.decided.asking import Asking
from gateway.mapping.soap.message import FaultError
from gateway.ports.people.people import PatientNames
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Circumstances, Reader
from gateway.records.readers.vihf import Vihf

NO_PATIENT = "Le VIHF ne nomme aucun patient : renseigner resource-id."
NOT_ALLOWED = "Le patient n'autorise pas l'accès."
"""All that a professional is told of why not (VAULT CHO-04)."""

Asker = Callable[[Vihf, str], tuple[Reader, Circumstances]]
"""The reader of a VIHF and how he comes in, for a transaction ("TD0.3"). Raises DeniedError where
his authentication or his mode has no right to it (XDS.md section 10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """`asking` is that of this door."""

    asking: Asking
    names: PatientNames
    asker: Asker

    def patient(self, call: Call) -> PatientKey:
        """Raises FaultError where the VIHF names none."""
        vihf = call.vihf
        if not vihf.ins or not vihf.ins_oid:
            raise FaultError("Sender", NO_PATIENT)
        return self.names.patient_key(vihf.ins_oid, vihf.ins)


def not_allowed() -> FaultError:
    return FaultError("Sender", NOT_ALLOWED)
