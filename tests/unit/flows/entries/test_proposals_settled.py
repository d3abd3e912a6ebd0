"""Who may accept or refuse what a document proposes (VAULT PRO-04)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from entry_twin import MemoryEntries
from reading_twins import ANNE, HOLDER, PHYSICIAN, WAITING, House, card

from gateway.errors import DeniedError
from gateway.flows.entries.proposing import Proposals
from gateway.flows.entries.sight import Look
from gateway.flows.reading.decided.gate import Gate
from gateway.records.documents.shelved import Card
from gateway.records.entries.entry import Entry, EntryState, Source, Writer, WriterRole
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.medical import Condition
from gateway.records.readers.access import Reader

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
ASTHMA = Entry(
    id="p1",
    patient=ANNE,
    kind=EntryKind.CONDITION,
    content=Condition(name="Asthme"),
    writer=Writer(role=WriterRole.DOCUMENT),
    added_at=AT,
    written_at=AT,
    state=EntryState.PROPOSED,
    source=Source(document="d1"),
)


@dataclass
class Desk:
    """Anne's record, in which one document proposes her asthma."""

    document: Card = field(default_factory=lambda: card("d1"))
    house: House = field(default_factory=House)

    def __post_init__(self) -> None:
        self.house.shelf.put(self.document)
        self.entries = MemoryEntries(self.house.traces)
        look = Look(asking=self.house.read, entries=self.entries)
        self.proposals = Proposals(look=look, propose=self._propose)

    async def _propose(self, _gate: Gate, _kinds: Collection[EntryKind], /) -> Sequence[Entry]:
        return [ASTHMA]


async def test_what_the_holder_accepts_stands_and_is_proposed_no_more() -> None:
    desk = Desk()
    assert await desk.proposals.accept(HOLDER, ANNE, "p1") is EntryKind.CONDITION
    (kept,) = desk.entries.kept["p1"]
    assert (kept.state, kept.confirmed is not None) == (EntryState.ACTIVE, True)
    with pytest.raises(DeniedError):
        await desk.proposals.refuse(HOLDER, ANNE, "p1")
    assert [one.permitted for one in desk.house.traces.written] == [True, False]


@pytest.mark.parametrize(
    ("reader", "codes"), [(PHYSICIAN, ("N",)), (HOLDER, WAITING)], ids=["a stranger", "too soon"]
)
async def test_who_does_not_see_a_proposal_settles_it_neither_way(
    reader: Reader, codes: tuple[str, ...]
) -> None:
    """Adding asks for no consent, so that right alone would let a stranger say what is true."""
    desk = Desk(card("d1", codes=codes))
    for settle in (desk.proposals.accept, desk.proposals.refuse):
        with pytest.raises(DeniedError):
            await settle(reader, ANNE, "p1")
    assert desk.entries.kept == {}
    written = desk.house.traces.written
    assert [(one.action, one.permitted) for one in written] == [
        ("entry-accepted", False),
        ("entry-refused", False),
    ]
