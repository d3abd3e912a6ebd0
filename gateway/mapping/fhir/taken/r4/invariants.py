"""Strict mode: the invariants that R4 names for what is deposited here, under their own names.

Those of data types hold wherever the type stands, in what is contained too. A type is told by the
name of its element or by its members, as JSON does not say it. dom-3 to dom-6 are in `strict`.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from gateway.mapping.fhir.findings import error
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.bundle import entries_of
from gateway.mapping.fhir.values import obj, objs, text, utc
from gateway.records.intake.finding import Finding

MAX_FINDINGS = 20
VALUED = re.compile(r"_?value[A-Z][A-Za-z0-9]*")
ATTACHMENTS = frozenset({"attachment", "photo", "valueAttachment"})
EXTENSIONS = frozenset({"extension", "modifierExtension"})
ANSWERING = frozenset({"batch-response", "transaction-response", "history"})
ASKING = frozenset({"batch", "transaction", "history"})
FOUND = frozenset({"searchset", "history"})
CODES: dict[tuple[str, str], str] = {
    ("Bundle", "type"): (
        "document message transaction transaction-response batch batch-response history searchset "
        "collection"
    ),
    ("DocumentReference", "status"): "current superseded entered-in-error",
    ("DocumentReference", "docStatus"): "preliminary final amended entered-in-error",
    ("Composition", "status"): "preliminary final amended entered-in-error",
    ("List", "status"): "current retired entered-in-error",
    ("List", "mode"): "working snapshot changes",
    ("Observation", "status"): (
        "registered preliminary final amended corrected cancelled entered-in-error unknown"
    ),
    ("Patient", "gender"): "male female other unknown",
}
"""Required bindings of R4."""
USES = {
    "identifier": "usual official temp secondary old",
    "name": "usual official temp nickname anonymous old maiden",
    "telecom": "home work temp old mobile",
    "address": "home work temp old billing",
}
"""Of Identifier, HumanName, ContactPoint and Address, by the element that bears them."""


def invariant_findings(resource: Json) -> Iterator[Finding]:
    """At most 20, each at the place that breaks it."""
    for number, one in enumerate(_all(resource)):
        if number == MAX_FINDINGS:
            return
        yield one


def _all(resource: Json) -> Iterator[Finding]:
    kind = text(resource, "resourceType") or "Resource"
    yield from _of_resource(resource, kind, inside=frozenset())


def _of_resource(resource: Json, place: str, *, inside: frozenset[str]) -> Iterator[Finding]:
    """`inside` are the ids that a reference may name by `#`, of the resource that holds it."""
    kind = text(resource, "resourceType") or ""
    yield from _coded(resource, kind, place)
    if judge := JUDGES.get(kind):
        yield from judge(resource, place)
    contained = objs(resource, "contained")
    own = inside or frozenset(f"#{text(one, 'id')}" for one in contained)
    for number, one in enumerate(contained):
        where = f"{place}.contained[{number}]"
        if "contained" in one:
            yield _broken("dom-2", f"{where}.contained", "What is contained contains nothing.")
        yield from _of_resource(one, where, inside=own | {"#"})
    for number, entry in enumerate(entries_of(resource) if kind == "Bundle" else []):
        if held := obj(entry, "resource"):
            where = f"{place}.entry[{number}].resource"
            yield from _of_resource(held, where, inside=frozenset())
    yield from _elements(resource, place, "", own | {"#"} if inside else own)


def _coded(resource: Json, kind: str, place: str) -> Iterator[Finding]:
    for (owner, name), allowed in CODES.items():
        value = resource.get(name) if owner == kind else None
        if isinstance(value, str) and value not in allowed.split():
            message = f"{name} is one of {', '.join(allowed.split())}."
            yield error("fhir-code", f"{place}.{name}", message)


def _elements(value: Any, place: str, name: str, ids: frozenset[str]) -> Iterator[Finding]:
    """Data types of one resource; what it contains or holds as entries is judged by itself."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _elements(one, f"{place}[{number}]", name, ids)
    elif isinstance(value, dict):
        yield from _of_type(value, place, name, ids)
        for key, one in value.items():
            if key not in ("contained", "resource") or name in EXTENSIONS:
                yield from _elements(one, f"{place}.{key}", key, ids)


def _of_type(one: Json, place: str, name: str, ids: frozenset[str]) -> Iterator[Finding]:
    if name in EXTENSIONS and ("extension" in one) == any(map(VALUED.fullmatch, one)):
        yield _broken("ext-1", place, "An extension has a value or extensions, and not both.")
    if name in ATTACHMENTS and "data" in one and not text(one, "contentType"):
        yield _broken("att-1", place, "Name the contentType of data.")
    named = text(one, "reference") or ""
    if named.startswith("#") and named not in ids:
        yield _broken("ref-1", f"{place}.reference", "It names nothing that is contained here.")
    if {"start", "end"} <= one.keys() and _is_after(one["start"], one["end"]):
        yield _broken("per-1", place, "A period ends after its start.")
    if "code" in one and isinstance(one.get("value"), int | Decimal) and not text(one, "system"):
        yield _broken("qty-3", place, "Name the system of the code of a unit.")
    if name == "telecom" and "value" in one and not text(one, "system"):
        yield _broken("cpt-2", place, "Name the system of a telecom, such as phone or email.")
    use = one.get("use")
    if isinstance(use, str) and name in USES and use not in USES[name].split():
        yield error("fhir-code", f"{place}.use", f"use is one of {', '.join(USES[name].split())}.")


