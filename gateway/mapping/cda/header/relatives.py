"""Whom the header of a CDA says to call: informants that are a contact or a trusted person."""

from gateway.mapping.cda.nodes import attribute, every, first, text_of
from gateway.mapping.xml import Element
from gateway.records.documents.relative import Nearness, Relative

KNOWN = frozenset(Nearness)
PHONE = "tel:"


def relatives_of(document: Element) -> tuple[Relative, ...]:
    """In the order of the document; an entity without a name and without a number says nothing."""
    found = (_relative(one) for one in every(document, "informant/relatedEntity"))
    return tuple(one for one in found if one is not None)


def _relative(entity: Element) -> Relative | None:
    kind = entity.get("classCode") or ""
    if kind not in KNOWN:
        return None
    name = first(entity, "relatedPerson/name")
    parts = (text_of(name, "given"), text_of(name, "family"))
    phones = (attribute(one, "value") or "" for one in every(entity, "telecom"))
    one = Relative(
        nearness=Nearness(kind),
        name=" ".join(part for part in parts if part),
        relation=attribute(entity, "displayName", "code") or "",
        phones=tuple(n.removeprefix(PHONE) for n in phones if n.startswith(PHONE)),
    )
    return one if one.name or one.phones else None
