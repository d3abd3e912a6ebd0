"""The results of a record: of the documents that a reader may open, as they stand, each once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from reading_twins import ANNE, HOLDER, PAUL, PHYSICIAN, WAITING, FullTraces, House, card, house_of
from result_samples import row

from gateway.errors import DeniedError
from gateway.flows.reading.coded import results
from gateway.flows.reading.coded.results import Found, look_through
from gateway.records.documents.document import RESULTS_TYPE
from gateway.records.documents.mask import Mask
from gateway.records.documents.observation import Observation
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.readers.access import Reader


@dataclass(frozen=True)
class View:
    """Everything, of which the documents named are shown."""

    found: Found
    documents: Collection[str] = ()


def record(*documents: tuple[str, Sequence[Observation], dict[str, Any]]) -> House:
    """Documents in the order of their arrival; messages of one laboratory, unless said otherwise.
    `sent` is when a message was made, `by` what replaced it."""
    house = house_of()
    for day, (name, rows, said) in enumerate(documents, start=1):
        plain: dict[str, Any] = {
            "results": len(rows),
            "mime_type": RESULTS_TYPE,
            "deposited_at": datetime(2026, 3, day, tzinfo=UTC),
        }
        sent, by = said.pop("sent", None), said.pop("by", None)
        if by:
            plain["status"] = DocumentStatus.SUPERSEDED
        house.shelf.put(card(name, **(plain | said)), superseded_by=by)
        one = house.shelf.shelved[name]
        document = replace(one.document, creation_time=sent)
        house.shelf.shelved[name] = replace(one, document=document)
        house.shelf.results[name] = list(rows)
    return house


async def seen(house: House, reader: Reader = HOLDER, *shown: str) -> list[tuple[str, str]]:
    """Document and value of each result."""
    view = await look_through(house.read, reader, ANNE, lambda found: View(found, shown))
    return [(one.card.id, one.row.value) for one in view.found.results]


async def earlier(house: House) -> list[list[str]]:
    view = await look_through(house.read, HOLDER, ANNE, View)
    return [[one.row.value for one in result.before] for result in view.found.results]


ONE, TWO = [row("2.1", group_id="A1")], [row("2.4", status="C", group_id="A1")]
OTHER = [row("9.9", time="2025-01-01", group_id="B1")]


async def test_a_correction_by_a_later_message_takes_the_place_and_keeps_the_earlier() -> None:
    house = record(("first", ONE, {}), ("other", OTHER, {}), ("second", TWO, {}))
    assert await seen(house) == [("second", "2.4"), ("other", "9.9")]
    assert await earlier(house) == [["2.1"], []]


async def test_a_message_that_comes_late_is_no_later_word() -> None:
    at = "2026-03-0{}T08:00:00Z".format
    house = record(("second", TWO, {"sent": at(2)}), ("first", ONE, {"sent": at(1)}))
    assert await seen(house) == [("second", "2.4")]


@pytest.mark.parametrize("status", ["D", "W", "X"])
async def test_a_cancelled_result_is_no_result_any_more(status: str) -> None:
    gone = [row("2.1", status=status, group_id="A1")]
    house = record(("first", ONE, {}), ("gone", gone, {}))
    assert await seen(house) == []


async def test_a_provisional_result_is_there_until_the_final_one_comes() -> None:
    early = [row("2.0", status="P", group_id="A1")]
    house = record(("early", early, {}))
    assert await seen(house) == [("early", "2.0")]
    house = record(("early", early, {}), ("final", ONE, {}))
    assert (await seen(house), await earlier(house)) == ([("final", "2.1")], [["2.0"]])


async def test_the_same_order_number_at_another_laboratory_is_another_order() -> None:
    house = record(("first", ONE, {}), ("other", TWO, {"organization_name": "Port"}))
    assert len(await seen(house)) == 2


async def test_a_message_in_force_has_the_rows_that_only_its_earlier_version_brought() -> None:
    more = row("5", code="718-7", group_id="A1")
    house = record(("old", [*ONE, more], {"by": "new"}), ("new", TWO, {}))
    assert sorted(await seen(house)) == [("new", "2.4"), ("old", "5")]


async def test_a_document_that_was_replaced_or_withdrawn_has_no_results_any_more() -> None:
    cda = {"mime_type": "text/xml"}
    house = record(
        ("old", ONE, {"by": "new", **cda}),
        ("new", TWO, dict(cda)),
        ("gone", OTHER, {"status": DocumentStatus.WITHDRAWN}),
        ("before", OTHER, {"by": "gone"}),
    )
    assert await seen(house) == [("new", "2.4")]


async def test_what_is_hidden_from_a_reader_gives_no_result_no_count_and_no_correction() -> None:
    house = record(("first", ONE, {}), ("second", TWO, {"codes": WAITING}))
    house.agree()
    assert await seen(house) == [("first", "2.1")]
    assert await seen(house, PHYSICIAN) == [("second", "2.4")]


async def test_an_earlier_version_that_is_hidden_lends_no_row() -> None:
    more = row("5", code="718-7", group_id="A1")
    house = record(("old", [more], {"by": "new", "codes": WAITING}), ("new", TWO, {}))
    assert await seen(house) == [("new", "2.4")]


async def test_a_masked_document_is_the_patients_to_see_and_no_other_physicians() -> None:
    mask = Mask(since=datetime(2026, 3, 1, tzinfo=UTC))
    house = record(("mine", ONE, {"masked_by_patient": True, "mask": mask}))
    house.agree()
    assert await seen(house) == [("mine", "2.1")]
    assert await seen(house, PHYSICIAN) == []


async def test_only_documents_of_which_a_value_is_shown_are_told_as_opened() -> None:
    house = record(("one", ONE, {}), ("two", OTHER, {}))
    house.agree()
    await seen(house, PHYSICIAN, "two", "two")
    told = [(one.action, one.document, one.permitted) for one in house.traces.written]
    assert told == [("search", None, True), ("contents", "two", True)]
    assert [one.subject for one in house.traces.then] == ["access"]


async def test_nothing_leaves_that_cannot_be_told() -> None:
    house = record(("one", ONE, {}))
    read = replace(house.read, traces=FullTraces())
    with pytest.raises(OSError, match="no space"):
        await look_through(read, HOLDER, ANNE, View)


async def test_whom_nothing_permits_gets_nothing_and_no_such_record_is_denied() -> None:
    house = record(("one", ONE, {}))
    assert await seen(house, PHYSICIAN) == []
    assert [(one.action, one.permitted) for one in house.traces.written] == [("search", False)]
    with pytest.raises(DeniedError):
        await look_through(house.read, HOLDER, PAUL, View)


async def test_so_many_results_are_looked_through_and_what_is_left_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(results, "MAX_RESULTS", 3)
    rows = [row(str(n), time=None) for n in range(2)]
    house = record(*((f"d{n}", rows, {}) for n in range(4)))
    view = await look_through(house.read, HOLDER, ANNE, View)
    assert ({one.card.id for one in view.found.results}, view.found.left) == ({"d3"}, 3)
    monkeypatch.setattr(results, "MAX_RESULTS", 1)
    view = await look_through(house.read, HOLDER, ANNE, View)
    assert (len(view.found.results), view.found.left) == (2, 3), "one document at least"
