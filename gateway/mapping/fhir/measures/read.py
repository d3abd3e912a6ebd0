"""Observation and Device of the measures guide as measures: whole, or refused with what to mend.

Guide: ansforge/IG-fhir-mesures-de-sante. A number is never guessed: without its unit, without a day
or beyond the bounds of its measure it is no measure.
"""

import re
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from gateway.mapping.fhir.findings import error, information
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.room import Room, room_of
from gateway.mapping.fhir.values import (
    codings,
    extension,
    obj,
    objs,
    system_oid,
    text,
    utc,
)
from gateway.mapping.measures.judged import Wrong, WrongPart, judged
from gateway.mapping.measures.kinds import (
    DIASTOLIC,
    MAX_DAYS,
    MOMENTS,
    SYSTOLIC,
    Kind,
    kind_of,
)
from gateway.mapping.measures.made import (
    COMMENT_CHARACTERS,
    ID_CHARACTERS,
    WORDS_CHARACTERS,
    Told,
    When,
    is_in_life,
    made,
    when_of,
)
from gateway.records.entries.measure import Measure
from gateway.records.intake.finding import Finding

LOINC = "2.16.840.1.113883.6.1"
MAX_EXPONENT = 9
TAKEN = frozenset({"final", "amended", "corrected"})
REASON, MOMENT, DAYS = (
    "mesures-reason-for-measurement",
    "mesures-moment-of-measurement",
    "mesures-number-of-days",
)
"""How the addresses of the guide's extensions end."""
_DAYS = re.compile(r"(\d{1,3})\s*j?(?:ours?)?", re.IGNORECASE | re.ASCII)


class Sent(NamedTuple):
    """One Observation that was sent: `measure` None where `findings` say why not. `identifier` is
    the sender's own name for it, "" for none. `subject` is of whom it says to be."""

    where: str
    measure: Measure | None
    identifier: str
    subject: Json
    findings: tuple[Finding, ...] = ()


class Life(NamedTuple):
    """Between what a measure may be: `birth` ISO or None, and now."""

    birth: str | None
    now: datetime


def read_observation(
    resource: Json, life: Life, *, room: Room | None = None, where: str = "Observation"
) -> Sent:
    """One Observation; `room` is where its device is looked up."""
    subject = obj(resource, "subject")
    found = _measure(resource, life, room or room_of(()), where)
    if isinstance(found, Finding):
        return Sent(where, None, "", subject, (found,))
    named = _named(next(iter(objs(resource, "identifier")), {}))
    return Sent(where, found, named, subject)


def _measure(resource: Json, life: Life, room: Room, where: str) -> Measure | Finding:
    if text(resource, "status") not in TAKEN:
        return error(
            "measure-status", f"{where}.status", "Send status final, amended or corrected."
        )
    code, kind = _kind(resource)
    if kind is None:
        return error("measure-unknown", f"{where}.code", "This code of LOINC is no measure here.")
    if kind.is_computed:
        message = "This is computed here of weight and height: it was not kept."
        return information("measure-computed", f"{where}.code", message)
    when = _when(resource)
    if when is None or not is_in_life(when, birth=life.birth, now=life.now):
        message = "Say when it was measured, between birth and now: a day, or a time with offset."
        return error("measure-time", f"{where}.effectiveDateTime", message)
    told = _told(resource, room)
    if kind.has_days and told.days is None:
        message = f"Say over how many days (1 to {MAX_DAYS}) in the extension {DAYS}."
        return error("measure-days", f"{where}.extension", message)
    numbers, unit = _numbers(resource, kind)
    canonical = judged(kind, numbers, unit)
    if isinstance(canonical, WrongPart):
        return _refused(kind, canonical, where)
    return made(kind, canonical, when, sent=numbers, unit=unit, code=code, told=told)


def _kind(resource: Json) -> tuple[str, Kind | None]:
    for one in codings(resource.get("code")):
        code = text(one, "code") or ""
        if system_oid(text(one, "system")) == LOINC and (kind := kind_of(code)):
            return code, kind
    return "", None


def _when(resource: Json) -> When | None:
    said = [resource.get("effectiveDateTime"), resource.get("effectiveInstant")]
    said.append(obj(resource, "effectivePeriod").get("start"))
    return when_of(next((found for one in said if (found := utc(one))), ""))


