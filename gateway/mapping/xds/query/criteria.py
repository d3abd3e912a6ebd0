"""Whether an entry or a set is what a query asks for (ITI TF-2 3.18.4.1.2.3.7)."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from gateway.mapping.xdm.documents import reference
from gateway.mapping.xdm.ebrim.displays import NOTHING_TOLD, shown
from gateway.mapping.xdm.ebrim.hl7types import dtm
from gateway.mapping.xdm.ebrim.metadata import STABLE_ENTRY
from gateway.mapping.xdm.ebrim.registry import APPROVED, author_person
from gateway.mapping.xds.query.asked import Query
from gateway.mapping.xds.query.objects import Entry, SeenSet
from gateway.mapping.xds.query.stored import (
    AUTHOR,
    CODES,
    CONTENT_TYPE,
    ENTRY,
    REFERENCES,
    SET_AUTHOR,
    SET_STATUS,
    SOURCE_ID,
    STATUS,
    SUBMITTED,
    TIMES,
    TYPE,
)
from gateway.mapping.xds.query.values import Code, code_of, instant_of, like
from gateway.records.documents.document import Document

FIELDS: Mapping[str, Callable[[Document], Sequence[str | None]]] = {
    "classCode": lambda one: [one.class_code],
    "typeCode": lambda one: [one.type_code],
    "formatCode": lambda one: [one.format_code],
    "practiceSettingCode": lambda one: [one.practice_setting],
    "healthcareFacilityTypeCode": lambda one: [one.facility_type],
    "eventCodeList": lambda one: one.event_codes,
    "confidentialityCode": lambda one: one.confidentiality,
}
TIMED: Mapping[str, Callable[[Document], str | None]] = {
    "CreationTime": lambda one: one.creation_time,
    "ServiceStartTime": lambda one: one.service_start,
    "ServiceStopTime": lambda one: one.service_stop,
}
SCHEME_NOT_KEPT = ("formatCode", "eventCodeList")
"""Of these only the code is kept of what came, so only the code is asked."""


def entry_matches(query: Query, entry: Entry) -> bool:
    """By status, type, codes, times, author and references, each where it is asked."""
    return (
        _is_of_status(query, entry)
        and is_stable(query)
        and all(_has_code(query, name, entry.document) for name in CODES)
        and all(_in_time(query, name, entry.document) for name in TIMES)
        and _is_by(query.values(AUTHOR), _authors(entry.document))
        and _refers(query, entry.document)
    )


def set_matches(query: Query, one: SeenSet) -> bool:
    said = one.said
    types = {code_of(text).code for text in query.values(CONTENT_TYPE)}
    sources = {text.removeprefix("urn:oid:") for text in query.values(SOURCE_ID)}
    authors = [said.author] if said.author else _authors(one.members[0].document)
    return (
        asks_approved_sets(query)
        and _between(query, SUBMITTED, said.time)
        and (not types or said.content_type in types)
        and (not sources or said.source_id in sources)
        and _is_by(query.values(SET_AUTHOR), authors)
    )


def asks_approved_sets(query: Query) -> bool:
    """A set is approved as long as it is there."""
    return not query.each(SET_STATUS) or APPROVED in query.values(SET_STATUS)


def is_stable(query: Query) -> bool:
    """On-demand entries are not kept here."""
    return not query.each(TYPE) or STABLE_ENTRY in map(str.lower, query.values(TYPE))


def _is_of_status(query: Query, entry: Entry) -> bool:
    """A status that is not known here is passed over."""
    return not query.each(STATUS) or entry.status in query.values(STATUS)


def _has_code(query: Query, name: str, document: Document) -> bool:
    kind = _attribute(name)
    slots = query.each(name)
    if not slots:
        return True
    have = {code for code in FIELDS[kind](document) if code}
    return all(any(_agrees(kind, code_of(text), have, document) for text in one) for one in slots)


def _attribute(name: str) -> str:
    """`$XDSDocumentEntryClassCode` is classCode."""
    bare = name.removeprefix(ENTRY)
    return bare[0].lower() + bare[1:]


def _agrees(kind: str, asked: Code, have: set[str], document: Document) -> bool:
    if asked.code not in have:
        return False
    known = document.type_system if kind == "typeCode" else None
    known = known or shown(kind, asked.code, NOTHING_TOLD).system
    return known is None or kind in SCHEME_NOT_KEPT or known == asked.scheme


def _in_time(query: Query, name: str, document: Document) -> bool:
    return _between(query, name, TIMED[name.removeprefix(ENTRY)](document))


def _between(query: Query, name: str, iso: str | None) -> bool:
    """From ≤ t < To; without the time none of them holds."""
    since, until = query.one(f"{name}From"), query.one(f"{name}To")
    if since is None and until is None:
        return True
    try:
        instant = instant_of((dtm(iso) or "")[:14])
    except ValueError:
        return False
    return (since is None or since <= instant) and (until is None or instant < until)


def _authors(document: Document) -> list[str]:
    return [author_person(one) for one in document.authors if one.kind != "organization"]


def _is_by(patterns: Iterable[str], names: Sequence[str]) -> bool:
    patterns = list(patterns)
    return not patterns or any(like(name, one) for name in names for one in patterns)


def _refers(query: Query, document: Document) -> bool:
    """CXi of the referenceIdList: `id^^^&oid&ISO^type`; its id and authority are what is kept."""
    have = set(document.related)
    return all(any(reference(text) in have for text in one) for one in query.each(REFERENCES))
