"""FHIR Appointment as senders write it (GAP 3.0.0; VAULT AGE-10)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.errors import RefusedError
from gateway.mapping.fhir.appointments import appointment_in, appointment_resource
from gateway.records.agenda.appointment import Appointment, AppointmentStatus, Source
from gateway.records.agenda.said import SaidAppointment
from gateway.records.patients.patient import PatientKey

INS = {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "116057511607766"}
PATIENT = {"actor": {"type": "Patient", "identifier": INS}, "status": "accepted"}
DOCTOR = {"actor": {"reference": "Practitioner/1", "display": "Dr Roux"}, "status": "accepted"}
PLACE = {"actor": {"reference": "Location/1", "display": "Salle 2"}, "status": "accepted"}


def written(**said: Any) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "identifier": [{"system": "urn:rdv", "value": "7"}],
        "status": "booked",
        "start": "2026-12-03T09:15:00Z",
        "end": "2026-12-03T09:45:00Z",
        "specialty": [{"coding": [{"code": "SM54", "display": "Médecine générale"}]}],
        "reasonCode": [{"text": "Suivi"}],
        "participant": [PATIENT, DOCTOR, PLACE],
    } | said


def taken(**said: Any) -> SaidAppointment:
    return appointment_in(json.dumps(written(**said)).encode(), max_bytes=100_000)


def test_an_appointment_is_read_as_an_agenda_shows_it() -> None:
    said = taken()
    meeting = said.meeting
    assert (said.patient.ins, said.patient.ins_oid) == (INS["value"], "1.2.250.1.213.1.4.10")
    assert said.identifier == "urn:rdv|7"
    assert meeting.wall == datetime.fromisoformat("2026-12-03T10:15")
    assert (meeting.who, meeting.profession, meeting.place) == (
        "Dr Roux",
        "Médecine générale",
        "Salle 2",
    )
    assert (meeting.reason, meeting.minutes) == ("Suivi", 30)


def test_a_contained_patient_is_found_by_its_reference() -> None:
    held = {"resourceType": "Patient", "id": "p", "identifier": [INS]}
    actor = {"actor": {"reference": "#p"}, "status": "accepted"}
    assert taken(contained=[held], participant=[actor, DOCTOR]).patient.ins == INS["value"]


def test_the_hours_are_those_of_the_zone_that_the_start_tells() -> None:
    url = "http://hl7.org/fhir/StructureDefinition/tz-code"
    start = {"extension": [{"url": url, "valueCode": "Indian/Reunion"}]}
    meeting = taken(_start=start).meeting
    assert (meeting.wall.hour, meeting.zone) == (13, "Indian/Reunion")
    assert meeting.starts_at == datetime(2026, 12, 3, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize("hour", ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"])
def test_an_instant_of_the_night_of_a_clock_change_stays_that_instant(hour: str) -> None:
    meeting = taken(start=hour, end=hour).meeting
    assert meeting.starts_at == datetime.fromisoformat(hour)
    assert meeting.wall.hour == 2


def test_what_is_only_proposed_stands_in_the_period_that_was_asked_for() -> None:
    asked = [{"start": "2026-12-04T09:00:00Z"}]
    meeting = taken(status="proposed", start=None, end=None, requestedPeriod=asked).meeting
    assert meeting.status is AppointmentStatus.PROPOSED
    assert meeting.wall.day == 4


def test_who_it_is_hidden_from_is_kept() -> None:
    hidden = {"security": [{"system": "x", "code": "INVISIBLE_REPRESENTANTS_LEGAUX"}]}
    assert taken(meta=hidden).meeting.codes == ("INVISIBLE_REPRESENTANTS_LEGAUX",)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"resourceType": "Slot"}, "fhir-resource-type"),
        ({"status": "perhaps"}, "appointment-status"),
        ({"participant": []}, "appointment-participant"),
        ({"start": None}, "appointment-start"),
        ({"start": "2026-12-03"}, "appointment-start"),
        ({"start": "2026-12-03T09:15:00"}, "appointment-start"),
        ({"start": 7}, "appointment-start"),
        ({"end": "2026-12-03T09:00:00Z"}, "appointment-end"),
        ({"end": "2036-12-03T09:00:00Z"}, "appointment-end"),
    ],
)
def test_what_no_agenda_could_show_is_refused(said: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        taken(**said)
    assert refused.value.finding is not None
    assert refused.value.finding.code == code


def test_the_resource_is_given_back_as_it_came_with_our_id_and_version() -> None:
    said, at = taken(note="kept"), datetime(2026, 11, 23, tzinfo=UTC)
    one = Appointment(
        id="a" * 32,
        patient=PatientKey(b"p" * 16),
        meeting=said.meeting,
        version=2,
        made_at=at,
        changed_at=at,
        source=Source(sender="labo", resource=said.resource),
    )
    told = json.loads(appointment_resource(one))
    assert told["meta"] == {"versionId": "2", "lastUpdated": "2026-11-23T00:00:00.000Z"}
    assert told == written(note="kept") | {"id": "a" * 32, "meta": told["meta"]}
