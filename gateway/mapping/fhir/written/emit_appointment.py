"""An appointment of an agenda as Appointment (R4), whoever told of it."""

from gateway.mapping.fhir.written.making import Json, full, instant, json_of
from gateway.records.agenda.appointment import Appointment


def appointment(one: Appointment, whose: Json, *, note: str = "") -> bytes:
    """`whose` is the reference of its patient, `note` that of who asks. Where no end is known it
    ends as it begins: R4 has both or none (app-2)."""
    from fhir.resources.R4B.appointment import Appointment as Model

    said = one.meeting
    place = {"actor": {"type": "Location", "display": said.place}, "status": "accepted"}
    made = full(
        {
            "resourceType": "Appointment",
            "id": one.id,
            "meta": {"versionId": str(one.version), "lastUpdated": instant(one.changed_at)},
            "status": said.status.value,
            "specialty": [{"text": said.profession}] if said.profession else [],
            "reasonCode": [{"text": said.reason}] if said.reason else [],
            "start": instant(said.starts_at),
            "end": instant(said.ends_at or said.starts_at),
            "created": instant(one.made_at),
            "patientInstruction": note,
            "supportingInformation": [
                {"reference": f"DocumentReference/{name}"} for name in one.beside.documents
            ],
            "participant": [
                {"actor": whose, "status": "accepted"},
                {"actor": {"display": said.who}, "status": "accepted"},
                place if said.place else {},
            ],
        }
    )
    return json_of(Model, made)
