"""Scopes of applications, by kind and direction (VAULT APP-04; SMART App Launch 2, "Scopes").

A scope that is not read here gives nothing, and a kind that no scope names is refused. ACCESS knows
three words (F25): `in_access` says which of them a set of scopes stands for.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

READING, WRITING = "rs", "cud"
SEARCHED, READ_ONE, CREATED = "s", "r", "c"
LETTERS = "cruds"
"""In the order in which the guide has them written."""
OFFERED: Mapping[str, str] = {
    "Observation": LETTERS,
    "DocumentReference": "crs",
    "Patient": "rs",
    "Immunization": LETTERS,
    "Appointment": LETTERS,
    "AllergyIntolerance": LETTERS,
    "Condition": LETTERS,
    "MedicationStatement": LETTERS,
}
"""What may be asked at all. Masks, blocks, history, messages and the account never are."""
SERVED: Mapping[str, str] = {
    "Observation": "crs",
    "DocumentReference": "crs",
    "Patient": "rs",
    "Immunization": "rs",
    "AllergyIntolerance": "rs",
    "Condition": "rs",
    "MedicationStatement": "rs",
}
"""Of those, what the doors of `/fhir` answer to a service today: what discovery names."""
LIMITS = ("category", "code")
"""Search parameters that a scope may be narrowed by."""
SCOPE = re.compile(r"patient/([A-Z][A-Za-z]{1,63})\.(c?r?u?d?s?)(?:\?([^\s?#]{1,400}))?", re.ASCII)
LIMIT = re.compile(r"[A-Za-z0-9:/._|,%+~-]+", re.ASCII)
READ_WORD, WRITE_WORD, SYNC_WORD = "read", "write", "sync"
COPIED: Mapping[str, frozenset[tuple[str, str]]] = {
    READ_WORD: frozenset(
        {(kind, one) for kind in ("DocumentReference", "List", "Patient") for one in READING}
        | {("Binary", READ_ONE)}
    ),
    WRITE_WORD: frozenset({("DocumentReference", CREATED), ("Bundle", CREATED)}),
}
"""What the two words of a token that the patient copied open (decision 021)."""
CARRIED: Mapping[str, frozenset[str]] = {
    "DocumentReference": frozenset({"Binary", "List"}),
    "Observation": frozenset({"Device"}),
}
"""What a Bundle brings, each with what stands beside it: documents (ITI-65), measures (MEA-09)."""
Json = Mapping[str, Any]
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Scope:
    """`letters` in the order of LETTERS; `limits` by name, every one of which holds."""

    kind: str
    letters: str
    limits: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        narrowed = "&".join(f"{name}={value}" for name, value in self.limits)
        return f"patient/{self.kind}.{self.letters}" + (f"?{narrowed}" if narrowed else "")


def scope_of(said: str) -> Scope | None:
    """None for what is no scope that may be asked here."""
    found = SCOPE.fullmatch(said)
    if found is None or not found[2] or not set(found[2]) <= set(OFFERED.get(found[1], "")):
        return None
    limits = tuple(sorted(parse_qsl(found[3] or "", keep_blank_values=True)))
    names = [name for name, _ in limits]
    sound = set(names) <= set(LIMITS) and len(names) == len(set(names))
    if bool(found[3]) != bool(limits) or not sound:
        return None
    return Scope(found[1], found[2], limits) if all(LIMIT.fullmatch(v) for _, v in limits) else None


def is_within(asked: Scope, most: Scope) -> bool:
    """No letter more, and no limit less."""
    same = asked.kind == most.kind and set(asked.letters) <= set(most.letters)
    return same and all(_narrowed(limit, asked.limits) for limit in most.limits)


def halves(scope: Scope) -> tuple[Scope, ...]:
    """What it lets be read and what it lets be written, apart; the former first."""
    parted = (
        replace(scope, letters="".join(one for one in scope.letters if one in side))
        for side in (READING, WRITING)
    )
    return tuple(one for one in parted if one.letters)


def reads(scope: Scope) -> bool:
    return any(one in READING for one in scope.letters)


def in_access(scopes: Iterable[Scope]) -> tuple[str, ...]:
    """In the words of ACCESS F25: documents are deposited, anything else is synchronised."""
    given = list(scopes)
    words = {READ_WORD for one in given if reads(one)}
    for one in given:
        if any(letter in WRITING for letter in one.letters):
            words.add(WRITE_WORD if one.kind == "DocumentReference" else SYNC_WORD)
    return tuple(word for word in (READ_WORD, WRITE_WORD, SYNC_WORD) if word in words)


def scopes_in(given: Iterable[str]) -> list[Scope]:
    """Those of a choice or a token, without the words of ACCESS beside them."""
    return [one for one in map(scope_of, given) if one is not None]


def may_call(given: Sequence[str], kind: str, letter: str, asked: Pairs = ()) -> bool:
    """Whether this call may be made at all; of a search with `asked`, its parameters, which must
    keep within the limits of one scope. What a call answers or brings is asked of `may_touch`."""
    scopes = scopes_in(given)
    if _was_copied(given):
        return _is_copied(given, kind, letter)
    if (kind, letter) == ("Binary", READ_ONE):
        return any(not one.limits for one in _opening(scopes, "DocumentReference", READ_ONE))
    found = _opening(scopes, kind, letter)
    if letter != SEARCHED:
        return bool(found)
    return any(all(_narrowed(limit, asked) for limit in one.limits) for one in found)


def may_touch(given: Sequence[str], kind: str, letter: str, resource: Json) -> bool:
    """Whether a resource that is read or written is one of those that a scope names."""
    scopes = scopes_in(given)
    if _was_copied(given):
        return _is_copied(given, kind, letter)
    if kind == "Binary":
        return may_call(given, kind, letter)
    return any(
        all(_is_of(limit, resource) for limit in one.limits)
        for one in _opening(scopes, kind, letter)
    )


def may_bring(given: Sequence[str], bundle: Json) -> bool:
    """Whether a Bundle may be posted: a scope names every document and measure that it brings, or
    the word of a copied token has always let it."""
    if _was_copied(given):
        return _is_copied(given, "Bundle", CREATED)
    entries = bundle.get("entry")
    inside = [_inside(one) for one in entries] if isinstance(entries, list) else []
    kinds = [str(one.get("resourceType")) for one in inside]
    beside = frozenset[str]().union(*(CARRIED.get(kind, ()) for kind in kinds))
    brought = [(kind, one) for kind, one in zip(kinds, inside, strict=True) if kind not in beside]
    return bool(brought) and all(
        kind in CARRIED and may_touch(given, kind, CREATED, one) for kind, one in brought
    )


def _inside(entry: object) -> Json:
    found = entry.get("resource") if isinstance(entry, dict) else None
    return found if isinstance(found, dict) else {}


def still_within(given: Sequence[str], most: Iterable[str]) -> tuple[str, ...]:
    """What was given in a launch, without what its service may be given no more; in the words of
    a choice."""
    asked = scopes_in(most)
    left = [one for one in scopes_in(given) if any(is_within(one, other) for other in asked)]
    return (*in_access(left), *(str(one) for one in left))


def _was_copied(given: Iterable[str]) -> bool:
    """Bare words alone: a launch has a scope beside them, though it be one that is read no more."""
    return not any("/" in one for one in given)


def _is_copied(given: Iterable[str], kind: str, letter: str) -> bool:
    return any((kind, letter) in COPIED.get(word, ()) for word in given)


def _opening(scopes: Iterable[Scope], kind: str, letter: str) -> list[Scope]:
    """Those that give this letter of this kind; none for a call without a letter (`""`), which
    every text would hold."""
    return [one for one in scopes if one.kind == kind and letter in tuple(one.letters)]


def _narrowed(limit: tuple[str, str], asked: Iterable[tuple[str, str]]) -> bool:
    """Whether some parameter asks for nothing beyond this limit; a comma is OR."""
    name, value = limit
    most = set(value.split(","))
    return any(one == name and set(said.split(",")) <= most for one, said in asked)


def _is_of(limit: tuple[str, str], resource: Json) -> bool:
    name, value = limit
    return any(
        _agrees(one, coding) for one in value.split(",") for coding in _codings(resource, name)
    )


def _agrees(said: str, coding: Json) -> bool:
    system, bar, code = said.rpartition("|")
    same = bool(code) and coding.get("code") == code
    return same and (not bar or (coding.get("system") or "") == system)


def _codings(resource: Json, name: str) -> list[Json]:
    """Of an element that is one CodeableConcept, or several."""
    found = resource.get(name)
    concepts = found if isinstance(found, list) else [found]
    return [
        coding
        for concept in concepts
        if isinstance(concept, dict) and isinstance(concept.get("coding"), list)
        for coding in concept["coding"]
        if isinstance(coding, dict)
    ]
