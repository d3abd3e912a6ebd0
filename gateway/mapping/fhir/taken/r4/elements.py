"""Strict mode: what R4 says of every element and its model in fhir.resources does not ask.

Codes of required bindings, kinds of resource that a Reference may name, the types of JSON that a
boolean, a number and a time are, addresses that are URIs, and `null`. Nothing of the input is
quoted.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from pydantic import BaseModel

from gateway.mapping.fhir.findings import error
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.room import kind_named
from gateway.records.intake.finding import Finding

MAX_FINDINGS = 20
EXTENSIBLE, ANY = "+", "Resource"
"""As fhir.resources writes a list of codes that goes on, and a Reference to whatever it may be."""
UNLISTED = {"comparator": ("<", "<=", ">=", ">")}
"""Of Quantity: codes that fhir.resources does not list."""
BOOLEAN, NUMBER, ADDRESS, TIME = "bool", "number", "address", "time"
NUMBERS = ("Integer(", "UnsignedInt(", "PositiveInt(", "Decimal(")
TIMES = ("Date(", "DateTime(", "Instant(", "Time(")
ADDRESSES = ("Uri(", "Url(", "Canonical(", "Oid(", "Uuid(")
OID = re.compile(r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+")
UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
BLANK = re.compile(r"\s")
KIND = re.compile(r"[A-Z][A-Za-z]+")


class Element(NamedTuple):
    """What the model says of one element: its name in JSON, its JSON type ("" for any other), and
    the codes and the kinds of resource that it allows (empty for all)."""

    attribute: str
    name: str
    type: str
    codes: frozenset[str]
    kinds: frozenset[str]


def element_findings(model: Any, resource: Json) -> list[Finding]:
    """At most 20; `model` is what fhir.resources made of `resource`."""
    place = str(resource.get("resourceType") or "Resource")
    return list(islice(_of(model, resource, place), MAX_FINDINGS))


def null_findings(value: Any, place: str) -> Iterator[Finding]:
    """R4 JSON: a null stands in a list of primitives alone, where an extension is beside it."""
    if isinstance(value, dict):
        for name, one in value.items():
            if one is None:
                yield error("fhir-null", f"{place}.{name}"[:200], "Leave out what has no value.")
            yield from null_findings(one, f"{place}.{name}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from null_findings(one, f"{place}[{number}]")


@lru_cache(maxsize=512)
def _elements(kind: type[BaseModel]) -> tuple[Element, ...]:
    found = []
    for attribute, info in kind.model_fields.items():
        about: Any = info.json_schema_extra or {}
        codes = frozenset(about.get("enum_values") or UNLISTED.get(attribute, ()))
        if "List[" in str(info.annotation):  # CapabilityStatement.format: no list of codes
            codes = frozenset()
        kinds = frozenset(about.get("enum_reference_types") or ())
        found.append(
            Element(
                attribute,
                info.alias or attribute,
                _json_type(str(info.annotation)),
                frozenset() if EXTENSIBLE in codes else codes,
                frozenset() if ANY in kinds else kinds,
            )
        )
    return tuple(found)


def _json_type(annotation: str) -> str:
    if "bool" in annotation:
        return BOOLEAN
    if any(one in annotation for one in NUMBERS):
        return NUMBER
    if any(one in annotation for one in TIMES):
        return TIME
    return ADDRESS if any(one in annotation for one in ADDRESSES) else ""


def _of(model: Any, said: Any, place: str) -> Iterator[Finding]:
    """Goes through a model and its JSON side by side: the one knows types, the other its words."""
    if isinstance(model, list) and isinstance(said, list):
        for number, (one, word) in enumerate(zip(model, said, strict=False)):
            yield from _of(one, word, f"{place}[{number}]")
    elif isinstance(said, dict) and isinstance(model, BaseModel):
        for element in _elements(type(model)):
            if (word := said.get(element.name)) is not None:
                where = f"{place}.{element.name}"
                for one in word if isinstance(word, list) else [word]:
                    yield from _judged(element, one, where[:200])
                yield from _of(getattr(model, element.attribute), word, where)


def _judged(element: Element, said: Any, where: str) -> Iterator[Finding]:
    if element.codes and isinstance(said, str) and said not in element.codes:
        yield error("fhir-code", where, f"It is one of {', '.join(sorted(element.codes))}.")
    if element.kinds and isinstance(said, dict):
        named = kind_named(said)
        if KIND.fullmatch(named) and named not in element.kinds:
            kinds = ", ".join(sorted(element.kinds))
            yield error("fhir-reference", where, f"It may name {kinds}, and nothing else.")
    if element.type and said is not None and not _is_of(element.type, said):
        yield error("fhir-type", where, "This element does not fit R4: check its type.")


def _is_of(kind: str, said: Any) -> bool:
    if kind == BOOLEAN:
        return isinstance(said, bool)
    if kind == NUMBER:
        return isinstance(said, int | float | Decimal) and not isinstance(said, bool)
    return isinstance(said, str) and (kind == TIME or _is_address(said))


def _is_address(said: str) -> bool:
    """Only what every URI keeps, and the two URNs whose form R4 names (oid, uuid)."""
    if said.startswith("urn:oid:"):
        return OID.fullmatch(said) is not None
    if said.startswith("urn:uuid:"):
        return UUID.fullmatch(said) is not None
    return not BLANK.search(said)
