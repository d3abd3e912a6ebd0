"""What a document says of others in relatesTo; only what it replaces is kept (FHIR.md 2.1, 6)."""

from collections.abc import Iterator, Sequence

from gateway.mapping.fhir.findings import error, warning
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.room import Room, conditional
from gateway.mapping.fhir.values import ID, OID_PREFIX, UUID_PREFIX, obj, objs, text, unique_id
from gateway.records.intake.finding import Finding

RELATIONS = frozenset({"replaces", "transforms", "signs", "appends"})
NOT_TAKEN = RELATIONS - {"replaces"}


def relation_findings(resource: Json, room: Room, where: str) -> Iterator[Finding]:
    """`resource` is a DocumentReference or a Composition."""
    for relation in objs(resource, "relatesTo"):
        code = text(relation, "code")
        if code not in RELATIONS:
            message = "relatesTo.code is replaces, transforms, signs or appends."
            yield error("relates-to-code", f"{where}.relatesTo", message)
        elif code in NOT_TAKEN:
            message = f"Partial{code.title()[:-1]}ContentNotProcessed: the relation is not kept."
            yield warning("relates-to-not-kept", f"{where}.relatesTo", message)
    targets = set(_targets(resource, room))
    if None in targets:
        message = "Name what is replaced: DocumentReference/id, or identifier with its value."
        yield error("replaces-unread", f"{where}.relatesTo", message)
    elif len(targets) > 1:
        message = "A document replaces one other: send one relatesTo of code replaces."
        yield error("replaces-several", f"{where}.relatesTo", message)


def patch_findings(entries: Sequence[Json], room: Room) -> Iterator[Finding]:
    """Parameters set to superseded what the Bundle replaces, and change nothing else (2.1)."""
    documents = [obj(entry, "resource") for entry in entries]
    documents = [one for one in documents if one.get("resourceType") == "DocumentReference"]
    names = {name for one in documents for name in _targets(one, room)}
    addresses = {name for one in documents for name in _addresses(one)}
    for number, entry in enumerate(entries):
        resource = obj(entry, "resource")
        if resource.get("resourceType") != "Parameters":
            continue
        url = text(entry, "request", "url") or ""
        told = _named({"reference": url}, resource, room)
        otherwise = addresses if "?" in url else names - addresses
        if not told or not (told in names or otherwise) or not _supersedes(resource):
            message = "Only the document that relatesTo replaces is patched, to superseded."
            yield error("patch-not-taken", f"Bundle.entry[{number}].resource", message)


def _addresses(resource: Json) -> Iterator[str]:
    for relation in objs(resource, "relatesTo"):
        address = text(relation, "target", "reference") or ""
        if text(relation, "code") == "replaces" and "DocumentReference/" in address:
            yield address.partition("/_history/")[0].rpartition("/")[2]


def _supersedes(parameters: Json) -> bool:
    """FHIRPath Patch: one operation, that sets DocumentReference.status."""
    operations = objs(parameters, "parameter")
    parts = [part for one in operations for part in objs(one, "part")]
    told = {text(one, "name"): text(one, "valueCode") or text(one, "valueString") for one in parts}
    wanted = {"type": "replace", "path": "DocumentReference.status", "value": "superseded"}
    return len(operations) == 1 and told == wanted


def replaced(resource: Json, room: Room) -> str | None:
    """The unique id of the document replaced, or the id of one of ours."""
    return next((one for one in _targets(resource, room) if one), None)


def _targets(resource: Json, room: Room) -> Iterator[str | None]:
    """What each relation of code `replaces` names; None where that cannot be read."""
    for relation in objs(resource, "relatesTo"):
        if text(relation, "code") == "replaces":
            target = obj(relation, "target") or obj(relation, "targetReference")
            named = unique_id(obj(relation, "targetIdentifier"))
            yield named or _named(target, resource, room)


def _named(target: Json, holder: Json, room: Room) -> str | None:
    reference = text(target, "reference") or ""
    if found := unique_id(obj(target, "identifier") or conditional(reference)):
        return found
    if known := room.find(reference, holder):
        return unique_id(known.get("masterIdentifier"))
    if reference.startswith((OID_PREFIX, UUID_PREFIX)):
        return unique_id({"value": reference})
    kind, _, own = reference.partition("/_history/")[0].rpartition("/")
    ours = kind.rpartition("/")[2] == "DocumentReference" and ID.fullmatch(own)
    return own if ours else None
