"""Two entries of one thing become one: which of them stays, and with which words (VAC-02)."""

from datetime import UTC, datetime

import pytest
from entry_twin import MemoryEntries
from msgspec import structs
from reading_twins import ANNE, HOLDER, House

from gateway.clock import SystemIds
from gateway.errors import DeniedError
from gateway.flows.entries.joining import join
from gateway.flows.entries.refusals import NotOwnEntryError, StaleEntryError
from gateway.flows.entries.room import profile_of
from gateway.records.entries.entry import Entry, EntryState, Writer, WriterRole
from gateway.records.entries.immunization import Immunization
from gateway.records.entries.kind import EntryKind

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
KIND = EntryKind.IMMUNIZATION
SELF = Writer(role=WriterRole.SELF, id=ANNE.hex())
DOCTOR = Writer(role=WriterRole.PROFESSIONAL, id="890000000011")


def entry(identifier: str, by: Writer = SELF, /, **said: object) -> Entry:
    content = Immunization(date="2026-01-10", vaccine="Revaxis", valences=("D", "T"))
    return Entry(
        id=identifier,
        patient=ANNE,
        kind=KIND,
        content=structs.replace(content, **said),
        writer=by,
        added_at=AT,
        written_at=AT,
    )


async def joined(one: Entry, other: Entry) -> MemoryEntries:
    """What is kept after Anne joined these two, in this order."""
    house = House()
    entries = MemoryEntries(house.traces, kept={each.id: [each] for each in (one, other)})
    entries.said = {each.id: (KIND, each.id) for each in (one, other)}
    await join(profile_of(house.read, entries, SystemIds()), HOLDER, ANNE, KIND, (one.id, other.id))
    return entries


def last(entries: MemoryEntries, identifier: str) -> Entry:
    return entries.kept[identifier][-1]


@pytest.mark.parametrize("turned", [False, True])
async def test_what_a_professional_wrote_stays_as_it_is_whichever_was_named_first(
    *, turned: bool
) -> None:
    pair = entry("own", place="Pharmacie"), entry("pro", DOCTOR)
    entries = await joined(*(pair[::-1] if turned else pair))
    assert last(entries, "pro") == pair[1]
    assert last(entries, "own").state is EntryState.DELETED


async def test_of_two_own_ones_the_first_stays_with_what_only_the_other_said() -> None:
    entries = await joined(entry("e1", lot="L-1"), entry("e2", lot="L-2", place="Pharmacie"))
    kept = last(entries, "e1")
    assert isinstance(kept.content, Immunization)
    assert (kept.content.lot, kept.content.place, kept.version) == ("L-1", "Pharmacie", 2)
    assert last(entries, "e2").state is EntryState.DELETED


async def test_what_lacks_nothing_is_not_written_again() -> None:
    entries = await joined(entry("e1", lot="L-1"), entry("e2"))
    assert last(entries, "e1").version == 1
    assert last(entries, "e2").state is EntryState.DELETED


async def test_two_that_a_professional_wrote_both_stay() -> None:
    with pytest.raises(NotOwnEntryError):
        await joined(entry("e1", DOCTOR), entry("e2", DOCTOR))


@pytest.mark.parametrize(
    "said", [{"contraindicated": True}, {"valences": ("D",)}, {"date": "2026-01-11"}]
)
async def test_what_tells_of_another_thing_is_not_joined(said: dict[str, object]) -> None:
    """What must not be given is like nothing, not even like itself (VAC-05)."""
    with pytest.raises(StaleEntryError):
        await joined(entry("e1", **said), entry("e2", contraindicated="contraindicated" in said))


async def test_an_entry_is_not_joined_with_itself_and_loses_nothing() -> None:
    house, alone = House(), entry("e1")
    entries = MemoryEntries(house.traces, kept={"e1": [alone]})
    with pytest.raises(DeniedError):
        await join(profile_of(house.read, entries, SystemIds()), HOLDER, ANNE, KIND, ("e1", "e1"))
    assert last(entries, "e1") == alone
