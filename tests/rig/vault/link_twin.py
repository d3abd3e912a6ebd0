"""Links to documents in memory, as the store keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from gateway.clock import SystemIds
from gateway.flows.linking.room import Linking
from gateway.flows.reading.read import ReadShelf
from gateway.ports.people.attestations import Attestations
from gateway.ports.people.people import Sessions, Traces
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.patients.share_link import ShareLink


@dataclass
class MemoryShareLinks:
    """The port `ShareLinks`."""

    traces: Traces
    kept: dict[str, ShareLink] = field(default_factory=dict)
    begun: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    async def make(self, made: ShareLink, *, most: int, act: NewTrace) -> bool:
        if made.id in self.kept:
            return True
        if len(await self.of(made.patient, made.made_at)) >= most:
            return False
        self.kept[made.id] = made
        await self.traces.write([act])
        return True

    async def of(self, patient: PatientKey, now: datetime) -> Sequence[ShareLink]:
        found = [one for one in self.kept.values() if one.patient == patient and one.until > now]
        return sorted(found, key=lambda one: one.made_at, reverse=True)

    async def find(self, secret: str, now: datetime) -> ShareLink | None:
        found = (one for one in self.kept.values() if one.secret == secret and one.until > now)
        return next(found, None)

    async def end(self, link: str, *, act: NewTrace) -> bool:
        if self.kept.pop(link, None) is None:
            return False
        await self.traces.write([act])
        return True

    async def begin(
        self, link: ShareLink, ticket: str, *, until: datetime, most: int, act: NewTrace
    ) -> bool:
        one = self.kept.get(link.id)
        if one is None or one.readings >= most:
            return False
        self.kept[link.id] = replace(one, readings=one.readings + 1)
        self.begun[ticket] = (link.id, until)
        await self.traces.write([act])
        return True

    async def reading(self, secret: str, ticket: str, now: datetime) -> ShareLink | None:
        link = await self.find(secret, now)
        of, until = self.begun.get(ticket, ("", now))
        return link if link is not None and of == link.id and until > now else None


def linking_in(
    read: ReadShelf, links: MemoryShareLinks, attestations: Attestations, sessions: Sessions
) -> Linking:
    return Linking(
        read=read, links=links, attestations=attestations, sessions=sessions, ids=SystemIds()
    )
