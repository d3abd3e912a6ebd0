"""What the desk may do with a service: two people list it, one stops it (VAULT APP-02)."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from catalogue_twins import GLYCO, MemoryCatalogue, MemoryLaunches, desk_of, listed
from vault_twins import NOW, MemoryTraces, MovedClock

from gateway.errors import RefusedError
from gateway.flows.catalogue.referencing import CatalogueDesk, NotJudgedError
from gateway.records.catalogue.files import ServiceState
from gateway.records.readers.access import Reader, ReaderKind

ONE, OTHER = (Reader(kind=ReaderKind.OPERATOR, id=number) for number in ("1", "2"))
UNJUDGED = replace(GLYCO, judgements=())


@dataclass
class Desk:
    clock: MovedClock = field(default_factory=MovedClock)

    def __post_init__(self) -> None:
        self.traces = MemoryTraces(self.clock)
        self.catalogue = MemoryCatalogue(self.traces)
        self.verbs: CatalogueDesk = desk_of(
            self.catalogue, MemoryLaunches(self.traces), self.clock
        )[0]


async def test_a_judgement_that_ended_while_the_proposal_waited_lists_nothing() -> None:
    desk = Desk()
    made = await desk.verbs.propose(ONE, GLYCO, ServiceState.LISTED, "demande reçue")
    desk.clock.at = NOW + timedelta(days=5 * 366)
    with pytest.raises(NotJudgedError):
        await desk.verbs.agree(OTHER, made.id)
    assert desk.catalogue.kept == {}


async def test_what_only_asks_to_be_listed_needs_no_judgement_yet() -> None:
    desk = Desk()
    made = await desk.verbs.propose(ONE, UNJUDGED, ServiceState.ASKED, "demande reçue")
    await desk.verbs.agree(OTHER, made.id)
    assert desk.catalogue.kept[GLYCO.id].state is ServiceState.ASKED


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (None, ServiceState.SUSPENDED),
        (ServiceState.LISTED, ServiceState.ASKED),
        (ServiceState.SUSPENDED, ServiceState.SUSPENDED),
        (ServiceState.WITHDRAWN, ServiceState.SUSPENDED),
    ],
)
async def test_what_is_not_there_or_stopped_already_is_not_stopped(
    now: ServiceState | None, wanted: ServiceState
) -> None:
    desk = Desk()
    if now is not None:
        desk.catalogue.kept[GLYCO.id] = listed(state=now)
    before = dict(desk.catalogue.kept)
    with pytest.raises(RefusedError, match="nothing to stop"):
        await desk.verbs.stop(ONE, GLYCO.id, wanted, "panne")
    assert (desk.catalogue.kept, desk.traces.rows) == (before, [])


@pytest.mark.parametrize("state", [ServiceState.SUSPENDED, ServiceState.WITHDRAWN])
async def test_what_one_person_may_do_waits_for_no_second_one(state: ServiceState) -> None:
    desk = Desk()
    with pytest.raises(RefusedError, match="takes one person"):
        await desk.verbs.propose(ONE, GLYCO, state, "panne")
    assert desk.catalogue.proposals == {}
