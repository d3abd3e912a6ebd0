"""What a document replaces, asked by either of its names: our id, or its unique id.

A relation bears the name that its sender gave it; who searches with `relatesto` may know the other.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace

from gateway.mapping.fhir.written.emit import OURS
from gateway.ports.documents.shelf import Shelf
from gateway.records.documents.shelved import Shelved
from gateway.records.patients.patient import PatientKey
from gateway.vault.fhir.search.query import KIND, RELATES_TO, Search
from gateway.vault.fhir.search.tokens import alternatives

ESCAPABLE = re.compile(r"[\\,|$]")


async def with_names(shelf: Shelf, asked: Search, *, whose: Container[PatientKey]) -> Search:
    """The same question with the unique ids of those of ours that it names, in these records."""
    wanted = [
        (name, ",".join([value, *await _uniques(shelf, value, whose)]))
        if name == RELATES_TO
        else (name, value)
        for name, value in asked.wanted
    ]
    return replace(asked, wanted=tuple(wanted))


async def _uniques(shelf: Shelf, value: str, whose: Container[PatientKey]) -> list[str]:
    found = []
    for part in alternatives(value):
        own = part.rpartition(KIND)[2]
        target = await shelf.find(own) if OURS.fullmatch(own) else None
        if target and target.card.patient in whose and target.document.unique_id:
            found.append(ESCAPABLE.sub(r"\\\g<0>", target.document.unique_id))
    return found


async def replaced_by_name(
    shelf: Shelf, found: Iterable[Shelved], asked: Search
) -> Mapping[str, Shelved]:
    """What these documents replace and name by our id, where the question is about that."""
    if not any(name == RELATES_TO for name, _ in asked.wanted):
        return {}
    named = {one.document.replaces or "" for one in found}
    return await shelf.find_each(sorted(one for one in named if OURS.fullmatch(one)))


def names_of_replaced(shelved: Shelved, replaced: Mapping[str, Shelved]) -> Iterator[Shelved]:
    """The document; then, where it names one of ours by its id, as if it had said the unique id."""
    yield shelved
    older = replaced.get(shelved.document.replaces or "")
    if older and older.card.patient == shelved.card.patient and older.document.unique_id:
        by_unique_id = replace(shelved.document, replaces=older.document.unique_id)
        yield replace(shelved, document=by_unique_id)
