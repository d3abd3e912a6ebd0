"""A FHIR search as values: parameters, tokens, dates (FHIR.md sections 4, 5 and 7)."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from gateway.mapping.fhir.clinical.criteria import DATES as CLINICAL_DATES
from gateway.mapping.fhir.dates import DATE_PREFIXES, date_agrees, span_of
from gateway.mapping.fhir.values import URI_SYSTEM
from gateway.mapping.fhir.written.emit import (
    CLASS_SYSTEM,
    LABEL_SYSTEM,
    MASK,
    OURS,
    date_of,
    identifier_of,
    last_updated,
    system_of_label,
)
from gateway.mapping.fhir.written.making import instant
from gateway.mapping.labels import type_system_of
from gateway.records.documents.shelved import Card, Shelved
from gateway.records.numbers import whole
from gateway.vault.fhir.search.tokens import Token, alternatives, codes_of, plain_of, token_agrees

DEFAULT_COUNT, MAX_COUNT, ABSURD_COUNT = 20, 200, 10_000
MAX_VALUES = 200
"""Of all criteria together: each is held against each resource, of which there may be thousands."""
TOO_MANY_VALUES = f"A search names at most {MAX_VALUES} values. Ask in several searches."
PATIENT = ("patient", "subject")
BY_IDENTIFIER = (".identifier", ":identifier", ":Patient.identifier")
PATIENT_IDENTIFIER = frozenset(f"{name}{way}" for name in PATIENT for way in BY_IDENTIFIER)
DATED = ("date", "-date")
LAST_UPDATED = "_lastUpdated"
ARCHIVED = "isArchived"
NAMING = frozenset({ARCHIVED, "_id", "identifier"})
"""A search by one of these says which documents it means: it is no default list (ACCESS 8)."""
OLDEST_CHANGE, NEWEST_CHANGE = LAST_UPDATED, f"-{LAST_UPDATED}"
BY_CHANGE = (NEWEST_CHANGE, OLDEST_CHANGE)
SORTS = (*DATED, OLDEST_CHANGE, NEWEST_CHANGE)
CONTROL = frozenset({"_count", "_sort", "_cursor", "_format", "_pretty", "_total", "status"})
ALWAYS = frozenset({*CONTROL, *PATIENT, *PATIENT_IDENTIFIER})
SUMMARY, SUMMARIES = "_summary", ("count", "false")
"""Of R4's summaries: those that need no other form of a resource."""
KIND = "DocumentReference/"
RELATES_TO = "relatesto"
ALIASES = {f"{name}:identifier": name for name in ("related", RELATES_TO)}
"""A modifier that says of a reference what holds here anyway (R4 search, modifiers)."""
URN_OID = "urn:oid:"
Pairs = Sequence[tuple[str, str]]
BAD_DATE = (
    "{name} is YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with its offset, after one of "
    "eq ne gt lt ge le sa eb if any."
)


