"""The small parts of what we say in FHIR: dates, codings, and a resource checked by its model."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import orjson

Json = dict[str, Any]
SYSTEMS = {
    "2.16.840.1.113883.6.1": "http://loinc.org",
    "2.16.840.1.113883.6.96": "http://snomed.info/sct",
    "2.16.840.1.113883.6.3": "http://hl7.org/fhir/sid/icd-10",
    "2.16.840.1.113883.6.347": "http://id.who.int/icd/release/11/mms",
    "2.16.840.1.113883.6.73": "http://www.whocc.no/atc",
    "0.4.0.127.0.16.1.1.2.1": "http://standardterms.edqm.eu",
    "2.16.840.1.113883.5.4": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "2.16.840.1.113883.5.111": "http://terminology.hl7.org/CodeSystem/v3-RoleCode",
    "2.16.840.1.113883.5.83": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
}
"""OIDs that FHIR R4 names otherwise (R4 section 4.3, code systems)."""
INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2})(:\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", re.ASCII)
OID = re.compile(r"[0-2](?:\.(?:0|[1-9]\d*))+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f]")
_ODD_SPACE = re.compile(r"[^\S \r\n\t]|[\x00-\x08\x0e-\x1f]")
VERSION_DIGITS = 16
MAX_STRING_BYTES = 1_048_576
"""R4 datatypes, string: not more than 1 MB."""
MORE = "… (la suite est dans le document)"
CODE = re.compile(r"[^\s\x00-\x1f]+(?: [^\s\x00-\x1f]+)*")


def json_of(model: Any, made: Json) -> bytes:
    """`made` through its fhir.resources model; an invalid one is our fault and raises."""
    text: str = model.model_validate(made).model_dump_json()
    return text.encode()


def version_of(made: Json) -> str:
    """The version of a resource as its reader sees it: the same words, the same version.

    A mask, a label or a later version of the document changes it, where the reader sees that; it
    tells nothing that the resource itself does not.
    """
    words = orjson.dumps(made, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(words).hexdigest()[:VERSION_DIGITS]


def concept(code: str | None, system: str | None, display: str | None = None) -> Json | None:
    kept = code_of(code)
    if kept is None:
        return None
    return {"coding": [full({"system": system, "code": kept, "display": display})]}


def code_of(text: str | None) -> str | None:
    """R4 `code`: one blank between its words, none around them; None where nothing is left."""
    return " ".join(_CONTROL.sub(" ", text or "").split()) or None


def system_of(oid: str | None) -> str | None:
    """The URI of a code system known to FHIR, else its OID as a URN; None for what is no URI."""
    if not oid or code_of(oid) != oid or " " in oid:
        return None
    return SYSTEMS.get(oid, f"urn:oid:{oid}")


def listed(value: Json | None) -> list[Json]:
    return [value] if value else []


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def date_time(value: str | None) -> str | None:
    """A FHIR dateTime: a time has seconds, or is cut to its date; None for no real date."""
    if not value or not _is_real(value):
        return None
    found = INSTANT.fullmatch(value)
    if found:
        return found.group(1) + (found.group(2) or ":00") + found.group(3)
    return value[:10] if DATE.fullmatch(value[:10]) else None


def _is_real(value: str) -> bool:
    try:
        date.fromisoformat((value[:10] + "-01-01")[:10] if len(value) < 10 else value[:10])
        if INSTANT.fullmatch(value):
            datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def full(made: Mapping[str, Any]) -> Json:
    """Without what is empty, at every depth; texts hold no white space that FHIR does not know."""
    kept: Json = {}
    for name, value in made.items():
        value = _kept(value)
        if isinstance(value, list):
            value = [one for one in map(_kept, value) if one not in (None, "", {})]
        if value not in (None, "", [], {}):
            kept[name] = value
    return kept


def _kept(value: Any) -> Any:
    if isinstance(value, Mapping):
        return full(value)
    return plain(value) if isinstance(value, str) else value


def plain(text: str) -> str:
    """R4 `string`: a no-break space or a form feed of a sender becomes a blank; "" for nothing."""
    found = _ODD_SPACE.sub(" ", text)
    return found if found.strip() else ""


def shortened(made: Any) -> Any:
    """The same with every text as long as a string of R4 may be; what is cut off of one is in the
    document, and its end says so. Not for a resource that bears `data`."""
    if isinstance(made, Mapping):
        return {name: shortened(value) for name, value in made.items()}
    if isinstance(made, list):
        return [shortened(one) for one in made]
    if not isinstance(made, str) or len(made) <= MAX_STRING_BYTES // 4:
        return made
    whole = made.encode("utf-8", "replace")
    if len(whole) <= MAX_STRING_BYTES:
        return made
    return whole[: MAX_STRING_BYTES - len(MORE.encode())].decode("utf-8", "ignore") + MORE
