"""The agendas of a family on one page: the own, and those of whom one represents (VAULT AGE-03).

A caregiver sees that of the person he helps in that profile alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.errors import DeniedError
from gateway.flows.agenda.listing import AgendaPage, ListAgenda
from gateway.flows.family.profiles import before
from gateway.ports.people.people import Ties
from gateway.records.patients.account import Person
from gateway.records.readers.access import Reader, ReaderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """One profile of the family. `reader` is who looks at it."""

    person: Person
    reader: Reader
    page: AgendaPage


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyAgenda:
    list: ListAgenda
    ties: Ties

    async def __call__(self, me: Person, came: Reader, *, words: str = "") -> Sequence[Kin]:
        """The own first. `came` is the reader that `me` is in the own space. What may not be seen
        is left out, unsaid."""
        found = [Kin(person=me, reader=came, page=await self.list(came, me.key, words, 1))]
        asking, mine = self.list.look.asking, await self.ties.ties(me.key)
        for patient in dict.fromkeys(tie.patient for tie in mine):
            person = await asking.people.person(patient)
            if person is None:
                continue
            _, gate = await before(asking, came, mine, patient)
            if gate.reader.kind is not ReaderKind.REPRESENTATIVE or not gate.standing().permitted:
                continue
            try:
                page = await self.list(gate.reader, patient, words, 1)
            except DeniedError:
                continue
            found.append(Kin(person=person, reader=gate.reader, page=page))
        return found