def _numbers(resource: Json, kind: Kind) -> tuple[list[Decimal], str]:
    """Of the value, or of both parts of a pair; fewer where one is no number. The unit is "?" where
    the parts have different ones."""
    quantities = [obj(resource, "valueQuantity")]
    if kind.is_pair:
        quantities = [_part(resource, code) for code in (SYSTOLIC, DIASTOLIC)]
    numbers = [number for one in quantities if (number := _number(one)) is not None]
    units = {text(one, "code") or text(one, "unit") or "" for one in quantities}
    return numbers, units.pop() if len(units) == 1 else "?"


def _part(resource: Json, wanted: str) -> Json:
    for one in objs(resource, "component"):
        if any(text(coding, "code") == wanted for coding in codings(one.get("code"))):
            return obj(one, "valueQuantity")
    return {}


def _number(quantity: Json) -> Decimal | None:
    """None for what is only a bound too: `<` 40 is no measure."""
    value = quantity.get("value")
    if quantity.get("comparator") or isinstance(value, bool):
        return None
    if not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return number if abs(number.adjusted()) <= MAX_EXPONENT else None


def _told(resource: Json, room: Room) -> Told:
    device, device_id = _device(obj(resource, "device"), resource, room)
    reason = text(extension(resource, REASON), "valueString") or ""
    return Told(
        moment=_moment(resource),
        days=_days(resource),
        reason=reason[:COMMENT_CHARACTERS],
        comment=(text(next(iter(objs(resource, "note")), {}), "text") or "")[:COMMENT_CHARACTERS],
        device=device,
        device_id=device_id,
    )


def _moment(resource: Json) -> str:
    concept = obj(extension(resource, MOMENT), "valueCodeableConcept")
    said = (text(one, "code") or "" for one in codings(concept))
    return next((code for code in said if code in MOMENTS), "")


def _days(resource: Json) -> int | None:
    """« 7j » of the guide's list, or a plain number."""
    concept = obj(extension(resource, DAYS), "valueCodeableConcept")
    said = [text(concept, "text"), *(text(one, "display") for one in codings(concept))]
    for one in said:
        found = _DAYS.fullmatch(one or "")
        if found and 0 < int(found[1]) <= MAX_DAYS:
            return int(found[1])
    return None


def _device(reference: Json, holder: Json, room: Room) -> tuple[str, str]:
    """In words, and by its identifier; the Device of the Bundle, else what the reference says."""
    device = room.resolve(reference, holder)
    name = next((text(one, "name") or "" for one in objs(device, "deviceName")), "")
    told = [name, text(device, "manufacturer") or "", text(device, "modelNumber") or ""]
    words = " ".join(dict.fromkeys(one for one in told if one)) or text(reference, "display") or ""
    identifier = next(iter(objs(device, "identifier")), {})
    return words[:WORDS_CHARACTERS], _named(identifier)


def _named(identifier: Json) -> str:
    """System and value, joined by a bar; "" for no identifier, and for one beyond all measure."""
    value = text(identifier, "value")
    said = f"{text(identifier, 'system') or ''}|{value}" if value else ""
    return said if len(said) <= ID_CHARACTERS else ""


def _refused(kind: Kind, wrong: WrongPart, where: str) -> Finding:
    part = f".component[{wrong.part}]" if kind.is_pair else ""
    place = f"{where}{part}.valueQuantity"
    match wrong.wrong:
        case Wrong.UNIT:
            return error("unit-unknown", place, f"Send {kind.label} in {' or '.join(kind.units)}.")
        case Wrong.OUTSIDE:
            span = kind.bounds[wrong.part]
            message = f"{kind.label} is between {span.low} and {span.high} {kind.unit}."
            return error("measure-outside", place, message)
        case Wrong.NOT_WHOLE:
            return error("measure-whole", place, f"{kind.label} is a whole number.")
        case Wrong.ORDER:
            return error(
                "measure-order", place, "The systolic pressure is above the diastolic one."
            )
        case Wrong.NOT_A_NUMBER | Wrong.NOT_A_PAIR | Wrong.COMPUTED:
            message = "Send a number without comparator; of a tension both parts, in one unit."
            return error("measure-number", place, message)
