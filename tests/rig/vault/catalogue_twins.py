"""Twins of the catalogue and of its launches, in memory, and services to fill it with."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vault_twins import NOW, MemoryTraces

from gateway.clock import Clock, SystemIds
from gateway.flows.catalogue.launching import Launching
from gateway.flows.catalogue.referencing import CatalogueDesk
from gateway.flows.catalogue.reporting import ReportDesk
from gateway.flows.reading.decided.asking import Asking
from gateway.ports.people.services import ServiceTokens
from gateway.ports.proving import SpentOnce
from gateway.records.catalogue.files import (
    Criterion,
    Judgement,
    Listing,
    ListingProposal,
    ServiceFile,
    ServiceState,
)
from gateway.records.catalogue.launches import LaunchToken, Spent, Tally, TokenKind, Use
from gateway.records.catalogue.reports import Report
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask

SECRET = "le secret de l'éditeur"
REDIRECT = "https://glycosuivi.example/retour"
GLYCEMIA = "code=http://loinc.org|2345-7"
GLYCO = ServiceFile(
    id="glycosuivi",
    name="GlycoSuivi",
    publisher="Éditions du Carnet",
    description="Suivre sa glycémie au quotidien.",
    themes=("suivre une maladie chronique",),
    price="gratuit",
    regions=("France entière",),
    languages=("français",),
    terms="https://glycosuivi.example/cgu",
    privacy="https://glycosuivi.example/donnees",
    scopes=(f"patient/Observation.rs?{GLYCEMIA}", "patient/Observation.c", "patient/Patient.r"),
    redirects=(REDIRECT, "app.glycosuivi:/retour"),
    judgements=tuple(
        Judgement(criterion=one, referee="Agence", since="2025-01-01", until="2030-12-31")
        for one in Criterion
    ),
    secret_sha256=hashlib.sha256(SECRET.encode()).hexdigest(),
)


def listed(file: ServiceFile = GLYCO, state: ServiceState = ServiceState.LISTED) -> Listing:
    return Listing(file=file, state=state, since=NOW - timedelta(days=30))


@dataclass
class MemoryCatalogue:
    traces: MemoryTraces
    kept: dict[str, Listing] = field(default_factory=dict)
    proposals: dict[str, ListingProposal] = field(default_factory=dict)
    tasks: list[NewTask] = field(default_factory=list)

    async def listings(self) -> list[Listing]:
        return sorted(self.kept.values(), key=lambda one: one.file.name)

    async def listing(self, service: str) -> Listing | None:
        return self.kept.get(service)

    async def propose(self, proposal: ListingProposal, *, act: NewTrace) -> None:
        self.proposals[proposal.id] = proposal
        await self.traces.write([act])

    async def waiting(self) -> list[ListingProposal]:
        return list(self.proposals.values())

    async def proposal(self, identifier: str) -> ListingProposal | None:
        return self.proposals.get(identifier)

    async def settle(
        self, identifier: str, *, at: datetime, act: NewTrace, made: Listing | None = None
    ) -> bool:
        if self.proposals.pop(identifier, None) is None:
            return False
        if made is not None:
            self.kept[made.file.id] = made
        await self.traces.write([act])
        return True

    async def change(self, made: Listing, *, act: NewTrace, then: Sequence[NewTask] = ()) -> None:
        self.kept[made.file.id] = made
        self.tasks += then
        await self.traces.write([act])


@dataclass
class MemoryLaunches:
    traces: MemoryTraces
    tokens: dict[bytes, LaunchToken] = field(default_factory=dict)
    spent: set[bytes] = field(default_factory=set)
    counted: dict[tuple[PatientKey, str], Use] = field(default_factory=dict)
    told_at: dict[PatientKey, datetime] = field(default_factory=dict)
    tasks: list[NewTask] = field(default_factory=list)
    reports: "MemoryReports" = field(init=False)

    def __post_init__(self) -> None:
        self.reports = MemoryReports(self.traces)

    async def keep(self, *tokens: LaunchToken) -> None:
        self.tokens |= {one.token_hash: one for one in tokens}

    async def find(self, token_hash: bytes) -> LaunchToken | None:
        return None if token_hash in self.spent else self.tokens.get(token_hash)

    async def spend(self, token_hash: bytes, *, at: datetime) -> Spent | None:
        token = self.tokens.get(token_hash)
        if token is None:
            return None
        again = token_hash in self.spent
        self.spent.add(token_hash)
        return Spent(token=token, again=again)

    async def drop(self, patient: PatientKey, service: str) -> int:
        gone = [key for key, one in self.tokens.items() if _is_of(one, patient, service)]
        for key in gone:
            del self.tokens[key]
        return len(gone)

    async def follow(self, patient: PatientKey, service: str, *, granted: datetime) -> None:
        for key, one in list(self.tokens.items()):
            if _is_of(one, patient, service):
                del self.tokens[key]
                if one.kind is TokenKind.REFRESH:
                    self.tokens[key] = replace(one, granted=granted)

    async def begin(self, patient: PatientKey, service: str, *, at: datetime) -> None:
        self.counted[patient, service] = Use(service=service, patient=patient, last_at=at)
        self.told_at[patient] = at

    async def forget(self, patient: PatientKey, service: str) -> None:
        self.counted.pop((patient, service), None)

    async def count(
        self, patient: PatientKey, service: str, more: Tally, *, at: datetime, act: NewTrace
    ) -> None:
        fresh = Use(service=service, patient=patient, last_at=at)
        use = self.counted.get((patient, service), fresh)
        counted = replace(use, last_at=at, tallies=use.with_more(more))
        self.counted[patient, service] = counted
        await self.traces.write([act])

    async def uses(self, patient: PatientKey) -> list[Use]:
        return [one for one in self.counted.values() if one.patient == patient]

    async def using(self, service: str) -> list[PatientKey]:
        return [patient for patient, one in self.counted if one == service]

    async def unused(self, *, since: datetime, limit: int) -> list[Use]:
        return [one for one in self.counted.values() if one.last_at <= since][:limit]

    async def untold(self, *, since: datetime, limit: int) -> list[PatientKey]:
        return [patient for patient, at in self.told_at.items() if at <= since][:limit]

    async def told(self, patient: PatientKey, *, at: datetime, then: Sequence[NewTask]) -> None:
        self.told_at[patient] = at
        self.tasks += then

    async def drop_expired(self, now: datetime) -> int:
        return 0


@dataclass
class MemoryReports:
    traces: MemoryTraces
    kept: dict[str, Report] = field(default_factory=dict)
    tasks: list[NewTask] = field(default_factory=list)

    async def add(self, made: Report, *, act: NewTrace) -> None:
        self.kept[made.id] = made
        await self.traces.write([act])

    async def of(self, patient: PatientKey) -> list[Report]:
        return [one for one in reversed(self.kept.values()) if one.patient == patient]

    async def waiting(self, *, limit: int) -> list[Report]:
        return [one for one in self.kept.values() if not one.answer][:limit]

    async def find(self, identifier: str) -> Report | None:
        return self.kept.get(identifier)

    async def answer(
        self, answered: Report, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        if self.kept[answered.id].answer:
            return False
        self.kept[answered.id] = answered
        self.tasks += then
        await self.traces.write([act])
        return True


def _is_of(one: LaunchToken, patient: PatientKey, service: str) -> bool:
    return (one.patient, one.service) == (patient, service)


def launching_in(
    asking: Asking,
    catalogue: MemoryCatalogue,
    launches: MemoryLaunches,
    copied: ServiceTokens,
    spent: SpentOnce,
) -> Launching:
    return Launching(
        asking=asking,
        catalogue=catalogue,
        launches=launches,
        reports=launches.reports,
        copied=copied,
        ids=SystemIds(),
        spent=spent,
    )


def desk_of(
    catalogue: MemoryCatalogue, launches: MemoryLaunches, clock: Clock
) -> tuple[CatalogueDesk, ReportDesk]:
    listing = CatalogueDesk(catalogue=catalogue, launches=launches, clock=clock, ids=SystemIds())
    return listing, ReportDesk(reports=launches.reports, clock=clock)
