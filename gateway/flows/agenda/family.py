"""The agendas of a family on one page: the own, and those of whom one represents (VAULT AGE-03).

A caregiver sees that of the person he helps in that profile alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.errors import DeniedError
from gateway.flows.agenda.listing import LISTED, AgendaPage, ListAgenda
from gateway.flows.family.profiles import before
from gateway.flows.prevention.listing import ListPrevention, Prevented
from gateway.ports.people.people import Ties
from gateway.records.patients.account import Person
from gateway.records.readers.access import Reader, ReaderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """One profile of the family. `reader` is who looks at it; `prevented` what prevention asks of
    its holder."""

    person: Person
    reader: Reader
    page: AgendaPage
    prevented: Prevented


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyAgenda:
    list: ListAgenda
    ties: Ties
    prevention: ListPrevention

    async def __call__(self, me: Person, came: Reader, *, words: str = "") -> Sequence[Kin]:
        """The own first. `came` is the reader that `me` is in the own space. What may not be seen
        is left out, unsaid."""
        found = [await self._kin(me, came, words)]
        asking, mine = self.list.look.asking, await self.ties.ties(me.key)
        for patient in dict.fromkeys(tie.patient for tie in mine):
            person = await asking.people.person(patient)
            if person is None:
                continue
            _, gate = await before(asking, came, mine, patient)
            if gate.reader.kind is not ReaderKind.REPRESENTATIVE or not gate.standing().permitted:
                continue
            try:
                found.append(await self._kin(person, gate.reader, words))
            except DeniedError:
                continue
        return found

    async def _kin(self, person: Person, reader: Reader, words: str) -> Kin:
        page = await self.list(reader, person.key, words, 1)
        prevented = await self.prevention(reader, person.key, within=LISTED)
        return Kin(person=person, reader=reader, page=page, prevented=prevented)
