"""Services of the catalogue, and what patients let them do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.catalogue.files import Listing, ListingProposal
from gateway.records.catalogue.launches import LaunchToken, Spent, Tally, Use
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask


class Catalogue(Protocol):
    async def listings(self) -> list[Listing]:
        """All that were ever listed, whatever their state, by name."""

    async def listing(self, service: str) -> Listing | None: ...

    async def propose(self, proposal: ListingProposal, *, act: NewTrace) -> None: ...

    async def waiting(self) -> list[ListingProposal]:
        """Oldest first."""

    async def proposal(self, identifier: str) -> ListingProposal | None:
        """None where it is settled or was never there."""

    async def settle(
        self, identifier: str, *, at: datetime, act: NewTrace, made: Listing | None = None
    ) -> bool:
        """True for exactly one caller; `made` is written then, in the same commit."""

    async def change(
        self, made: Listing, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> None: ...


class Launches(Protocol):
    async def keep(self, *tokens: LaunchToken) -> None: ...

    async def find(self, token_hash: bytes) -> LaunchToken | None:
        """Whether it still lives is not asked here; a spent one is not found."""

    async def spend(self, token_hash: bytes, *, at: datetime) -> Spent | None:
        """The first to show it has it alone; whoever comes after is told so."""

    async def drop(self, patient: PatientKey, service: str) -> int:
        """Forgets every code and token of a service for this patient; how many."""

    async def follow(self, patient: PatientKey, service: str, *, granted: datetime) -> None:
        """After an agreement that took its place: codes and access tokens go, what asks for others
        stands by the new one."""

    async def begin(self, patient: PatientKey, service: str, *, at: datetime) -> None:
        """Counts anew from an agreement on."""

    async def forget(self, patient: PatientKey, service: str) -> None:
        """What was counted, where the agreement ends."""

    async def count(
        self, patient: PatientKey, service: str, more: Tally, *, at: datetime, act: NewTrace
    ) -> None:
        """With its entry in the log, in one commit."""

    async def uses(self, patient: PatientKey) -> list[Use]: ...

    async def using(self, service: str) -> list[PatientKey]:
        """Whose records agreed to a service, as they are called now."""

    async def unused(self, *, since: datetime, limit: int) -> list[Use]:
        """Those not used after `since`, the oldest first."""

    async def untold(self, *, since: datetime, limit: int) -> list[PatientKey]:
        """Whose list of services was last told at `since` or before."""

    async def told(self, patient: PatientKey, *, at: datetime, then: Sequence[NewTask]) -> None: ...

    async def drop_expired(self, now: datetime) -> int:
        """Codes and tokens whose end has come; how many."""
