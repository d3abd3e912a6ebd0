"""FHIR data types as loaded JSON, read without trust: a wrong shape is the same as absence."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

from gateway.mapping.fhir.json import Json
from gateway.mapping.tables import rows

OIDS = {
    "http://loinc.org": "2.16.840.1.113883.6.1",
    "http://snomed.info/sct": "2.16.840.1.113883.6.96",
    "http://terminology.hl7.org/CodeSystem/v3-Confidentiality": "2.16.840.1.113883.5.25",
}
NOS = {row["name"]: row["oid"] for row in rows("nos_systems")}
NOS_URL = re.compile(
    r"https?://(?:[a-z]+\.)?esante\.gouv\.fr/.*?(TRE|JDV)[_-]([A-Z][0-9]+)(?![0-9])"
)
DATE_TIME = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}"
    r"(?P<time>T(?:[01][0-9]|2[0-3]):[0-9]{2}"
    r"(?P<seconds>:[0-9]{2}(?:(?P<fraction>\.[0-9]{1,6})[0-9]*)?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2}))?)?)?"
)
"""FHIR R4, dateTime, which has no 24:00; a time without its seconds is understood too."""
TO_MINUTES, TO_SECONDS = 16, 19
"""Characters of the ISO form."""
LEAP = re.compile(r"(?<=T\d\d:\d\d):60")
URI_SYSTEM = "urn:ietf:rfc:3986"
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
OID_PREFIX, UUID_PREFIX = "urn:oid:", "urn:uuid:"
OID_URN = re.compile(r"\Aurn:oid:", re.IGNORECASE)
URN = re.compile(r"\Aurn:(?:oid|uuid):", re.IGNORECASE)
"""`urn` and the name of a namespace are the same in capitals (RFC 8141, section 3.1)."""
NATIONAL = f"{OID_PREFIX}1.2.250.1."
"""OIDs of the ANS and of the CNAM are under that of France."""


def obj(value: Any, *path: str) -> Json:
    """The object at the end of the path, or an empty one."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def objs(value: Any, *path: str) -> list[Json]:
    """The objects of the list at the end of the path; a lone object counts as a list of one."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, dict)]


def text(value: Any, *path: str) -> str | None:
    """The string at the end of the path, its white space as one blank."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return " ".join(value.split()) or None if isinstance(value, str) else None


def texts(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [kept for one in listed if (kept := text(one))]


def codings(concept: Any) -> Iterator[Json]:
    """The codings of a CodeableConcept, or a lone Coding itself."""
    found = objs(concept, "coding")
    yield from found or ([concept] if text(concept, "code") else [])


def first_coding(concept: Any) -> Json:
    return next(codings(concept), {})


def chosen_code(concept: Any) -> str | None:
    """The code of a concept that may have several: that of a French terminology, else of another
    that is known here, else the first. The others say the same in the sender's own words."""
    told = [one for one in codings(concept) if text(one, "code")]
    by_system = [(text(one, "system") or "", one) for one in told]
    national = (one for system, one in by_system if _is_national(system))
    known = (one for system, one in by_system if system in OIDS)
    return text(next(chain(national, known, told), None), "code")


def _is_national(system: str) -> bool:
    return system.startswith(NATIONAL) or NOS_URL.match(system) is not None


def extension(element: Any, url_end: str) -> Json:
    """The first extension whose url ends so: guides move between hosts and versions."""
    for one in objs(element, "extension"):
        if (text(one, "url") or "").rpartition("/")[2] == url_end:
            return one
    return {}


def system_oid(system: str | None) -> str | None:
    """The OID of a code or identifier system where it is known; else what came."""
    if system is None:
        return None
    named = NOS_URL.match(system)
    known = NOS.get(f"{named[1]}_{named[2]}") if named else OIDS.get(system)
    return known or OID_URN.sub("", system)


def unique_id(identifier: Any) -> str | None:
    """masterIdentifier as "root" or "root^extension" (FHIR.md section 3)."""
    value, system = text(identifier, "value"), text(identifier, "system")
    if not value:
        return None
    if system in (None, URI_SYSTEM) or URN.match(value):
        return URN.sub("", value)
    return f"{system_oid(system)}^{value}"


def utc(value: Any) -> str | None:
    """A FHIR dateTime or instant in UTC, as precise as it is: six digits of a fraction at most.
    A leap second (R4, dateTime: 60) is told as the second before it, of the same minute.

    None for what is no day of the calendar, and for a time without its offset.
    """
    written = text(value)
    found = DATE_TIME.fullmatch(written) if written else None
    if not written or found is None:
        return None
    try:
        if found["time"] is None:
            date.fromisoformat((written + "-01-01")[:10])
            return written
        moment = datetime.fromisoformat(LEAP.sub(":59", written)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    cut = TO_SECONDS if found["seconds"] else TO_MINUTES
    return f"{moment.isoformat()[:cut]}{found['fraction'] or ''}Z"
