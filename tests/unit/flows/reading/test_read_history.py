"""The history: who read what, without counts or what the reader may not know."""

import json

import pytest
from reading_twins import (
    ANNE,
    HOLDER,
    PHYSICIAN,
    WAITING,
    card,
    house_of,
)

from gateway.errors import DeniedError
from gateway.flows.choices.emergency import enter
from gateway.flows.reading.history import ROWS_AT_ONCE
from gateway.records.readers.access import Mode


async def test_the_history_shows_who_read_without_counts_or_hidden_documents() -> None:
    house = house_of(card("one"), card("hidden", codes=WAITING))
    house.agree()
    await house.read.list_documents(PHYSICIAN, ANNE)
    await house.read.open_document(PHYSICIAN, "one")
    await house.read.open_document(PHYSICIAN, "hidden")
    await enter(house.read, PHYSICIAN, ANNE, Mode.BRIS_DE_GLACE, "coma")
    await house.read.open_document(PHYSICIAN, "one")
    rows = await house.read.history(HOLDER, ANNE)
    assert [(row.trace.action, row.trace.document) for row in rows] == [
        ("trace", None),
        ("open", "one"),
        ("open", "one"),
        ("list", None),
    ]
    reasons = [json.loads(row.trace.details).get("reason") for row in rows]
    assert reasons == [None, "coma", None, None]
    assert all(row.trace.kept == b"" for row in rows)
    assert any(trace.kept for trace in house.traces.written)


async def test_the_history_of_one_document_holds_its_rows_only() -> None:
    house = house_of(card("one"), card("two"), card("hidden", codes=WAITING))
    for document in ("one", "two"):
        await house.read.open_document(HOLDER, document)
    rows = await house.read.history(HOLDER, ANNE, "two")
    assert {row.trace.document for row in rows} == {"two"}
    assert await house.read.history(HOLDER, ANNE, "hidden") == []


async def test_what_is_not_wanted_or_not_permitted_hides_nothing_older() -> None:
    house = house_of(card("one"), card("hidden", codes=WAITING))
    house.agree()
    await house.read.open_document(PHYSICIAN, "one")
    for _ in range(2 * ROWS_AT_ONCE):
        await house.read.open_document(HOLDER, "one")
    await house.read.open_document(PHYSICIAN, "hidden")
    others = await house.read.history(
        HOLDER, ANNE, limit=1, wanted=lambda one: one.trace.actor == PHYSICIAN.id
    )
    assert [row.trace.document for row in others] == ["one"]


async def test_a_professional_does_not_read_the_history() -> None:
    house = house_of(card("one"))
    house.agree()
    with pytest.raises(DeniedError):
        await house.read.history(PHYSICIAN, ANNE)
