"""Which documents of a record propose measures, and to whom (VAULT MEA-08, PRO-04, BIO-07)."""

from collections.abc import Collection
from datetime import UTC, datetime

import pytest
from entry_twin import MemoryEntries
from reading_twins import ANNE, HOLDER, WAITING, House, card

from gateway.clock import SystemIds
from gateway.flows.entries.room import profile_of
from gateway.flows.measures.proposing import ProposeMeasures, brings_measures
from gateway.flows.measures.reading import of_kind
from gateway.records.documents.document import RESULTS_TYPE, Label
from gateway.records.documents.observation import Observation
from gateway.records.documents.shelved import Card
from gateway.records.entries.entry import Entry
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.measure import Measure

MEASURES = frozenset({EntryKind.MEASURE})
WEIGHT = Observation(
    code="29463-7", system="2.16.840.1.113883.6.1", text="", value="68", value_type="NM",
    unit="kg", range="", flag="", status="F", time="2026-03-01", group="", group_text="",
    group_id="", sub_id="", producer="", note="", category="vital-signs",
)  # fmt: skip


def report(**changes: object) -> Card:
    return card("d1", **{"label": Label.CPT_REND, "results": 1, **changes})


async def proposed(one: Card, kinds: Collection[EntryKind] = MEASURES) -> list[Entry]:
    """What this document proposes to the holder of its record."""
    house = House()
    house.shelf.put(one)
    house.shelf.results[one.id] = [WEIGHT]
    gate = await house.read.gate(HOLDER, ANNE)
    return list(await ProposeMeasures(read=house.read)(gate, kinds))


async def test_a_weight_of_a_report_is_proposed_in_its_authors_name() -> None:
    (one,) = await proposed(report())
    assert isinstance(one.content, Measure)
    assert (one.content.value, one.source.document) == ("68", "d1")
    assert (one.writer.name, one.writer.organization_name) == ("Laboratoire des Essais",) * 2
    (again,) = await proposed(report())
    assert again.id == one.id


@pytest.mark.parametrize(
    "changes",
    [{"label": Label.BIOLOGIE}, {"codes": WAITING}, {"results": 0}],
    ids=["of a laboratory", "not for its reader yet", "without results"],
)
async def test_no_other_document_proposes_one(changes: dict[str, object]) -> None:
    assert await proposed(report(**changes)) == []


async def test_nothing_is_looked_for_that_nobody_asked() -> None:
    assert await proposed(report(), frozenset(EntryKind) - MEASURES) == []


async def test_a_document_without_an_author_still_proposes() -> None:
    (one,) = await proposed(report(author=None))
    assert one.writer.name == ""


async def test_a_list_of_one_kind_has_proposals_of_that_kind_and_time_alone() -> None:
    house = House()
    house.shelf.put(report(results=3))
    height = WEIGHT._replace(code="8302-2", value="170", unit="cm")
    house.shelf.results["d1"] = [WEIGHT, WEIGHT._replace(time="2020-03-01"), height]
    profile = profile_of(house.read, MemoryEntries(house.traces), SystemIds())
    since = datetime(2026, 1, 1, tzinfo=UTC)
    seen = await of_kind(profile.listing, HOLDER, ANNE, WEIGHT.code, since=since)
    assert [(one.code, one.time.year) for _, one in seen.measures] == [(WEIGHT.code, 2026)]


HBA1C = WEIGHT._replace(
    code="4548-4", value="6.8", unit="%", time="2026-03-01T07:15:00Z", category="laboratory"
)


async def measured(house: House) -> list[tuple[str, str]]:
    """Value and document of what is proposed to the holder."""
    gate = await house.read.gate(HOLDER, ANNE)
    found = await ProposeMeasures(read=house.read)(gate, MEASURES)
    return [(one.content.value, one.source.document) for one in found if one.content is not None]  # type: ignore[attr-defined]


def shelved(*reports: tuple[str, Observation, dict[str, object]]) -> House:
    house = House()
    for identifier, row, changes in reports:
        house.shelf.put(card(identifier, **{"results": 1, **changes}))
        house.shelf.results[identifier] = [row]
    return house


async def test_a_report_of_biology_brings_hba1c_and_nothing_else_of_it() -> None:
    house = shelved(("d1", HBA1C, {"results": 3}))
    house.shelf.results["d1"] = [HBA1C, WEIGHT, HBA1C._replace(code="3016-3", unit="mUI/L")]
    assert await measured(house) == [("6.8", "d1")]


async def test_a_row_of_a_message_bears_no_category_and_is_of_its_laboratory() -> None:
    row = HBA1C._replace(category="")
    assert await measured(shelved(("d1", row, {"mime_type": RESULTS_TYPE}))) == [("6.8", "d1")]
    assert await measured(shelved(("d1", row, {"label": Label.CPT_REND}))) == []


async def test_one_result_by_two_documents_is_one_measure() -> None:
    later: dict[str, object] = {"deposited_at": datetime(2026, 3, 11, tzinfo=UTC)}
    house = shelved(("d1", HBA1C, {}), ("d2", HBA1C, later))
    assert [value for value, _ in await measured(house)] == ["6.8"]


async def test_a_result_that_waits_for_its_announcement_brings_nothing() -> None:
    assert await measured(shelved(("d1", HBA1C, {"codes": WAITING}))) == []


async def test_what_is_taken_away_stays_away_and_comes_back_by_no_other_document() -> None:
    house = shelved(("d1", HBA1C, {}))
    profile = profile_of(house.read, MemoryEntries(house.traces), SystemIds())
    (found,) = (await of_kind(profile.listing, HOLDER, ANNE, HBA1C.code)).measures
    opened = await house.read.open_document(HOLDER, "d1")
    assert await brings_measures(profile.look, opened, [HBA1C])
    await profile.proposals.refuse(HOLDER, ANNE, found[0].id)
    house.shelf.put(card("d2", results=1))
    house.shelf.results["d2"] = [HBA1C]
    assert (await of_kind(profile.listing, HOLDER, ANNE, HBA1C.code)).measures == ()
    assert not await brings_measures(profile.look, opened, [HBA1C])


async def test_a_document_without_a_measure_says_nothing_of_them() -> None:
    house = shelved(("d1", HBA1C._replace(code="3016-3"), {}))
    profile = profile_of(house.read, MemoryEntries(house.traces), SystemIds())
    opened = await house.read.open_document(HOLDER, "d1")
    assert not await brings_measures(profile.look, opened, house.shelf.results["d1"])
