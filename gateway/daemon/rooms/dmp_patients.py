"""The services of the DMP door about patients and authorisations, joined to their flows."""

from dataclasses import replace

from gateway.adapters.dmp.habilitations import HabilitationsService, habilitation_services
from gateway.adapters.dmp.patients import PatientsService, patient_services
from gateway.adapters.dmp.service import Services
from gateway.adapters.dmp.specific import PatientListService, patient_list_services
from gateway.daemon.rooms.house import House
from gateway.flows.signing_in.vihf import DOOR


def services_about_patients(house: House) -> Services:
    """`patients`, `patientsPDQ`, `habilitations` and `patientsSpecific`."""
    asking, store = replace(house.read, door=DOOR), house.store
    device = house.settings.dmp.repository
    return {
        **patient_services(
            PatientsService(asking=asking, names=store.keys, ids=house.ids, device=device)
        ),
        **habilitation_services(
            HabilitationsService(asking=asking, names=store.keys, directory=store.people)
        ),
        **patient_list_services(
            PatientListService(asking=asking, names=store.keys, authorising=store.people)
        ),
    }