def _is_after(start: Any, end: Any) -> bool:
    """Where both are known to the same precision, or the shorter one already tells."""
    first, last = utc(start), utc(end)
    if not first or not last:
        return False
    shared = min(len(first.rstrip("Z")), len(last.rstrip("Z")))
    return first[:shared] > last[:shared]


def _bundle(bundle: Json, place: str) -> Iterator[Finding]:
    kind = text(bundle, "type") or ""
    if "total" in bundle and kind not in FOUND:
        yield _broken("bdl-1", f"{place}.total", "Only a search or a history has a total.")
    if kind == "document" and not text(bundle, "timestamp"):
        message = "A FHIR document says when it was made: write timestamp."
        yield _broken("bdl-10", f"{place}.timestamp", message)
    for number, entry in enumerate(entries_of(bundle)):
        yield from _entry(entry, kind, f"{place}.entry[{number}]")


def _entry(entry: Json, kind: str, where: str) -> Iterator[Finding]:
    if "search" in entry and kind != "searchset":
        yield _broken("bdl-2", f"{where}.search", "Only an entry of a searchset has search.")
    if ("request" in entry) != (kind in ASKING):
        message = "An entry has a request in a transaction, batch or history, and nowhere else."
        yield _broken("bdl-3", f"{where}.request", message)
    if ("response" in entry) != (kind in ANSWERING):
        message = "An entry has a response in an answer or a history, and nowhere else."
        yield _broken("bdl-4", f"{where}.response", message)
    if not {"resource", "request", "response"} & entry.keys():
        yield _broken("bdl-5", where, "An entry has a resource, a request or a response.")
    if "/_history/" in (text(entry, "fullUrl") or ""):
        yield _broken("bdl-8", f"{where}.fullUrl", "A fullUrl names no version.")


def _composition(composition: Json, place: str) -> Iterator[Finding]:
    waiting = [*_sections(composition, place)]
    while waiting:
        where, one = waiting.pop()
        if not {"text", "entry", "section"} & one.keys():
            yield _broken("cmp-1", where, "A section has a text, entries or sections.")
        if "emptyReason" in one and "entry" in one:
            yield _broken("cmp-2", f"{where}.emptyReason", "Only what is empty has an emptyReason.")
        waiting += _sections(one, where)


def _sections(held: Json, place: str) -> Iterator[tuple[str, Json]]:
    for number, one in enumerate(objs(held, "section")):
        yield f"{place}.section[{number}]", one


def _list(one: Json, place: str) -> Iterator[Finding]:
    if "emptyReason" in one and "entry" in one:
        yield _broken("lst-1", f"{place}.emptyReason", "Only what is empty has an emptyReason.")
    mode = text(one, "mode")
    for number, entry in enumerate(objs(one, "entry")):
        if "deleted" in entry and mode != "changes":
            message = "Only a List of changes has deleted entries."
            yield _broken("lst-2", f"{place}.entry[{number}].deleted", message)
        if "date" in entry and mode != "working":
            message = "Only the entries of a working List have a date."
            yield _broken("lst-3", f"{place}.entry[{number}].date", message)


def _observation(one: Json, place: str) -> Iterator[Finding]:
    valued = any(map(VALUED.fullmatch, one))
    if "dataAbsentReason" in one and valued:
        message = "What has a value has no dataAbsentReason."
        yield _broken("obs-6", f"{place}.dataAbsentReason", message)
    if valued and any(each.get("code") == one.get("code") for each in objs(one, "component")):
        message = "A component with the code of the whole brings the value."
        yield _broken("obs-7", place, message)
    for number, each in enumerate(objs(one, "referenceRange")):
        if not {"low", "high", "text"} & each.keys():
            message = "A referenceRange has low, high or text."
            yield _broken("obs-3", f"{place}.referenceRange[{number}]", message)


def _patient(one: Json, place: str) -> Iterator[Finding]:
    details = {"name", "telecom", "address", "organization"}
    for number, contact in enumerate(objs(one, "contact")):
        if not details & contact.keys():
            message = "A contact has a name, telecom, address or organization."
            yield _broken("pat-1", f"{place}.contact[{number}]", message)


JUDGES: dict[str, Callable[[Json, str], Iterator[Finding]]] = {
    "Bundle": _bundle,
    "Composition": _composition,
    "List": _list,
    "Observation": _observation,
    "Patient": _patient,
}


def _broken(name: str, where: str, message: str) -> Finding:
    return error(f"fhir-{name}", where[:200], f"{message.removesuffix('.')} ({name}).")
