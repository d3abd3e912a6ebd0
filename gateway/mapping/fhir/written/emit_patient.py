"""The person of a record as Patient: the INS and the traits that go with it."""

from gateway.mapping.fhir.written.deposit import GENDERS
from gateway.mapping.fhir.written.making import Json, date_time, full, json_of, version_of
from gateway.records.patients.account import Person
from gateway.records.patients.patient import PatientIdentity


def patient(person: Person) -> bytes:
    """`id` is what a search calls `patient`."""
    from fhir.resources.R4B.patient import Patient

    identity = person.identity
    made = full(
        {
            "resourceType": "Patient",
            "id": person.key.hex(),
            "identifier": [_ins(identity)] if identity.ins and identity.ins_oid else [],
            "active": True,
            "name": [
                _name("official", identity.birth_family, identity.birth_given),
                _name("usual", identity.used_family, identity.used_given),
            ],
            "gender": GENDERS.get(identity.sex or "", "unknown"),
            "birthDate": (date_time(identity.birth_date) or "")[:10],
        }
    )
    made["meta"] = {"versionId": version_of(made)}
    return json_of(Patient, made)


def _ins(identity: PatientIdentity) -> Json:
    return {"use": "official", "system": f"urn:oid:{identity.ins_oid}", "value": identity.ins}


def _name(use: str, family: str | None, given: str | None) -> Json:
    if not family and not given:
        return {}
    return {"use": use, "family": family, "given": [given] if given else []}
