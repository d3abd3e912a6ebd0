"""The agenda of one profile, as a page asks for it; each verb has a file of its own.

`reader` acts on the profile of `patient`. Not there and not for this reader are told alike, by
DeniedError.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gateway.clock import Ids
from gateway.flows.agenda.family import FamilyAgenda, Kin
from gateway.flows.agenda.listing import LISTED, AgendaPage, ListAgenda, Month
from gateway.flows.agenda.sight import Look
from gateway.flows.agenda.taking import TakeAgenda
from gateway.flows.agenda.writing import WriteAgenda
from gateway.flows.prevention.room import Prevention
from gateway.ports.people.people import Ties
from gateway.records.agenda.appointment import Appointment
from gateway.records.agenda.reminder import Reminder
from gateway.records.documents.shelved import Card
from gateway.records.patients.account import Person
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader

OPENED = "appointment-opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    look: Look
    ids: Ids
    ties: Ties
    prevention: Prevention

    async def listing(
        self, reader: Reader, patient: PatientKey, *, words: str = "", page: int = 1
    ) -> AgendaPage:
        """Those ahead, and one page of those that are over; `words` are looked for in both."""
        return await self._list(reader, patient, words, page)

    async def month(self, reader: Reader, patient: PatientKey, first: date) -> Month:
        """What falls into the month of this first day."""
        return await self._list.month(reader, patient, first)

    async def following(self, reader: Reader, patient: PatientKey) -> Appointment | None:
        """The next one that is to take place, for the home page."""
        return await self._list.following(reader, patient)

    async def opened(
        self, reader: Reader, patient: PatientKey, appointment: str
    ) -> tuple[Appointment, Sequence[Card]]:
        """With the documents beside it that this reader sees."""
        sight, one = await self.look.at(reader, patient, appointment, OPENED)
        await self.look.told(sight, OPENED, one)
        if not one.beside.documents:
            return one, ()
        cards = await self.look.documents(reader, patient)
        return one, [card for card in cards if card.id in one.beside.documents]

    async def choosable(self, reader: Reader, patient: PatientKey) -> Sequence[Card]:
        """The documents that may be put beside an appointment, the latest first."""
        return await self.look.documents(reader, patient)

    async def reminders(self, reader: Reader, patient: PatientKey) -> Sequence[Reminder]:
        """Own ones, by their first date."""
        sight = await self.look(reader, patient, LISTED, since=self.look.asking.clock.now())
        return await self.look.agendas.reminders(sight.patient)

    @property
    def write(self) -> WriteAgenda:
        return WriteAgenda(look=self.look, ids=self.ids)

    @property
    def take(self) -> TakeAgenda:
        return TakeAgenda(look=self.look, ids=self.ids)

    async def family(self, me: Person, came: Reader, *, words: str = "") -> Sequence[Kin]:
        """The own agenda and those of whom this person represents."""
        family = FamilyAgenda(list=self._list, ties=self.ties, prevention=self.prevention.list)
        return await family(me, came, words=words)

    @property
    def _list(self) -> ListAgenda:
        return ListAgenda(look=self.look)
