"""The objects of a registry that answer a stored query (ITI TF-2 3.18.4.1.2.3.7). Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from gateway.mapping.xdm.ebrim.registry import HAS_MEMBER
from gateway.mapping.xds.query.asked import Query
from gateway.mapping.xds.query.criteria import entry_matches, set_matches
from gateway.mapping.xds.query.objects import Association, Entry, Registry, SeenSet, id_in
from gateway.mapping.xds.query.stored import (
    ENTRY_UUID,
    KINDS,
    LOGICAL_ID,
    SET_UNIQUE_ID,
    SET_UUID,
    UNIQUE_ID,
    UUID,
)


class Found(Struct, frozen=True, kw_only=True):
    """What an answer lists, each once."""

    entries: tuple[Entry, ...] = ()
    sets: tuple[SeenSet, ...] = ()
    associations: tuple[Association, ...] = ()

    def __len__(self) -> int:
        return len(self.entries) + len(self.sets) + len(self.associations)


NOTHING = Found()


def find(query: Query, registry: Registry) -> Found:
    """A query that asks for folders finds nothing."""
    answer = ANSWERS.get(query.stored.name)
    return answer(query, registry) if answer else NOTHING


def needs_sets(query: Query) -> bool:
    """Whether the sets of the record are looked at."""
    return query.stored.name in ABOUT_SETS


def needs_some(query: Query) -> frozenset[str] | None:
    """The ids of the only documents that the answer may hold; None where any may."""
    _, ids = names_documents(query)
    return frozenset(ids) or None


def names_documents(query: Query) -> tuple[tuple[str, ...], set[str]]:
    """The unique ids and the ids of the documents that GetDocuments names."""
    if query.stored.name != "GetDocuments":
        return (), set()
    return query.values(UNIQUE_ID), _ids((*query.values(ENTRY_UUID), *query.values(LOGICAL_ID)))


def _find_documents(query: Query, registry: Registry) -> Found:
    listed = (one for one in registry.entries.values() if one.listed)
    return Found(entries=tuple(one for one in listed if entry_matches(query, one)))


def _find_sets(query: Query, registry: Registry) -> Found:
    listed = (one for one in registry.sets.values() if one.listed)
    return Found(sets=tuple(one for one in listed if set_matches(query, one)))


def _get_documents(query: Query, registry: Registry) -> Found:
    return Found(entries=_named(query, registry))


def _get_sets(query: Query, registry: Registry) -> Found:
    wanted = _ids(query.values(UUID))
    links = [one for one in _links(registry, wanted) if one.kind == HAS_MEMBER]
    sources = {one.source for one in links}
    sets = (one for one in registry.sets.values() if one.urn in sources)
    return Found(sets=tuple(sets), associations=tuple(links))


def _get_associations(query: Query, registry: Registry) -> Found:
    return Found(associations=_links(registry, _ids(query.values(UUID))))


def _documents_and_associations(query: Query, registry: Registry) -> Found:
    entries = _named(query, registry)
    links = _links(registry, {one.card.id for one in entries})
    return Found(entries=entries, associations=links)


def _set_and_contents(query: Query, registry: Registry) -> Found:
    wanted, names = _ids(query.values(SET_UUID)), set(query.values(SET_UNIQUE_ID))
    sets = tuple(
        one
        for receipt, one in registry.sets.items()
        if receipt in wanted or one.said.unique_id in names
    )
    entries = tuple(e for one in sets for e in one.members if entry_matches(query, e))
    return Found(sets=sets, entries=entries, associations=_within(registry, sets, entries))


def _within(
    registry: Registry, sets: Sequence[SeenSet], entries: Iterable[Entry]
) -> tuple[Association, ...]:
    """What links these sets to these entries."""
    ids = {one.receipt for one in sets}
    targets = {one.urn for one in entries}
    return tuple(one for one in _links(registry, ids) if one.target in targets)


def _related(query: Query, registry: Registry) -> Found:
    """Without an association, the document that is named is not told either."""
    kinds = {_word(one) for one in query.values(KINDS)}
    named = {one.card.id for one in _named(query, registry)}
    documents = {one.urn: one for one in registry.entries.values()}
    links = tuple(
        one
        for one in _links(registry, named)
        if _word(one.kind) in kinds and one.source in documents and one.target in documents
    )
    ends = dict.fromkeys(end for one in links for end in (one.source, one.target))
    return Found(entries=tuple(documents[end] for end in ends), associations=links)


def _all(query: Query, registry: Registry) -> Found:
    entries = _find_documents(query, registry).entries
    sets = _find_sets(query, registry).sets
    ids = {one.card.id for one in entries} | {one.receipt for one in sets}
    return Found(entries=entries, sets=sets, associations=_links(registry, ids))


def _named(query: Query, registry: Registry) -> tuple[Entry, ...]:
    """By entryUUID or logical id, which are the same; or by uniqueId, of which the version in force
    is the one: a version under other codes bears the same."""
    ids = _ids((*query.values(ENTRY_UUID), *query.values(LOGICAL_ID)))
    names = set(query.values(UNIQUE_ID))
    by_name: dict[str, Entry] = {}
    for one in registry.entries.values():
        if one.unique_id in names and (one.unique_id not in by_name or one.listed):
            by_name[one.unique_id] = one
    ids |= {one.card.id for one in by_name.values()}
    return tuple(one for name, one in registry.entries.items() if name in ids)


def _links(registry: Registry, ids: set[str]) -> tuple[Association, ...]:
    """Those with one of these at an end, whichever."""
    return tuple(
        one
        for one in registry.associations()
        if id_in(one.source) in ids or id_in(one.target) in ids
    )


def _ids(written: Iterable[str]) -> set[str]:
    return {found for one in written if (found := id_in(one))}


def _word(kind: str) -> str:
    """The last word of an association type, whatever namespace stands before it."""
    return kind.rpartition(":")[2]


ANSWERS: Mapping[str, Callable[[Query, Registry], Found]] = {
    "FindDocuments": _find_documents,
    "FindDocumentsByReferenceId": _find_documents,
    "FindSubmissionSets": _find_sets,
    "GetDocuments": _get_documents,
    "GetSubmissionSets": _get_sets,
    "GetAssociations": _get_associations,
    "GetDocumentsAndAssociations": _documents_and_associations,
    "GetSubmissionSetAndContents": _set_and_contents,
    "GetRelatedDocuments": _related,
    "GetAll": _all,
}
NOT_ABOUT_SETS = ("FindDocuments", "FindDocumentsByReferenceId", "GetDocuments")
ABOUT_SETS = frozenset(ANSWERS) - frozenset(NOT_ABOUT_SETS)
