"""FHIR R4 Appointment as a sender writes it (GAP 3.0.0), and as it is answered.

The resource is kept as it came: what is read out of it is what an agenda shows (VAULT AGE-01).
"""

import re
from collections.abc import Iterator
from datetime import MAXYEAR, UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson

from gateway.errors import RefusedError
from gateway.mapping.fhir.findings import error
from gateway.mapping.fhir.json import Json, load_json
from gateway.mapping.fhir.taken.resources.people import identity_of
from gateway.mapping.fhir.values import codings, extension, first_coding, obj, objs, text
from gateway.records.agenda.appointment import (
    PARIS_ZONE,
    Appointment,
    AppointmentStatus,
    Meeting,
)
from gateway.records.agenda.said import SaidAppointment
from gateway.records.readers.access import CODES

KIND = "Appointment"
ZONE = re.compile(r"[A-Za-z_]{2,20}(/[A-Za-z0-9_+-]{1,30}){1,2}", re.ASCII)
ZONE_EXTENSIONS = ("timezone", "tz-code")
NOT_PERSONS = ("Patient", "Location", "RelatedPerson", "Device", "HealthcareService")
MAX_CHARACTERS = 200
FIRST_YEAR = 1900
MAX_MINUTES = 366 * 24 * 60
UNDATED = frozenset(
    {AppointmentStatus.PROPOSED, AppointmentStatus.CANCELLED, AppointmentStatus.WAITLIST}
)
"""R4, app-3: these alone may have no start."""
NOBODY = "Professionnel de santé"


def appointment_in(raw: bytes, *, max_bytes: int) -> SaidAppointment:
    """Raises RefusedError with a finding that says what to mend."""
    told = load_json(raw, max_bytes=max_bytes)
    if told.get("resourceType") != KIND:
        raise _refusal("fhir-resource-type", "resourceType", "Send an Appointment here.")
    found = text(told, "status")
    if found not in set(AppointmentStatus):
        raise _refusal("appointment-status", "Appointment.status", "Say one of R4's statuses.")
    participants = objs(told, "participant")
    if not participants:
        raise _refusal("appointment-participant", "Appointment.participant", "Name who comes.")
    status = AppointmentStatus(found)
    patient = next((one for one in _actors(told) if _is_patient(one)), {})
    return SaidAppointment(
        meeting=_meeting(told, status),
        patient=identity_of(patient),
        identifier=_identifier(told),
        resource=raw,
    )


def _meeting(told: Json, status: AppointmentStatus) -> Meeting:
    zone = _zone(told)
    start, end = _times(told, status)
    wall = start.astimezone(ZoneInfo(zone))
    others = [one for one in _actors(told) if _type(one) not in NOT_PERSONS]
    places = [one for one in _actors(told) if _type(one) == "Location"]
    reasons = (*objs(told, "reasonCode"), *objs(told, "serviceType"))
    security = [text(one, "code") for one in codings({"coding": obj(told, "meta").get("security")})]
    return Meeting(
        wall=wall.replace(tzinfo=None),
        fold=wall.fold,
        zone=zone,
        minutes=-(-int((end - start).total_seconds()) // 60) if end else 0,
        status=status,
        who=_first(_shown(one) for one in others) or NOBODY,
        profession=_first(_concept(one) for one in objs(told, "specialty")),
        place=_first(_shown(one) for one in places),
        reason=_first([*(_concept(one) for one in reasons), text(told, "description") or ""]),
        codes=tuple(one for one in security if one in CODES) or ("N",),
    )


def _times(told: Json, status: AppointmentStatus) -> tuple[datetime, datetime | None]:
    """`start` and `end`; of what is only proposed the period that was asked for."""
    start, end = _instant(told, "start"), _instant(told, "end")
    if start is None and status in UNDATED:
        asked = next(iter(objs(told, "requestedPeriod")), {})
        start, end = _instant(asked, "start"), None
    if start is None:
        raise _refusal("appointment-start", "Appointment.start", "Give the start as an instant.")
    if end is not None and end < start:
        raise _refusal("appointment-end", "Appointment.end", "The end comes after the start.")
    minutes = told.get("minutesDuration")
    if end is None and isinstance(minutes, int) and 0 < minutes < MAX_MINUTES:
        end = start + timedelta(minutes=minutes)
    if end is not None and end - start > timedelta(minutes=MAX_MINUTES):
        raise _refusal("appointment-end", "Appointment.end", "An appointment ends in a year.")
    return start, end


def _instant(told: Json, name: str) -> datetime | None:
    said = told.get(name)
    if said is None:
        return None
    try:
        at = datetime.fromisoformat(said) if isinstance(said, str) else None
        if at is not None and at.tzinfo is not None and FIRST_YEAR <= at.year < MAXYEAR:
            return at.astimezone(UTC)
    except ValueError:
        pass
    message = f"Write {name} as an instant with its offset, as 2026-12-03T10:15:00+01:00."
    raise _refusal(f"appointment-{name}", f"Appointment.{name}", message)


def _zone(told: Json) -> str:
    """That of the place where it is told, else Paris (VAULT AGE-11)."""
    places = [obj(told, "_start"), told, *(obj(one) for one in objs(told, "contained"))]
    for place in places:
        for url in ZONE_EXTENSIONS:
            found = extension(place, url)
            name = text(found, "valueCode") or text(found, "valueString") or ""
            if ZONE.fullmatch(name) and _is_zone(name):
                return name
    return PARIS_ZONE


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (OSError, ValueError, KeyError):
        return False


def _actors(told: Json) -> Iterator[Json]:
    """Each participant's reference; what it contains stands in its place, with its display."""
    held = {f"#{one.get('id')}": one for one in objs(told, "contained")}
    for participant in objs(told, "participant"):
        actor = obj(participant, "actor")
        found = held.get(str(actor.get("reference")), {})
        identifier = actor.get("identifier")
        ids = [*objs(found, "identifier"), *([identifier] if isinstance(identifier, dict) else [])]
        yield {**found, **actor, "identifier": ids}


def _type(actor: Json) -> str:
    told = text(actor, "type") or text(actor, "resourceType") or ""
    reference = text(actor, "reference") or ""
    return told or next((one for one in reference.split("/")[-2:-1]), "")


def _is_patient(actor: Json) -> bool:
    """By its type; where none is told, by an identifier that is an INS."""
    return _type(actor) == "Patient" or (not _type(actor) and bool(identity_of(actor).ins))


def _shown(actor: Json) -> str:
    name = actor.get("name")
    return text(actor, "display") or (name if isinstance(name, str) else "") or ""


def _concept(concept: Json) -> str:
    return text(concept, "text") or text(first_coding(concept), "display") or ""


def _first(texts: Iterator[str] | list[str]) -> str:
    """One line, as long as it is shown."""
    found = next((one for one in texts if one.strip()), "")
    return " ".join(found.split())[:MAX_CHARACTERS]


def _identifier(told: Json) -> str:
    found = next((one for one in objs(told, "identifier") if text(one, "value")), {})
    return f"{text(found, 'system') or ''}|{text(found, 'value')}" if found else ""


def appointment_resource(one: Appointment) -> bytes:
    """As its sender wrote it, with our id and version."""
    source = one.source
    if source is None:
        raise ValueError("no sender wrote this appointment")
    told = orjson.loads(source.resource)
    changed = one.changed_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told["id"] = one.id
    told["meta"] = obj(told, "meta") | {"versionId": str(one.version), "lastUpdated": changed}
    return orjson.dumps(told)


def _refusal(code: str, where: str, message: str) -> RefusedError:
    return RefusedError(message, finding=error(code, where, message))
