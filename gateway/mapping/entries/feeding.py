"""What a document proposes for a medical profile (PRO-04): which types, and which entries."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from gateway.mapping.entries.faults import MAX_TEXT_CHARACTERS
from gateway.mapping.prevention.vaccines.proposed import immunizations_in
from gateway.records.documents.fact import Coded, Fact, FactKind, FactStatus
from gateway.records.documents.shelved import Shelved
from gateway.records.entries.content import EntryContent, days_of
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.medical import Allergy, Condition, Hospitalisation, Medication

SUMMARY = frozenset({EntryKind.CONDITION, EntryKind.ALLERGY, EntryKind.MEDICATION})
STAY = frozenset({EntryKind.HOSPITALISATION})
VACCINES = frozenset({EntryKind.IMMUNIZATION})
FEEDS: Mapping[str, frozenset[EntryKind]] = {
    **{"60591-5": SUMMARY, "34112-3": STAY, "34133-9": STAY},
    **{"87273-9": VACCINES, "11369-6": VACCINES},
}
"""By the type of a document: a medical summary, reports of a stay, notes and records of
vaccination."""
READ_OF_FACTS = SUMMARY | VACCINES
"""Kinds for which the document's bytes are read."""
OVER = frozenset({FactStatus.INACTIVE, FactStatus.COMPLETED})
TAKEN = frozenset({FactStatus.ACTIVE, FactStatus.INTENDED, FactStatus.UNKNOWN})
Proposed = tuple[EntryKind, EntryContent]


def proposed_by(
    shelved: Shelved, facts: Sequence[Fact], kinds: Iterable[EntryKind]
) -> list[Proposed]:
    """Each thing once; `facts` are those of the document."""
    wanted = FEEDS.get(shelved.card.type_code or "", frozenset()) & frozenset(kinds)
    found: dict[tuple[EntryKind, str], EntryContent] = {}
    for kind, content in (*_stay(shelved), *(one for fact in facts for one in _of(fact))):
        if kind in wanted and content.same():
            found.setdefault((kind, content.same()), content)
    return [(kind, content) for (kind, _), content in found.items()]


def _stay(shelved: Shelved) -> Iterator[Proposed]:
    card, document = shelved.card, shelved.document
    yield (
        EntryKind.HOSPITALISATION,
        Hospitalisation(
            title=card.title[:MAX_TEXT_CHARACTERS],
            admitted=_day(document.service_start),
            discharged=_day(document.service_stop),
            place=card.organization_name[:MAX_TEXT_CHARACTERS],
        ),
    )


def _of(fact: Fact) -> Iterator[Proposed]:
    """Of a word that nothing was found, none."""
    made = MAKERS.get(fact.kind)
    is_word = fact.negated or fact.says_none or fact.says_nothing
    if made is not None and not is_word and _name(fact) and fact.status is not FactStatus.REFUSED:
        yield from made(fact)


def _condition(fact: Fact) -> Iterator[Proposed]:
    stop = _day(fact.stop)
    yield (
        EntryKind.CONDITION,
        Condition(
            name=_name(fact),
            code=fact.what.code or None,
            system=_system(fact.what),
            onset=_day(fact.start),
            abatement=stop,
            is_ongoing=not stop and fact.status not in OVER,
        ),
    )


def _allergy(fact: Fact) -> Iterator[Proposed]:
    reactions = ", ".join(one.text for one in fact.reactions if one.text)
    yield (
        EntryKind.ALLERGY,
        Allergy(
            substance=_name(fact),
            code=fact.what.code or None,
            system=_system(fact.what),
            reaction=reactions[:MAX_TEXT_CHARACTERS],
            onset=_day(fact.start),
        ),
    )


def _medication(fact: Fact) -> Iterator[Proposed]:
    if fact.status in TAKEN:
        yield (
            EntryKind.MEDICATION,
            Medication(
                name=_name(fact),
                code=fact.what.code or None,
                system=_system(fact.what),
                start=_day(fact.start),
                end=_day(fact.stop),
            ),
        )


def _immunization(fact: Fact) -> Iterator[Proposed]:
    yield from ((EntryKind.IMMUNIZATION, one) for one in immunizations_in([fact]))


MAKERS: Mapping[FactKind, Callable[[Fact], Iterator[Proposed]]] = {
    FactKind.PROBLEM: _condition,
    FactKind.ALLERGY: _allergy,
    FactKind.MEDICATION: _medication,
    FactKind.IMMUNIZATION: _immunization,
}


def _name(fact: Fact) -> str:
    return (fact.what.text or fact.what.code)[:MAX_TEXT_CHARACTERS]


def _system(coded: Coded) -> str | None:
    return f"urn:oid:{coded.system}" if coded.code and coded.system else None


def _day(text: str | None) -> str:
    """As an entry says it; "" where it is no date."""
    said = (text or "").partition("T")[0]
    return said if days_of(said) else ""
