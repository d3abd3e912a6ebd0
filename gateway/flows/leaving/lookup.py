"""The 3422 finds a person (VAULT DSK-02): by NIR, or by birth name, birth date and birthplace.

Each look-up has a reason, and is an entry in the log of whom it found; what was asked for in vain
is one in the desk's own, without a trait. What is shown names nobody and tells of no document.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from gateway.errors import DeniedError
from gateway.flows.desk.agent import DeskGate
from gateway.flows.entering.entrance import EMAIL, SMS, shown
from gateway.flows.inviting.end import standing
from gateway.flows.leaving.paper import waiting_in
from gateway.flows.leaving.proof import DELETION, reference_of
from gateway.flows.leaving.room import Leaving
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.facts import latest_day
from gateway.flows.sending.notices.addressees import addressees
from gateway.flows.signing_in.signin import contact_of
from gateway.records.patients.account import Choice, Person
from gateway.records.patients.activation import Activation
from gateway.records.patients.invitation import Invitation
from gateway.records.patients.patient import DESK, PatientIdentity, PatientKey
from gateway.records.readers.access import Decision, Reader
from gateway.records.words import fold

LOOKED_UP = "looked-up"
ASKED = Decision(permitted=True, rule="DSK-02", because="Le 3422 répond à une demande.")
"""By which of our rules: ACCESS speaks of documents."""


class NobodyError(Exception):
    """Nobody is known by these words, or more than one person (`several`)."""

    def __init__(self, *, several: bool) -> None:
        super().__init__("several" if several else "nobody")
        self.several = several


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What the caller says: the NIR, or all three others; `place` is the INSEE code."""

    nir: str = ""
    family: str = ""
    born: date | None = None
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCard:
    """All that the 3422 is shown of somebody. `invitation` is the last one, of which the dates and
    the channel are shown; `code_until` is the end of a provisional code that was not used;
    `contacts`, and `code_to` where another code would go, are masked by channel; `representatives`
    are names by patient key; `reference` is that of the deletion that was asked for, `proposed` one
    on paper that waits for a second person."""

    person: Person
    invitation: Invitation | None
    code_until: datetime | None
    contacts: Mapping[str, str]
    code_to: Mapping[str, str]
    representatives: Mapping[str, str]
    reference: str
    proposed: Choice | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportDesk:
    gate: DeskGate
    leaving: Leaving

    async def find(self, agent: Reader, sought: Sought, reason: str) -> Person:
        """Raises NobodyError."""
        found = await self._known(sought)
        whose = found[0].key if len(found) == 1 else DESK
        said: dict[str, object] = {"reason": reason, "by": "nir" if sought.nir else "traits"}
        if whose == DESK:
            said["found"] = len(found)
        await self.gate.demand(agent, ASKED, traced_as=LOOKED_UP, patient=whose, said=said)
        if len(found) != 1:
            raise NobodyError(several=len(found) > 1)
        return found[0]

    async def _known(self, sought: Sought) -> list[Person]:
        if sought.nir:
            person = await self.leaving.entrance.person(sought.nir)
            return [person] if person is not None else []
        if sought.born is None:
            return []
        identity = PatientIdentity(
            birth_family=sought.family,
            birth_date=sought.born.isoformat(),
            birth_place=sought.place,
        )
        like = await self.leaving.people.persons_like(identity)
        return [one for one in like if _is(one.identity, identity)]

    async def card(self, patient: PatientKey) -> CaseCard:
        """Of whom a look-up found. Raises DeniedError for nobody."""
        leaving, now = self.leaving, self.leaving.clock.now()
        person = await leaving.people.person(patient)
        if person is None:
            raise DeniedError(NOT_THERE)
        person = await standing(leaving.entrance, person)
        kept = await leaving.entrance.activations.handed_over(person.key)
        choices = await leaving.people.choices(person.key)
        asked = person.deletion_asked_at
        return CaseCard(
            person=person,
            invitation=await leaving.entrance.invited.invitation(person.key),
            code_until=kept.expires_at if kept and not kept.spent_at else None,
            contacts=await self._contacts(person),
            code_to=_reached(kept),
            representatives=await self._standing_for(person, choices, now),
            reference=reference_of(DELETION, person.key, asked) if asked else "",
            proposed=waiting_in(person, choices, now),
        )

    async def _contacts(self, person: Person) -> dict[str, str]:
        login = await self.leaving.people.login_of(person.key)
        if login is not None:
            known = contact_of(login)
            said = {known.channel: known.shown} if known else {}
            if login.mobile and login.email:
                said[EMAIL] = shown(EMAIL, login.email)
            return said
        kept = await self.leaving.entrance.activations.handed_over(person.key)
        return _reached(kept)

    async def _standing_for(
        self, person: Person, choices: list[Choice], now: datetime
    ) -> Mapping[str, str]:
        """Who represents the person now: of an adult no parent does (ACCESS F22)."""
        names, birth = {}, latest_day(person.identity.birth_date)
        for one in addressees(person.key, choices, now, birth=birth)[1:]:
            whose = await self.leaving.people.person(PatientKey(bytes.fromhex(one.id or "")))
            if whose is not None:
                names[whose.key.hex()] = name_of(whose.identity)
        return names


def _reached(kept: Activation | None) -> dict[str, str]:
    both = ((SMS, kept.mobile), (EMAIL, kept.email)) if kept else ()
    return {channel: shown(channel, at) for channel, at in both if at}


def _is(known: PatientIdentity, sought: PatientIdentity) -> bool:
    """Those who share a set of traits are more than these."""
    return (fold(known.birth_family or ""), known.birth_date, known.birth_place) == (
        fold(sought.birth_family or ""),
        sought.birth_date,
        sought.birth_place,
    )


def name_of(one: PatientIdentity) -> str:
    given, family = one.used_given or one.birth_given or "", one.used_family or one.birth_family
    return f"{given.title()} {(family or '').upper()}".strip()
