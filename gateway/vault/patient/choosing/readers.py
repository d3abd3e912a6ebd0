"""The readers a form lets choose from: p:<id> a professional, m:<code> a profession."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from gateway.access.professions import profession_name
from gateway.flows.choices.documents.hide import TO_PROFESSION, TO_PROFESSIONAL, Whom
from gateway.vault.rooms import ROOMS

PERSON, PROFESSION = "p:", "m:"
KINDS = {PERSON: TO_PROFESSIONAL, PROFESSION: TO_PROFESSION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Options by the value of the field `lecteur`, in the order of their names."""

    people: Mapping[str, str]
    professions: Mapping[str, str]

    def __contains__(self, value: str) -> bool:
        return value in self.people or value in self.professions

    def name(self, value: str) -> str:
        """« Dr Roux, médecin », or the profession."""
        return self.people.get(value) or self.professions.get(value, "")


def whom(value: str) -> Whom | None:
    """Whom a value of `lecteur` means; None for "" and for what no form offers."""
    kind = KINDS.get(value[:2])
    return Whom(kind, value[2:]) if kind else None


def value_of(one: Whom) -> str:
    prefix = PERSON if one.to == TO_PROFESSIONAL else PROFESSION
    return f"{prefix}{one.id}"


async def readers_of(request: web.Request) -> Readers:
    rooms = request[ROOMS]
    directory = sorted(await rooms.people.professionals(), key=lambda one: one.name)
    codes = [code for code in rooms.read.grid.professions() if not code.startswith("GENR")]
    return Readers(
        people={
            f"{PERSON}{one.id}": f"{one.name}, {profession_name(one.profession)}"
            for one in directory
        },
        professions={f"{PROFESSION}{code}": profession_name(code) for code in codes},
    )