class BadSearchError(Exception):
    """The text says what to mend; `forbidden` for a patient's search beyond a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """`wanted` are the criteria in order, repeated ones all to hold; `unknown` were not read."""

    patient_identifier: tuple[str, str] | None
    patient_id: str | None
    only_superseded: bool
    count: int
    count_cut: bool
    sort: str
    cursor: str
    wanted: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]


def search_of(pairs: Pairs, criteria: Container[str] | None = None) -> Search:
    """`criteria` are the parameters of the type asked, those of DocumentReference by default.

    Raises BadSearchError.
    """
    pairs = [(ALIASES.get(name, name), value) for name, value in pairs]
    first = dict(reversed(pairs))
    asked = {*CARD_FIELDS, *DEEP_FIELDS} if criteria is None else criteria
    _refuse_modifiers(pairs, asked)
    count, cut = _count(first.get("_count"))
    identifier, own_id = _whose(pairs)
    statuses = [value for name, value in pairs if name == "status" and value]
    wanted = tuple((n, _checked(n, v)) for n, v in pairs if n in asked and v)
    if sum(value.count(",") + 1 for _, value in wanted) > MAX_VALUES:
        raise BadSearchError(TOO_MANY_VALUES)
    return Search(
        patient_identifier=identifier,
        patient_id=own_id,
        only_superseded=any("current" not in codes_of(one) for one in statuses),
        count=0 if first.get(SUMMARY) == "count" else count,
        count_cut=cut,
        sort=_sort(first.get("_sort")),
        cursor=first.get("_cursor", ""),
        wanted=wanted,
        unknown=tuple(sorted(_unknown(first, asked, sorts=SORTS if criteria is None else DATED))),
    )


def _unknown(
    first: dict[str, str], asked: Container[str], *, sorts: Container[str]
) -> Iterator[str]:
    """What is passed over, and told: an order that we cannot give too."""
    limited = {"_sort": sorts, SUMMARY: SUMMARIES}
    for name, value in first.items():
        known = value in limited[name] or not value if name in limited else name in ALWAYS
        if not known and name not in asked:
            yield name


def _refuse_modifiers(pairs: Pairs, asked: Container[str]) -> None:
    """R4 search, modifiers: what would turn a criterion round is not passed over."""
    for name in (one for one, _ in pairs if one not in ALWAYS):
        known, colon, _ = name.partition(":")
        if colon and (known in asked or known in ALWAYS):
            raise BadSearchError(f"Leave out the modifier of {known}: none is taken here.")


def _count(value: str | None) -> tuple[int, bool]:
    if value is None:
        return DEFAULT_COUNT, False
    count = whole(value)
    if count is None or count > ABSURD_COUNT:
        raise BadSearchError("_count is a number up to 200.")
    return min(count, MAX_COUNT), count > MAX_COUNT


def _sort(value: str | None) -> str:
    return value if value in SORTS else ""


def _whose(pairs: Pairs) -> tuple[tuple[str, str] | None, str | None]:
    """The patient by identifier (OID, value) or by id, each None where it is not said.

    Raises BadSearchError for several, and for an identifier without a system.
    """
    identifiers = {_identifier(value) for name, value in pairs if name in PATIENT_IDENTIFIER}
    ids = {value.removeprefix("Patient/") for name, value in pairs if name in PATIENT and value}
    if len(identifiers) + len(ids) > 1:
        raise BadSearchError("Name one patient, once.")
    return next(iter(identifiers), None), next(iter(ids), None)


def _identifier(value: str) -> tuple[str, str]:
    system, bar, ins = value.partition("|")
    if not bar or not system or not ins or "," in value:
        raise BadSearchError("patient.identifier is urn:oid:OID|value, of one patient.")
    return system.removeprefix(URN_OID), ins


def _type(card: Card) -> list[Token]:
    code = card.type_code or ""
    return [(type_system_of(code) or "", code)]


def _labels(card: Card) -> list[Token]:
    """As `emit` writes them: a mask stands beside another code, N where there is none."""
    masked = card.masked_by_patient or MASK in card.codes
    codes = [code for code in card.codes if code != MASK] or ["N"]
    return [(system_of_label(one), one) for one in (*codes, *([MASK] if masked else []))]


CARD_FIELDS: dict[str, Callable[[Card], list[Token]]] = {
    "_id": lambda card: [("", card.id)],
    LAST_UPDATED: lambda card: [("", instant(last_updated(card)))],
    "_tag": lambda card: [(LABEL_SYSTEM, card.shown_label)],
    "type": _type,
    "category": lambda card: [(CLASS_SYSTEM, card.class_code or "")],
    "contenttype": lambda card: [("", card.mime_type)],
    "security-label": _labels,
    ARCHIVED: lambda card: [("", "true" if card.archived_at else "false")],
}
"""Tokens and one date that a card answers."""


def _identifiers(shelved: Shelved) -> list[Token]:
    document = shelved.document
    return _names([one for one in (document.unique_id, *document.identifiers) if one])


def _names(names: Iterable[str]) -> list[Token]:
    """Each as it is written in FHIR, and in one word as XDS and HL7v2 write it."""
    made = [one for name in names if (one := identifier_of(name))]
    words = ((URI_SYSTEM, one) for one in names)
    return [*((one.get("system", ""), one["value"]) for one in made), *words]


def _replaced(shelved: Shelved) -> list[Token]:
    """One of ours by its id, or any by its unique id: as the document itself named it."""
    named = shelved.document.replaces or ""
    return [("", named)] if OURS.fullmatch(named) else _names([named] if named else [])


def _authors(shelved: Shelved) -> list[Token]:
    authors = shelved.document.authors
    return [(one.id_system or "", one.id) for one in authors if one.id]


def _without_system(code: str | None) -> list[Token]:
    return [("", code or "")]


DEEP_FIELDS: dict[str, Callable[[Shelved], list[Token]]] = {
    "identifier": _identifiers,
    "date": lambda one: [("", date_of(one.card, one.document))],
    "creation": lambda one: [("", one.document.creation_time or "")],
    "period": lambda one: [(one.document.service_stop or "", one.document.service_start or "")],
    "period-start": lambda one: [("", one.document.service_start or "")],
    "period-end": lambda one: [("", one.document.service_stop or "")],
    "format": lambda one: _without_system(one.document.format_code),
    "facility": lambda one: _without_system(one.document.facility_type),
    "setting": lambda one: _without_system(one.document.practice_setting),
    "event": lambda one: [("", code) for code in one.document.event_codes],
    "related": lambda one: _names(one.document.related),
    RELATES_TO: _replaced,
    "author.identifier": _authors,
    "author.family": lambda one: [("", author.family or "") for author in one.document.authors],
    "author.given": lambda one: [("", author.given or "") for author in one.document.authors],
}
"""Parameters for which the whole metadata is read; a period is its end and its start."""

DATES = frozenset({"date", "creation", "period", "period-start", "period-end", LAST_UPDATED})
NAMES = frozenset({"author.family", "author.given"})


def card_matches(card: Card, search: Search) -> bool:
    return all(
        _agrees(name, CARD_FIELDS[name](card), value)
        for name, value in search.wanted
        if name in CARD_FIELDS
    )


def asks_changes(search: Search) -> bool:
    """Whether the order, or a criterion, hangs on when each of them last changed."""
    return search.sort in BY_CHANGE or any(name == LAST_UPDATED for name, _ in search.wanted)


def asks_archived(search: Search) -> bool:
    """Whether archived documents are looked through too; else they are left out."""
    return any(name in NAMING for name, _ in search.wanted)


def is_deep(search: Search) -> bool:
    return any(name in DEEP_FIELDS for name, _ in search.wanted)


def deep_matches(shelved: Shelved, search: Search) -> bool:
    return all(
        _agrees(name, DEEP_FIELDS[name](shelved), value)
        for name, value in search.wanted
        if name in DEEP_FIELDS
    )


def _agrees(name: str, have: list[Token], value: str) -> bool:
    parts = alternatives(value)
    if name == RELATES_TO:
        return token_agrees(have, ",".join(one.rpartition(KIND)[2] for one in parts))
    if name in DATES:
        spans = [(start, until) for until, start in have if start]
        dates = value.split(",")  # an empty criterion is none (R4 search)
        return any(date_agrees(one, part, until=end) for one, end in spans for part in dates)
    if name in NAMES:
        starts = [plain_of(part).casefold() for part in parts]
        return any(one.casefold().startswith(start) for _, one in have for start in starts)
    return token_agrees(have, value)


def _checked(name: str, value: str) -> str:
    """The criterion as it came; an empty date is none. Raises BadSearchError for a wrong one."""
    dated = value and name in DATES | CLINICAL_DATES
    for part in value.split(",") if dated else ():
        try:
            span_of(part[2:] if part[:2] in DATE_PREFIXES else part)
        except (ValueError, OverflowError):
            raise BadSearchError(BAD_DATE.format(name=name)) from None
    return value
