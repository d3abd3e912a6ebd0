"""What every clinical resource has in common: its source, patient, codings and notes."""

from dataclasses import dataclass

from gateway.mapping.biology.standing import category_of
from gateway.mapping.fhir.written.emit import subject_of
from gateway.mapping.fhir.written.making import CODE, OID, Json, date_time, full, instant, system_of
from gateway.records.documents.document import CDA_TYPES, Document, Label
from gateway.records.documents.fact import Coded, Fact
from gateway.records.documents.observation import Observation
from gateway.records.documents.shelved import Shelved


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The document that the resources are made of; `deposited` is when we had it."""

    document: str
    deposited: str
    subject: Json
    authors: tuple[Json, ...]
    made: str | None
    is_cda: bool
    is_biology: bool

    def category_of(self, one: Observation) -> str:
        return category_of(one, is_biology=self.is_biology)


def source_of(shelved: Shelved) -> Source:
    card, document = shelved.card, shelved.document
    return Source(
        document=card.id,
        deposited=instant(card.deposited_at),
        subject=subject_of(document),
        authors=tuple(_author(document)),
        made=date_time(document.creation_time),
        is_cda=card.mime_type in CDA_TYPES,
        is_biology=card.label is Label.BIOLOGIE,
    )


def _author(document: Document) -> list[Json]:
    names = (
        " ".join(part for part in (one.given, one.family) if part) or one.organization_name
        for one in document.authors
    )
    return [{"display": name} for name in names if name]


def meta(source: Source, anchor: str = "") -> Json:
    """`source` is the document, and the place in its narrative where the entry has one. No version
    is told: rows of a message stand as later messages left them."""
    place = f"#{anchor}" if anchor and CODE.fullmatch(anchor) else ""
    return {
        "lastUpdated": source.deposited,
        "source": f"DocumentReference/{source.document}{place}",
    }


def head(fact: Fact, source: Source) -> Json:
    """What every resource made of a fact begins with, but its subject."""
    return {"meta": meta(source, fact.where.anchor), "identifier": identifiers(fact.where.entry)}


def identifiers(entry: str) -> list[Json]:
    """The id of an entry, "root^extension", as an Identifier."""
    root, _, extension = entry.partition("^")
    if not root:
        return []
    urn = f"urn:oid:{root}" if OID.fullmatch(root) else f"urn:uuid:{root.lower()}"
    if extension:
        return [{"system": urn, "value": extension}]
    return [{"system": "urn:ietf:rfc:3986", "value": urn}]


def coding(one: Coded) -> Json | None:
    """A code with its system; None where FHIR could not hold it."""
    if not one.code or not CODE.fullmatch(one.code):
        return None
    system = system_of(one.system) if OID.fullmatch(one.system or "") else None
    return full({"system": system, "code": one.code, "display": one.text})


def concept_of(*codes: Coded) -> Json | None:
    """A CodeableConcept of one thing in several code systems; its text is the first one's."""
    made = full(
        {
            "coding": [found for one in codes if (found := coding(one))],
            "text": codes[0].text or codes[0].code,
        }
    )
    return made or None


def concepts(codes: tuple[Coded, ...]) -> list[Json]:
    return [found for one in codes if (found := concept_of(one))]


def displayed(name: str) -> Json | None:
    """A reference to somebody or something that we know by name only."""
    return {"display": name} if name else None


def recorder(fact: Fact, source: Source) -> Json | None:
    """The author of the entry, else the first author of the document."""
    if name := fact.where.author or fact.where.organization:
        return {"display": name}
    return source.authors[0] if source.authors else None


def recorded(fact: Fact, source: Source) -> str | None:
    return date_time(fact.where.time) or source.made


def notes(*texts: str) -> list[Json]:
    return [{"text": text} for text in dict.fromkeys(texts) if text]


def period(start: str | None, stop: str | None) -> Json | None:
    """A Period; an end before its start is left out (R4 per-1)."""
    begins, ends = date_time(start), date_time(stop)
    if begins and ends and ends[: len(begins)] < begins[: len(ends)]:
        ends = None
    return full({"start": begins, "end": ends}) or None
