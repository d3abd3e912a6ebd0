"""An agenda as a file, once or at an address that programs ask again and again (VAULT AGE-09)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from gateway.clock import Ids
from gateway.errors import DeniedError
from gateway.flows.agenda.sight import Look, Sight
from gateway.flows.family.in_role import in_role
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.mapping.agenda.calendar import calendar
from gateway.records.agenda.feed import Feed
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader

TAKEN, READ = "agenda-taken", "agenda-feed"
SUBSCRIBED, UNSUBSCRIBED = "agenda-subscribed", "agenda-unsubscribed"
DOOR = "ics"
PRIVATE, PUBLIC, UNKNOWN = "private", "public", "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A file, and a name of these very bytes for a program that holds them already."""

    body: bytes

    @property
    def tag(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeAgenda:
    look: Look
    ids: Ids

    async def one(self, reader: Reader, patient: PatientKey, appointment: str) -> Taken:
        """With all that it says: the file is the reader's own."""
        sight, one = await self.look.at(reader, patient, appointment, TAKEN)
        await self.look.told(sight, TAKEN, one)
        return Taken(body=calendar([one], detailed=True))

    async def all(self, reader: Reader, patient: PatientKey) -> Taken:
        sight = await self.look(reader, patient, TAKEN)
        await self.look.told(sight, TAKEN)
        return Taken(body=await self._calendar(sight, detailed=True))

    async def feeds(self, reader: Reader, patient: PatientKey) -> Sequence[Feed]:
        """This reader's own: one or none."""
        sight = await self.look(reader, patient, SUBSCRIBED, since=self._now)
        every = await self.look.agendas.feeds(sight.patient)
        return [one for one in every if one.by == reader.id]

    async def subscribe(self, reader: Reader, patient: PatientKey, *, detailed: bool) -> str:
        """The secret of the address: it is told once, and the one of before ends."""
        sight = await self.look(reader, patient, SUBSCRIBED, since=self._now)
        secret = self.ids.secret()
        feed = Feed(
            id=self.ids.identifier(),
            patient=sight.patient,
            kind=reader.kind,
            by=reader.id or "",
            detailed=detailed,
            made_at=sight.now,
        )
        act = self.look.entry(sight, SUBSCRIBED, said={"detailed": detailed})
        await self.look.agendas.subscribe(feed, secret, act=act)
        return secret

    async def unsubscribe(self, reader: Reader, patient: PatientKey) -> None:
        for one in await self.feeds(reader, patient):
            sight = await self.look(reader, patient, UNSUBSCRIBED, since=self._now)
            act = self.look.entry(sight, UNSUBSCRIBED)
            await self.look.agendas.unsubscribe(one.id, at=sight.now, act=act)

    async def read(self, secret: str, peer: str) -> Taken:
        """What whoever asked for the address may see now, decided anew each time. Raises
        DeniedError for an unknown secret, and once that person may see nothing more."""
        feed = await self.look.agendas.feed(secret)
        if feed is None:
            raise DeniedError(NOT_THERE)
        people = self.look.asking.people
        reader = await in_role(people, feed.kind, feed.by, feed.patient, door=DOOR)
        sight = await self.look(reader, feed.patient, READ)
        await self.look.told(sight, READ, address=class_of(peer))
        return Taken(body=await self._calendar(sight, detailed=feed.detailed))

    async def _calendar(self, sight: Sight, *, detailed: bool) -> bytes:
        reminders = await self.look.agendas.reminders(sight.patient)
        return calendar(sight.appointments, reminders, detailed=detailed)

    @property
    def _now(self) -> datetime:
        return self.look.asking.clock.now()


def class_of(peer: str) -> str:
    """Of a network address no more is kept of such a reading."""
    try:
        return PRIVATE if ip_address(peer).is_private else PUBLIC
    except ValueError:
        return UNKNOWN
