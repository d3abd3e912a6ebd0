"""A patient who is merged while somebody reads: the answer is of one record, and explained."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from papers import adt, results
from store_house import NOW
from ward_house import ALIX, LOU, WORD, Ward, a40

from gateway.access.grid import shipped_grid
from gateway.errors import DeferredError, DeniedError
from gateway.flows.reading.coded.contents import open_contents
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.flows.reading.read import ReadShelf
from gateway.ports.documents.shelf import Shelf
from gateway.records.documents.shelved import Card, Shelved
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import Choice, ChoiceKind, Professional
from gateway.records.patients.index import DeskWord
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.switches import Switches

DOCTOR = Professional(id="890000000011", name="Dr Synthèse", profession="G15_10")
READER = professional_reader(DOCTOR)
Act = Callable[[], Awaitable[None]]


@dataclass
class Disturbed:
    """The shelf of a ward on which something happens right before each look at it."""

    shelf: Shelf
    acts: list[Act]

    async def cards(self, patient: PatientKey, *, current_only: bool = True) -> list[Card]:
        if self.acts:
            await self.acts.pop(0)()
        return await self.shelf.cards(patient, current_only=current_only)

    async def find(self, document: str) -> Shelved | None:
        found = await self.shelf.find(document)
        if self.acts:
            await self.acts.pop(0)()
        return found

    def __getattr__(self, name: str) -> object:
        return getattr(self.shelf, name)


@dataclass
class Two:
    """Alix, who agreed to the doctor, and Lou, who blocked him; an A40 says they are one."""

    ward: Ward
    read: ReadShelf
    shelf: Disturbed

    async def merge(self) -> None:
        held = await self.ward.send(a40(LOU, f"M{len(self.shelf.acts)}", "IPP1", local="IPP2"))
        assert held.verdict is Verdict.HOLD
        await self.ward.decide(held, DeskWord.MERGE)

    async def part(self) -> None:
        (merge, *_) = await self.ward.store.merges.list(limit=9)
        await self.ward.store.merges.undo(merge.id, WORD, at=NOW)


@pytest.fixture
async def two(ward: Ward) -> Two:
    alix, lou = await ward.open(ALIX), await ward.open(LOU)
    for who, name in ((ALIX, "1"), (LOU, "2")):
        await ward.send(adt(who, f"A{name}", local=f"IPP{name}"))
        await ward.send(results(who, f"R{name}", local=f"IPP{name}"))
    ago = NOW - timedelta(days=9)
    agreed = Choice(kind=ChoiceKind.CARE_PROFESSIONAL, target=DOCTOR.id, since=ago)
    await ward.store.people.choose(alix, agreed)
    await ward.store.people.choose(lou, replace(agreed, kind=ChoiceKind.BLOCK))
    shelf = Disturbed(ward.store.shelf, [])
    read = ReadShelf(
        shelf=shelf,  # type: ignore[arg-type]  # the rest of a shelf is the store's own
        people=ward.store.people,
        traces=ward.store.traces,
        clock=ward.clock,
        grid=shipped_grid(),
        switches=Switches(),
    )
    return Two(ward, read, shelf)


async def test_nothing_of_the_one_is_decided_by_the_choices_of_the_other(two: Two) -> None:
    alix = two.ward.key(ALIX)
    assert len((await two.read.list_documents(READER, alix)).cards) == 1
    two.shelf.acts = [two.merge]
    listing = await two.read.list_documents(READER, alix)
    assert (listing.cards, listing.standing.rule) == ((), "F44")
    await two.part()
    assert len((await two.read.list_documents(READER, alix)).cards) == 1


async def test_contents_are_gathered_of_one_record_too(two: Two) -> None:
    alix = two.ward.key(ALIX)
    two.shelf.acts = [two.merge]
    gathered = await open_contents(two.read, READER, alix, lambda _card: True)
    assert gathered.opened == []


async def test_a_document_listed_before_the_merge_is_refused_after_it_and_told_why(
    two: Two,
) -> None:
    alix = two.ward.key(ALIX)
    (card,) = (await two.read.list_documents(READER, alix)).cards
    two.shelf.acts = [two.merge]
    with pytest.raises(DeniedError):
        await two.read.open_document(READER, card.id)
    with pytest.raises(DeniedError):
        await two.read.open_document(READER, card.id)
    traces = await two.ward.store.traces.of_patient(two.ward.key(LOU), limit=99)
    refused = [one.trace for one in traces if one.trace.document == card.id]
    rules = [(one.action, one.rule) for one in refused if not one.permitted]
    assert rules == [("open", "F44"), ("open", "F44")]


async def test_who_ends_is_led_to_the_record_of_the_survivor(two: Two) -> None:
    holder = patient_reader(await two.ward.root(LOU))
    await two.merge()
    listing = await two.read.list_documents(holder, two.ward.key(ALIX))
    assert len(listing.cards) == 2
    assert {card.patient for card in listing.cards} == {two.ward.key(LOU)}


async def test_a_record_that_does_not_come_to_rest_is_for_later(two: Two) -> None:
    other = replace(DOCTOR, id="890000000022")
    for who in (ALIX, LOU):
        agreed = Choice(kind=ChoiceKind.CARE_PROFESSIONAL, target=other.id, since=NOW)
        await two.ward.store.people.choose(two.ward.key(who), agreed)
    two.shelf.acts = [two.merge, two.part] * 3
    with pytest.raises(DeferredError):
        await two.read.list_documents(professional_reader(other), two.ward.key(ALIX))
    two.shelf.acts = two.shelf.acts[:1]
    assert await two.read.list_documents(professional_reader(other), two.ward.key(ALIX))
