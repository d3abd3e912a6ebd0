"""The catalogue grows by two people (VAULT APP-02): one asks, another one of the desk agrees.

To suspend or to withdraw a service takes one: its tokens stop at once, and patients are told.
"""

from dataclasses import dataclass

from gateway.access.time import civil_date
from gateway.clock import Clock, Ids
from gateway.errors import RefusedError
from gateway.flows.desk.agent import act_of
from gateway.flows.identity.propose import SamePersonError, same_person
from gateway.flows.sending.notices.notify import notice_of
from gateway.flows.sending.notices.words import SERVICE_STOPPED
from gateway.ports.people.catalogue import Catalogue, Launches
from gateway.records.catalogue.files import (
    Listing,
    ListingProposal,
    ServiceFile,
    ServiceState,
    is_judged,
)
from gateway.records.readers.access import Reader

PROPOSED, AGREED, DECLINED, CHANGED = (
    "listing-proposed",
    "listing-agreed",
    "listing-declined",
    "listing-changed",
)
STOPPING = (ServiceState.SUSPENDED, ServiceState.WITHDRAWN)
WITH_TWO = (ServiceState.ASKED, ServiceState.LISTED)


class NotJudgedError(RefusedError):
    """It lacks a judgement that holds today (APP-02)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueDesk:
    catalogue: Catalogue
    launches: Launches
    clock: Clock
    ids: Ids

    async def listings(self) -> list[Listing]:
        return await self.catalogue.listings()

    async def waiting(self) -> list[ListingProposal]:
        return await self.catalogue.waiting()

    async def propose(
        self, agent: Reader, file: ServiceFile, state: ServiceState, reason: str
    ) -> ListingProposal:
        """Nothing changes before a second person agrees. Raises NotJudgedError, and RefusedError
        for a state that takes no second one."""
        self._demand(file, state)
        made = ListingProposal(
            id=self.ids.identifier(),
            file=file,
            state=state,
            by=agent.id or "",
            reason=reason,
            at=self.clock.now(),
        )
        await self.catalogue.propose(made, act=act_of(agent, PROPOSED, _said(made)))
        return made

    async def examine(self, identifier: str) -> ListingProposal:
        """Raises RefusedError where nothing waits."""
        found = await self.catalogue.proposal(identifier)
        if found is None:
            raise RefusedError("no proposal waits under this number")
        return found

    async def agree(self, agent: Reader, identifier: str) -> None:
        """Raises SamePersonError, NotJudgedError, and RefusedError where nothing waits."""
        proposal = await self.examine(identifier)
        if same_person(proposal.by, agent.id or ""):
            raise SamePersonError("a second person agrees: this is who proposed it")
        self._demand(proposal.file, proposal.state)
        before = await self.catalogue.listing(proposal.file.id)
        now = self.clock.now()
        made = Listing(
            file=proposal.file,
            state=proposal.state,
            since=now,
            stopped_at=before.stopped_at if before else None,
        )
        act = act_of(agent, AGREED, _said(proposal))
        if not await self.catalogue.settle(identifier, at=now, act=act, made=made):
            raise RefusedError("no proposal waits under this number")

    async def decline(self, agent: Reader, identifier: str) -> None:
        """Whoever it is, nothing changes."""
        proposal = await self.examine(identifier)
        act = act_of(agent, DECLINED, _said(proposal))
        if not await self.catalogue.settle(identifier, at=self.clock.now(), act=act):
            raise RefusedError("no proposal waits under this number")

    async def stop(self, agent: Reader, service: str, state: ServiceState, reason: str) -> None:
        """Raises RefusedError for no such service, and for a state that stops nothing."""
        before = await self.catalogue.listing(service)
        stopped = (state, ServiceState.WITHDRAWN)
        if before is None or state not in STOPPING or before.state in stopped:
            raise RefusedError("there is nothing to stop")
        now = self.clock.now()
        made = Listing(file=before.file, state=state, since=now, stopped_at=now)
        said = {"service": service, "state": state.value, "reason": reason}
        told = [notice_of(SERVICE_STOPPED, one, now) for one in await self.launches.using(service)]
        await self.catalogue.change(made, act=act_of(agent, CHANGED, said), then=told)

    def _demand(self, file: ServiceFile, state: ServiceState) -> None:
        if state not in WITH_TWO:
            raise RefusedError("this state takes one person")
        if state is ServiceState.LISTED and not is_judged(file, civil_date(self.clock.now())):
            raise NotJudgedError("a listed service has three judgements that hold today")


def _said(one: ListingProposal) -> dict[str, object]:
    return {
        "service": one.file.id,
        "state": one.state.value,
        "reason": one.reason,
        "proposed_by": one.by,
    }
