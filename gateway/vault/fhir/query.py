"""A FHIR search as values: parameters, tokens, dates, pages (FHIR.md sections 4, 5 and 7)."""

import base64
import binascii
import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from gateway.mapping.fhir.emit import date_of, identifier_of
from gateway.records.filing import Card, Shelved

DEFAULT_COUNT, MAX_COUNT, ABSURD_COUNT = 20, 200, 10_000
CURSOR_LASTS = timedelta(hours=1)
PATIENT_IDENTIFIER = ("patient.identifier", "patient:identifier", "subject.identifier")
PATIENT = ("patient", "subject")
SORTS = ("date", "-date", "_lastUpdated", "-_lastUpdated")
CONTROL = frozenset({"_count", "_sort", "_cursor", "_format", "_pretty", "status"})
ALWAYS = frozenset({*CONTROL, *PATIENT, *PATIENT_IDENTIFIER})
URN_OID = "urn:oid:"
Pairs = Sequence[tuple[str, str]]
DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII)
BAD_DATE = (
    "{name} is YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with its offset, after one of "
    "eq ne gt lt ge le sa eb if any."
)
DATE_PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb")


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
    first = dict(reversed(pairs))
    asked = {*CARD_FIELDS, *DEEP_FIELDS} if criteria is None else criteria
    count, cut = _count(first.get("_count"))
    return Search(
        patient_identifier=_patient_identifier(first),
        patient_id=_patient_id(first),
        only_superseded="status" in first and "current" not in _codes(first["status"]),
        count=count,
        count_cut=cut,
        sort=_sort(first.get("_sort")),
        cursor=first.get("_cursor", ""),
        wanted=tuple((n, _dates(n, v) if n in DATES else v) for n, v in pairs if n in asked),
        unknown=tuple(sorted({n for n, _ in pairs if n not in asked and n not in ALWAYS})),
    )


def _count(value: str | None) -> tuple[int, bool]:
    if value is None:
        return DEFAULT_COUNT, False
    if not (value.isascii() and value.isdigit()) or len(value) > 5 or int(value) > ABSURD_COUNT:
        raise BadSearchError("_count is a number up to 200.")
    return min(int(value), MAX_COUNT), int(value) > MAX_COUNT


def _sort(value: str | None) -> str:
    return value if value in SORTS else ""


def _codes(value: str) -> list[str]:
    return [one.rpartition("|")[2] for one in value.split(",")]


def _patient_identifier(first: dict[str, str]) -> tuple[str, str] | None:
    """(OID, value) of `system|value`; raises BadSearchError without a system."""
    value = next((first[name] for name in PATIENT_IDENTIFIER if name in first), None)
    if value is None:
        return None
    system, bar, ins = value.partition("|")
    if not bar or not system or not ins:
        raise BadSearchError("patient.identifier is urn:oid:OID|value.")
    return system.removeprefix(URN_OID), ins


def _patient_id(first: dict[str, str]) -> str | None:
    value = next((first[name] for name in PATIENT if name in first), None)
    return value.removeprefix("Patient/") if value else None


def _type(card: Card) -> list[str]:
    return [card.type_code or ""]


CARD_FIELDS: dict[str, Callable[[Card], list[str]]] = {
    "_id": lambda card: [card.id],
    "_tag": lambda card: [card.shown_label],
    "type": _type,
    "category": lambda card: [card.class_code or ""],
    "contenttype": lambda card: [card.mime_type],
    "security-label": lambda card: [*card.codes, *(["MASQUE_PS"] * card.masked_by_patient)],
}
"""Token parameters that a card answers; compared by code, a system is not looked at."""


def _identifiers(shelved: Shelved) -> list[str]:
    document = shelved.document
    made = identifier_of(document.unique_id) or {}
    names = [document.unique_id or "", made.get("value", ""), *document.identifiers]
    return [name for name in names if name]


DEEP_FIELDS: dict[str, Callable[[Shelved], list[str]]] = {
    "identifier": _identifiers,
    "date": lambda one: [date_of(one)],
    "creation": lambda one: [one.document.creation_time or ""],
    "period": lambda one: [one.document.service_start or ""],
    "format": lambda one: [one.document.format_code or ""],
    "facility": lambda one: [one.document.facility_type or ""],
    "setting": lambda one: [one.document.practice_setting or ""],
    "event": lambda one: list(one.document.event_codes),
    "author.family": lambda one: [author.family or "" for author in one.document.authors],
    "author.given": lambda one: [author.given or "" for author in one.document.authors],
}
"""Parameters for which the whole metadata is read."""

