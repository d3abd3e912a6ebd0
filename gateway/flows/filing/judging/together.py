"""The documents of one intake, each judged as if those before it had come in one of their own.

So one intake and two, one after the other, get the same answer: what was replaced or deleted once
is not the latest version any more (ITI TF-3 4.2.2.2.3: the target of RPLC is Approved), and what
stands beside its own successor is filed as its earlier version.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from msgspec import structs

from gateway.clock import Ids
from gateway.flows.filing.judging.findings import already_filed, replaced_in_ring
from gateway.flows.filing.judging.versions import Place, hidden_since, place_of
from gateway.records.documents.document import Action, Document
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Facts, Intake, Known
from gateway.records.intake.finding import Verdict, verdict_of
from gateway.records.intake.understanding import Format
from gateway.records.patients.patient import PatientKey


def places_of(intake: Intake, patient: PatientKey, facts: Facts, ids: Ids) -> dict[int, Place]:
    """By the number of each document, in the order in which they are filed: what another of them
    replaces comes before it."""
    documents, form = intake.understanding.documents, intake.understanding.format
    if len(documents) == 1:
        place = place_of(intake, documents[0], patient, facts)
        return {0: _named(documents[0], place, ids)}
    if rings := in_rings(documents):
        return {number: Place(findings=(replaced_in_ring(form),)) for number in rings}
    so_far = _SoFar(intake, patient, facts)
    places = {}
    for number in in_order(documents):
        place = so_far.place_of(documents[number])
        places[number] = _named(documents[number], place, ids)
        so_far.file(number, documents[number], places[number])
    return _numbered(places, form)


def in_order(documents: Sequence[Document]) -> list[int]:
    """Their numbers, what is replaced before what replaces it; else as they came."""
    by_id = {one.unique_id: number for number, one in enumerate(documents) if one.unique_id}
    found: dict[int, None] = {}

    def before(number: int) -> Iterator[int]:
        """Itself and what it continues, newest first; those that replace each other end it."""
        seen: set[int] = set()
        at: int | None = number
        while at is not None and at not in seen and at not in found:
            yield at
            seen.add(at)
            at = by_id.get(documents[at].replaces or "")

    for number in range(len(documents)):
        found |= dict.fromkeys(reversed(list(before(number))))
    return list(found)


def in_rings(documents: Sequence[Document]) -> list[int]:
    """The numbers of those that replace each other, of which none can be the first."""
    by_id = {one.unique_id: number for number, one in enumerate(documents) if one.unique_id}
    found: list[int] = []
    seen: set[int] = set()
    for number in range(len(documents)):
        path: dict[int, None] = {}
        at: int | None = number
        while at is not None and at not in seen:
            seen.add(at)
            path[at] = None
            at = by_id.get(documents[at].replaces or "")
        ring = list(path)[list(path).index(at) :] if at in path else []
        found += ring if len(ring) > 1 else []
    return sorted(found)


def _named(document: Document, place: Place, ids: Ids) -> Place:
    """With an id where the document is filed as a new one."""
    if document.action is Action.DELETE or place.known is not None or place.twin is not None:
        return place
    if verdict_of(place.findings) is Verdict.REFUSE:
        return place
    return structs.replace(place, id=ids.identifier())


class _SoFar:
    """What is known once the documents before are filed."""

    def __init__(self, intake: Intake, patient: PatientKey, facts: Facts) -> None:
        self._intake = intake
        self._patient = patient
        self._facts = facts
        self._documents = dict(facts.documents)
        self._sets = dict(facts.sets)
        self._done: dict[str, int] = {}

    def place_of(self, document: Document) -> Place:
        facts = structs.replace(self._facts, documents=self._documents, sets=self._sets)
        place = place_of(self._intake, document, self._patient, facts)
        twin = self._done.get(place.known.id) if place.known else None
        return place if twin is None else Place(findings=place.findings, twin=twin)

    def file(self, number: int, document: Document, place: Place) -> None:
        if place.target is not None:
            self._leave(place.target, withdrawn=document.action is Action.DELETE)
        if place.target is not None and document.action is Action.DELETE:
            self._done[place.target.id] = number
        if place.id:
            self._done[place.id] = number
            self._take(self._known(document, place))

    def _leave(self, target: Known, *, withdrawn: bool) -> None:
        status = DocumentStatus.WITHDRAWN if withdrawn else DocumentStatus.SUPERSEDED
        gone = replace(target, status=status)
        self._documents |= {
            name: gone for name, one in self._documents.items() if one.id == target.id
        }
        self._sets = {name: one for name, one in self._sets.items() if one.id != target.id}

    def _take(self, known: Known) -> None:
        if known.unique_id:
            self._documents[known.unique_id] = known
        if known.set_id:
            self._sets[known.set_id] = known

    def _known(self, document: Document, place: Place) -> Known:
        """As the store would know it of an earlier intake."""
        at, target = self._intake.at, place.target
        hidden_from = hidden_since(document, target, at)
        author = document.authors[0] if document.authors else None
        return Known(
            id=place.id,
            patient=self._patient,
            receipt=self._intake.receipt,
            unique_id=document.unique_id,
            set_id=document.set_id,
            version=document.version,
            status=DocumentStatus.CURRENT,
            sha256=bytes.fromhex(document.sha256),
            label=document.label,
            type_code=document.type_code,
            sender=self._intake.sender,
            organization=(author.organization_id if author else None) or self._intake.organization,
            author_ids=tuple(dict.fromkeys(one.id for one in document.authors if one.id)),
            codes=document.confidentiality or ("N",),
            hidden_from=hidden_from,
            announced_at=target.announced_at if target and hidden_from else None,
            deposited_at=at,
        )


def _numbered(places: dict[int, Place], form: Format) -> dict[int, Place]:
    """Of several documents it is said which one is here already."""
    told = already_filed(form)
    return {
        number: structs.replace(
            place,
            findings=tuple(
                already_filed(form, f"Document {number + 1} of {len(places)}")
                if one == told
                else one
                for one in place.findings
            ),
        )
        for number, place in places.items()
    }
