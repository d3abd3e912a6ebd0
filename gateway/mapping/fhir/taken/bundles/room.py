"""Where references are looked up: contained resources first, then the Bundle. Never outside."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote

from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.values import OID_PREFIX, URI_SYSTEM, UUID_PREFIX, obj, objs, text

HISTORY = "/_history/"
CONDITIONAL = ("Patient", "Practitioner", "Organization", "DocumentReference")


@dataclass(frozen=True, slots=True)
class Room:
    """`entries` by fullUrl and by "Type/id"; a resource is looked up from inside its holder.

    What a holder contains is gone through once, however often it is asked.
    """

    entries: dict[str, Json] = field(default_factory=dict)
    _inside: dict[int, tuple[Json, dict[str, Json]]] = field(default_factory=dict, repr=False)

    def find(self, reference: str | None, holder: Json) -> Json:
        """The resource, or an empty object."""
        if not reference:
            return {}
        if reference.startswith("#"):
            return self._contained(holder).get(reference[1:], {})
        reference = _address(reference)
        named = self.entries.get(reference)
        return self.entries.get(reference.partition(HISTORY)[0], {}) if named is None else named

    def _contained(self, holder: Json) -> dict[str, Json]:
        """By id, the first of two; kept with its holder, so that no other one gets its address."""
        kept = self._inside.get(id(holder))
        if kept is None:
            held = [one for one in objs(holder, "contained") if isinstance(one.get("id"), str)]
            kept = self._inside[id(holder)] = holder, {one["id"]: one for one in reversed(held)}
        return kept[1]

    def resolve(self, reference: Json, holder: Json) -> Json:
        """The resource a Reference means; a logical one becomes a resource of its identifier."""
        return next(iter(self.resolved(reference, holder)), {})

    def resolved(self, reference: Json, holder: Json) -> list[Json]:
        """All that a Reference says: the resource it names, then that of its identifier."""
        found = self.find(text(reference, "reference"), holder)
        return [one for one in (found, _logical(reference)) if one]


def room_of(entries: Sequence[Json]) -> Room:
    known: dict[str, Json] = {}
    for entry in entries:
        resource = obj(entry, "resource") or _asked_for(entry)
        kind, own = text(resource, "resourceType"), text(resource, "id")
        if full := _address(text(entry, "fullUrl") or ""):
            known.setdefault(full, resource)
            if version := text(resource, "meta", "versionId"):
                known.setdefault(f"{full}{HISTORY}{version}", resource)
            if kind and full.startswith("http") and full.endswith(f"/{kind}/{_last(full)}"):
                known.setdefault(f"{kind}/{_last(full)}", resource)
        if kind and own:
            known.setdefault(f"{kind}/{own}", resource)
    return Room(known)


def _address(url: str) -> str:
    """A UUID is the same in capitals (RFC 4122, section 3)."""
    return url.lower() if url[: len(UUID_PREFIX)].lower() == UUID_PREFIX else url


def _asked_for(entry: Json) -> Json:
    """Whom an entry without a resource looks up by its identifier (FHIR.md section 2.1)."""
    asks = text(entry, "request", "method") == "GET"
    return _logical({"reference": text(entry, "request", "url")}) if asks else {}


def _logical(reference: Json) -> Json:
    identifier = obj(reference, "identifier") or conditional(text(reference, "reference"))
    if not identifier:
        return {}
    display = text(reference, "display")
    return {"resourceType": kind_named(reference), "identifier": [identifier], "_display": display}


def is_logical(resource: Json) -> bool:
    """Whether it was made of a Reference: the resource itself is not here."""
    return not resource or resource.keys() == {"resourceType", "identifier", "_display"}


def kind_named(reference: Json) -> str:
    """The type of resource that a Reference names, by `type` or in its address; "" for none."""
    if kind := text(reference, "type"):
        return _last(kind)
    address = text(reference, "reference") or ""
    kind, found, _ = address.partition("?")
    steps = address.partition(HISTORY)[0].split("/")
    return _last(kind) if found else steps[-2] if len(steps) > 1 else ""


def _last(url: str) -> str:
    return url.rpartition("/")[2]


def conditional(reference: str | None) -> Json:
    """`Patient?identifier=urn:oid:…|value` as an identifier (FHIR.md section 2.1)."""
    kind, found, query = (reference or "").partition("?")
    if not found or kind not in CONDITIONAL:
        return {}
    values = parse_qs(query).get("identifier", [])
    system, bar, value = unquote(values[0]).partition("|") if values else ("", "", "")
    if not bar or not value or not system.startswith((OID_PREFIX, URI_SYSTEM, "http")):
        return {}
    return {"system": system, "value": value}
