"""The appointments of a profile: ahead, over, of a month (VAULT AGE-02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gateway.flows.agenda.sight import Look
from gateway.flows.reading.listing import fold_words
from gateway.records.agenda.appointment import Appointment
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.records.words import fold

LISTED, SEARCHED = "agenda-list", "agenda-search"
PAGE = 25
LASTING = timedelta(hours=1)
"""An appointment of today stands among those ahead for as long after it began, or to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaPage:
    """`ahead` the next first, `over` the last first: one page of `total`."""

    ahead: Sequence[Appointment]
    over: Sequence[Appointment]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """`days` of the month that have something, by their number."""

    first: date
    days: dict[int, list[Appointment]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAgenda:
    look: Look

    async def __call__(
        self, reader: Reader, patient: PatientKey, words: str, page: int
    ) -> AgendaPage:
        """The words are not kept, as those of a search for documents (VAULT DOC-03)."""
        wanted = fold_words(words)
        act = SEARCHED if wanted else LISTED
        sight = await self.look(reader, patient, act)
        await self.look.told(sight, act)
        found = [one for one in sight.appointments if _matches(one, reader, wanted)]
        over = [one for one in reversed(found) if is_over(one, sight.now)]
        start = PAGE * (max(page, 1) - 1)
        return AgendaPage(
            ahead=[one for one in found if not is_over(one, sight.now)],
            over=over[start : start + PAGE],
            total=len(over),
        )

    async def month(self, reader: Reader, patient: PatientKey, first: date) -> Month:
        """By the day that stood on the clocks of the place."""
        sight = await self.look(reader, patient, LISTED)
        await self.look.told(sight, LISTED)
        days: dict[int, list[Appointment]] = {}
        for one in sight.appointments:
            day = one.meeting.wall.date()
            if (day.year, day.month) == (first.year, first.month):
                days.setdefault(day.day, []).append(one)
        return Month(first=first, days=days)

    async def following(self, reader: Reader, patient: PatientKey) -> Appointment | None:
        now = self.look.asking.clock.now()
        sight = await self.look(reader, patient, LISTED, since=now)
        found = next((one for one in sight.appointments if one.is_ahead), None)
        if found is not None:
            await self.look.told(sight, LISTED, found)
        return found


def is_over(one: Appointment, now: datetime) -> bool:
    meeting = one.meeting
    return (meeting.ends_at or meeting.starts_at + LASTING) <= now


def _matches(one: Appointment, reader: Reader, wanted: list[str]) -> bool:
    if not wanted:
        return True
    said = one.meeting
    note = one.beside.note_of(reader.id or "")
    text = fold(" ".join((said.who, said.profession, said.place, said.reason, note)))
    return all(word in text for word in wanted)
