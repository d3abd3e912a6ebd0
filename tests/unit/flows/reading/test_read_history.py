"""The history: who read what, without counts or what the reader may not know."""

import json
from dataclasses import replace
from datetime import date

import pytest
from reading_twins import (
    ANNE,
    HOLDER,
    PAUL,
    PHYSICIAN,
    WAITING,
    MemoryShelf,
    card,
    choice,
    house_of,
)

from gateway.errors import DeniedError
from gateway.flows.choices.emergency import enter
from gateway.flows.reading.history import ROWS_AT_ONCE
from gateway.records.documents.shelved import Card, Shelved
from gateway.records.patients.account import ChoiceKind, NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Mode, Reader, ReaderKind, Representative


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


async def test_own_acts_that_are_not_looked_at_hide_nothing_older() -> None:
    house = house_of(card("one"))
    house.agree()
    await house.read.open_document(PHYSICIAN, "one")
    for _ in range(ROWS_AT_ONCE):
        await house.read.list_documents(HOLDER, ANNE)
    await house.read.open_document(HOLDER, "one")
    rows = await house.read.history(HOLDER, ANNE, limit=9, besides=frozenset({"open"}))
    assert [row.trace.actor for row in rows] == [HOLDER.id, PHYSICIAN.id]


async def test_a_professional_does_not_read_the_history() -> None:
    house = house_of(card("one"))
    house.agree()
    with pytest.raises(DeniedError):
        await house.read.history(PHYSICIAN, ANNE)


async def test_however_many_rows_name_them_the_documents_are_asked_for_once() -> None:
    house = house_of(card("one"), card("two"), card("three"))
    for _ in range(ROWS_AT_ONCE):
        for document in ("one", "two", "three"):
            await house.read.open_document(HOLDER, document)
    asked: list[str] = []
    shelf = house.read.shelf
    cards, find = shelf.cards, shelf.find

    class Counted(MemoryShelf):
        async def cards(self, patient: PatientKey, *, current_only: bool = True) -> list[Card]:
            asked.append("cards")
            return await cards(patient, current_only=current_only)

        async def find(self, document: str) -> Shelved | None:
            asked.append(document)
            return await find(document)

    reading = replace(house.read, shelf=Counted())
    rows = await reading.history(HOLDER, ANNE, limit=5_000)
    assert len(rows) == 3 * ROWS_AT_ONCE + 1
    assert asked == ["cards"]


@pytest.mark.parametrize("more", [(), ("one",)])
async def test_a_document_that_went_to_another_record_is_told_of_without_its_name(
    more: tuple[str, ...],
) -> None:
    house = house_of(card("one"), card("theirs"), card("waits", codes=WAITING))
    house.agree()
    for document in (*more, "theirs"):
        await house.read.open_document(PHYSICIAN, document)
        await house.read.open_document(PHYSICIAN, "waits")
    for document in ("theirs", "waits"):
        house.shelf.change(document, patient=PAUL)
    rows = await house.read.history(HOLDER, ANNE)
    opened = [row.trace.document for row in rows if row.trace.action == "open"]
    assert opened == [None, *more], "that of Paul who waits is no more told of than before"


async def test_a_refused_deposit_is_told_to_nobody_from_whom_its_author_hid_it() -> None:
    house = house_of()
    guardian = Reader(kind=ReaderKind.REPRESENTATIVE, id="guardian")
    house.people.chosen.append(choice(ChoiceKind.GUARDIAN, "guardian"))
    await house.read.list_documents(HOLDER, ANNE)
    (listed,) = house.traces.written
    plain = replace(listed, action="deposit", permitted=False, rule="F39", details=b"{}")
    for code in ("INVISIBLE_REPRESENTANTS_LEGAUX", "INVISIBLE_PATIENT"):
        hidden = replace(plain, actor=code, details=json.dumps({"unfiled": [code]}).encode())
        await house.traces.write([hidden])
    await house.traces.write([plain])

    async def told(reader: Reader) -> list[str]:
        rows = await house.read.history(reader, ANNE)
        return [row.trace.actor for row in rows if row.trace.action == "deposit"]

    assert await told(HOLDER) == [listed.actor, "INVISIBLE_REPRESENTANTS_LEGAUX"]
    assert await told(guardian) == [listed.actor]


async def test_a_parent_is_not_told_where_the_other_one_signs_in_from() -> None:
    """REP-05: the acts of both, and the address of none but the own."""
    house = house_of(card("one"))
    gate = await house.read.gate(HOLDER, ANNE)
    made = [
        NewTrace(
            patient=ANNE,
            action="list",
            permitted=True,
            rule="P02",
            kind=kind,
            actor=who,
            actor_name=who,
            address=f"192.0.2.{number}",
        )
        for number, (kind, who) in enumerate(
            (("representative", "ab"), ("representative", "cd"), ("professional", "ef"))
        )
    ]
    await house.traces.write(made)
    rows = await house.traces.of_patient(ANNE, limit=9)
    reader = Reader(kind=ReaderKind.REPRESENTATIVE, id="ab", name="ab")
    record = replace(
        gate.record,
        birth_date=date(2020, 1, 1),
        representatives=(Representative(id="ab", role="parent"),),
    )
    told = await house.read.permitted_rows(replace(gate, reader=reader, record=record), rows)
    assert [one.trace.address for one in told] == ["192.0.2.2", "", "192.0.2.0"]
