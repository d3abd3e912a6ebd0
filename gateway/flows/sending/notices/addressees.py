"""Who is told of what happens in a record: its patient, and each representative (ACCESS P40, P41).

Caregivers and applications never are; whether an addressee may be told is asked for each notice.
"""

from collections.abc import Iterable
from datetime import date, datetime

from gateway.access.time import in_force, is_minor
from gateway.flows.noticing.ways import ways_chosen
from gateway.flows.reading.decided.facts import ROLES, patient_reader
from gateway.ports.people.people import People
from gateway.records.notices import ALWAYS, CHANNELS, Notice, Way
from gateway.records.patients.account import Choice, ChoiceKind, Person
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind


def addressees(
    patient: PatientKey, choices: Iterable[Choice], now: datetime, *, birth: date
) -> list[Reader]:
    """The patient first; a representative who is named twice is told once. The parents of an adult
    are none any more, though nothing ended what once was said (ACCESS F22, VAULT REP-10)."""
    minor = is_minor(birth, now)
    named = dict.fromkeys(
        one.target
        for one in choices
        if one.kind in ROLES
        and in_force(one.since, one.until, now)
        and (minor or one.kind is not ChoiceKind.PARENT)
    )
    others = [Reader(kind=ReaderKind.REPRESENTATIVE, id=one) for one in named]
    return [patient_reader(patient), *others]


async def place_of(
    people: People, person: PatientKey, *, by_letter: bool = False
) -> tuple[str, str] | None:
    """The channel and the address of this person's own contact. A letter bears the name only: no
    postal address is kept here, whoever posts it has that of the caisse."""
    login = await people.login_of(person)
    if login is not None and login.email:
        return "email", login.email
    if login is not None and login.mobile:
        return "sms", login.mobile
    return await letter_to(people, person) if by_letter else None


async def places_of(
    people: People, person: PatientKey, notice: Notice, now: datetime
) -> list[tuple[str, str]] | None:
    """Where a notice of this kind goes, as the person chose; None where it was turned off. A way
    without an address here gives place to the one that there is: who is told by SMS and has no
    mobile any more is told by e-mail."""
    way = ways_chosen(await people.choices(person), now).get(notice)
    if way is Way.NONE and notice not in ALWAYS:
        return None
    login = await people.login_of(person)
    known = {"email": login.email, "sms": login.mobile} if login is not None else {}
    chosen = [(one, to) for one in CHANNELS[way or Way.EMAIL] if (to := known.get(one))]
    usual = await place_of(people, person)
    return chosen or ([usual] if usual else [])


async def letter_to(people: People, person: PatientKey) -> tuple[str, str] | None:
    known = await people.person(person)
    name = _name(known) if known is not None else ""
    return ("letter", name) if name else None


def _name(person: Person) -> str:
    """As on an envelope."""
    one = person.identity
    given = one.used_given or one.birth_given or ""
    return f"{given.title()} {(one.used_family or one.birth_family or '').upper()}".strip()