DATES = frozenset({"date", "creation", "period"})
NAMES = frozenset({"author.family", "author.given"})


def card_matches(card: Card, search: Search) -> bool:
    return all(
        token_agrees(CARD_FIELDS[name](card), value)
        for name, value in search.wanted
        if name in CARD_FIELDS
    )


def is_deep(search: Search) -> bool:
    return any(name in DEEP_FIELDS for name, _ in search.wanted)


def deep_matches(shelved: Shelved, search: Search) -> bool:
    return all(
        _deep(name, DEEP_FIELDS[name](shelved), value)
        for name, value in search.wanted
        if name in DEEP_FIELDS
    )


def _deep(name: str, have: list[str], value: str) -> bool:
    if name in DATES:
        return any(date_agrees(one, part) for one in have for part in value.split(",") if one)
    if name in NAMES:
        starts = [part.casefold() for part in value.split(",") if part]
        return any(one.casefold().startswith(start) for one in have for start in starts)
    return token_agrees(have, value)


def token_agrees(have: Iterable[str], value: str) -> bool:
    """Comma is OR; `system|code` is read by its code, after `urn:oid:` is taken off."""
    codes = {code.removeprefix(URN_OID) for code in _codes(value) if code}
    return any(one.removeprefix(URN_OID) in codes for one in have)


def _dates(name: str, value: str) -> str:
    """The dates of one criterion, instants in UTC; an empty one is none. Raises BadSearchError."""
    return ",".join(_date(name, part) for part in value.split(",")) if value else ""


def _date(name: str, part: str) -> str:
    prefix = part[:2] if part[:2] in DATE_PREFIXES else ""
    text = part.removeprefix(prefix)
    try:
        if not DATE.fullmatch(text):
            raise ValueError(text)  # noqa: TRY301 — one answer for all of them
        if "T" not in text:
            date.fromisoformat(f"{text}-01-01"[:10])
            return part
        at = datetime.fromisoformat(text)
        told = at.astimezone(UTC) if at.tzinfo else at
    except (ValueError, OverflowError):
        raise BadSearchError(BAD_DATE.format(name=name)) from None
    seconds = "seconds" if text.count(":", 0, 19) > 1 else "minutes"
    return prefix + told.replace(tzinfo=None).isoformat(timespec=seconds)


def date_agrees(have: str, value: str) -> bool:
    """By text of the same precision, both in UTC (FHIR search, prefixes of a date)."""
    prefix, asked = (value[:2], value[2:]) if value[:2] in DATE_PREFIXES else ("eq", value)
    asked = asked.removesuffix("Z")
    mine = have.removesuffix("Z")[: len(asked)]
    match prefix:
        case "eq":
            return mine == asked
        case "ne":
            return mine != asked
        case "gt" | "sa":
            return mine > asked
        case "lt" | "eb":
            return mine < asked
        case "ge":
            return mine >= asked
        case _:
            return mine <= asked


def sorted_cards(cards: Iterable[Card], sort: str) -> list[Card]:
    """Newest deposit first, or as asked; the id breaks ties so that pages never overlap."""
    ordered = sorted(cards, key=lambda card: (card.deposited_at, card.id), reverse=True)
    if sort in ("date", "-date"):
        ordered.sort(key=_day, reverse=sort == "-date")
    elif sort == "_lastUpdated":
        ordered.reverse()
    return ordered


def _day(card: Card) -> str:
    return card.act_date or card.deposited_at.date().isoformat()


class Named(Protocol):
    @property
    def id(self) -> str: ...


def cursor_of(last: Named, place: int, now: datetime) -> str:
    """Where the next page starts: after this card, else at this place; good for one hour."""
    until = int((now + CURSOR_LASTS).timestamp())
    return base64.urlsafe_b64encode(f"{last.id}.{place}.{until}".encode()).decode().rstrip("=")


def start_of(cursor: str, cards: Sequence[Named], now: datetime) -> int:
    """Raises BadSearchError for a cursor that is not ours or is over."""
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        last, place, until = text.split(".")
        start, ends = int(place), datetime.fromtimestamp(int(until), UTC)
        if start < 0:
            raise ValueError("before the first card")  # noqa: TRY301 — one answer for all of them
    except (ValueError, binascii.Error, OverflowError, OSError):
        raise BadSearchError("This next link is not ours: search again.") from None
    if now > ends:
        raise BadSearchError("This next link is over: search again.")
    return next((n + 1 for n, card in enumerate(cards) if card.id == last), start)
