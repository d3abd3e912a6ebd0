"""Rows of the store → the facts an access decision reads (ACCESS section 2).

What is missing or inexact is read on the narrow side: an unknown code is dropped only because
the door refuses it, an inexact birth date is the latest day it may mean.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime

from msgspec import structs

from gateway.flows.family.majority import REPRESENTED, carers, state_at
from gateway.flows.reading.decided.at_once import at_once, hidden_at_once
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, Person, Professional
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    BORN_BY_DEFAULT,
    CODES,
    Account,
    Application,
    CareConsent,
    DocumentFacts,
    EmergencyChoice,
    Entry,
    FactStatus,
    Reader,
    ReaderKind,
    RecordFacts,
    Representative,
)

ACCOUNTS = {
    AccountState.UNKNOWN: Account.NOT_CREATED,
    AccountState.INVITED: Account.NOT_CREATED,
    AccountState.ERASED: Account.NOT_CREATED,
    AccountState.CREATED: Account.OPEN,
    AccountState.ACTIVE: Account.ACTIVE,
    AccountState.OPPOSED: Account.OPPOSED,
    AccountState.CLOSED: Account.CLOSED,
    AccountState.ERASING: Account.ARCHIVED,
}
"""VAULT section 1, first lines."""

OF_MAJORITY = (*REPRESENTED, ChoiceKind.MAJORITY)

STATUSES = {
    DocumentStatus.CURRENT: FactStatus.CURRENT,
    DocumentStatus.SUPERSEDED: FactStatus.SUPERSEDED,
    DocumentStatus.WITHDRAWN: FactStatus.DELETED,
}

NO_TYPE = "untyped"
"""The type of a document without one: in no grid, so no professional reads it (RULES C11)."""

FUNCTIONS = "FON-"
"""How codes of TRE_R21 begin; those of TRE_R85, the other roles, are numbers."""
NORMAL_CODES = ("N",)
INVISIBLE = "INVISIBLE_PATIENT"
MASKED = "MASQUE_PS"


def patient_reader(patient: PatientKey, *, name: str = "") -> Reader:
    """The holder of a record, as signed in."""
    return Reader(kind=ReaderKind.PATIENT, id=patient.hex(), name=name)


def professional_reader(professional: Professional) -> Reader:
    """A professional as signed in; the organisation is the team (VAULT CHO-02). A role that is a
    function (TRE_R21) binds him as ACCESS F40 and F43 say of it."""
    role = professional.role
    return Reader(
        kind=ReaderKind.PROFESSIONAL,
        id=professional.id,
        name=professional.name,
        profession=professional.profession,
        specialty=professional.specialty,
        activity=professional.activity,
        role=role,
        function=role if role and role.startswith(FUNCTIONS) else None,
        organisation=professional.organization,
        organisation_name=professional.organization_name,
        team=professional.organization,
    )


def record_facts(person: Person, choices: Iterable[Choice], now: datetime) -> RecordFacts:
    """The record of one patient as it stands at now; ended choices stay, they may be spent."""
    by_kind: dict[ChoiceKind, list[Choice]] = {}
    for choice in at_once(choices, now):
        by_kind.setdefault(choice.kind, []).append(choice)

    def entries(kind: ChoiceKind) -> tuple[Entry, ...]:
        return tuple(_entry(choice) for choice in by_kind.get(kind, ()))

    def targets(kind: ChoiceKind) -> tuple[str, ...]:
        return tuple(c.target for c in by_kind.get(kind, ()) if _holds(c, now))

    birth = latest_day(person.identity.birth_date)
    told = [one for kind in OF_MAJORITY for one in by_kind.get(kind, ())]
    return RecordFacts(
        account=ACCOUNTS[state_at(person.state, birth, told, now)],
        qualified=person.qualified,
        birth_date=birth,
        feeding_opposed=person.feeding_opposed,
        consents=_consents(by_kind),
        blocks=entries(ChoiceKind.BLOCK),
        administrators=entries(ChoiceKind.ADMINISTRATOR),
        caregivers=carers(entries(ChoiceKind.CAREGIVER), birth, told, now),
        representatives=_representatives(by_kind),
        applications=tuple(
            Application(id=one.target, since=one.since, until=one.until, scopes=one.scopes)
            for one in by_kind.get(ChoiceKind.APPLICATION, ())
        ),
        treating=_treating(by_kind.get(ChoiceKind.TREATING, []), now),
        teams_informed=targets(ChoiceKind.TEAM_INFORMED),
        teams_objected=_objected(by_kind, now),
        known_readers=_known(by_kind, now),
        emergency=EmergencyChoice(
            samu=not targets(ChoiceKind.EMERGENCY_SAMU_OFF),
            professionals=not targets(ChoiceKind.EMERGENCY_PROFESSIONALS_OFF),
            masked=bool(targets(ChoiceKind.EMERGENCY_MASKED_ON)),
        ),
    )


def _objected(by_kind: dict[ChoiceKind, list[Choice]], now: datetime) -> tuple[str, ...]:
    """A consent given to a team after an objection takes it back (ZFA-11 IC after INC)."""
    given = [one for one in by_kind.get(ChoiceKind.CARE_TEAM, ()) if _holds(one, now)]
    return tuple(
        one.target
        for one in by_kind.get(ChoiceKind.TEAM_OBJECTED, ())
        if _holds(one, now)
        and not any(c.target == one.target and c.since > one.since for c in given)
    )


def document_facts(card: Card, *, successor: DocumentFacts | None = None) -> DocumentFacts:
    """One card; `successor` is the current version's facts when this one was replaced.

    The codes of a superseded version include those of the current one (ACCESS section 2).
    """
    codes = card.codes
    if card.masked_by_patient or successor is not None or not CODES.issuperset(codes):
        codes = _codes(card, successor)
    hidden_from, announced = card.hidden_from, card.announced_at
    if successor is not None and INVISIBLE in successor.codes:
        hidden_from = successor.hidden_from or successor.deposited
        announced = successor.announced
    hides = card.hides if successor is None else (*card.hides, *successor.hides)
    return DocumentFacts(
        type=card.type_code or NO_TYPE,
        class_code=card.class_code,
        label=card.label,
        author=card.author_ids,
        organisation=card.organization,
        by_patient=card.by_patient,
        codes=codes or NORMAL_CODES,
        deposited=card.deposited_at,
        hidden_from=hidden_from,
        announced=announced,
        status=STATUSES[card.status],
        hides=hidden_at_once(hides) if hides else hides,
    )


def facts_as_current(card: Card) -> DocumentFacts:
    """Of a version before, as if it still stood: what decides on the rows that it lends to the
    message in force."""
    return document_facts(structs.replace(card, status=DocumentStatus.CURRENT))


def _codes(card: Card, successor: DocumentFacts | None) -> tuple[str, ...]:
    codes = {code for code in card.codes if code in CODES}
    if successor is not None:
        codes.update(successor.codes)
    if card.masked_by_patient:
        codes.add(MASKED)
    return tuple(sorted(codes))


def latest_day(birth: str | None) -> date:
    """The latest day an ISO date means (`1984` → 31 December); unreadable: ACCESS' default."""
    parts = (birth or "").split("-")
    try:
        year = int(parts[0])
        month = int(parts[1]) if len(parts) > 1 else 12
        day = int(parts[2][:2]) if len(parts) > 2 else monthrange(year, month)[1]
        return date(year, month, day)
    except (ValueError, IndexError):
        return BORN_BY_DEFAULT


def _known(by_kind: dict[ChoiceKind, list[Choice]], now: datetime) -> tuple[str, ...]:
    """Whose access the patient was told of; after an unblock the next is the first again."""
    unblocked: dict[str, datetime] = {}
    for block in by_kind.get(ChoiceKind.BLOCK, ()):
        if block.until is not None and block.until <= now:
            unblocked[block.target] = max(block.until, unblocked.get(block.target, block.until))
    return tuple(
        one.target
        for one in by_kind.get(ChoiceKind.KNOWN_READER, ())
        if one.since <= now and one.since >= unblocked.get(one.target, one.since)
    )


def _holds(choice: Choice, now: datetime) -> bool:
    return choice.since <= now and (choice.until is None or now < choice.until)


def _entry(choice: Choice) -> Entry:
    return Entry(id=choice.target, since=choice.since, until=choice.until)


def _treating(choices: list[Choice], now: datetime) -> Entry | None:
    """One at a time: the one in force that was declared last (VAULT CHO-11)."""
    held = [choice for choice in choices if _holds(choice, now)]
    return _entry(max(held, key=lambda choice: choice.since)) if held else None


CONSENTS = {
    ChoiceKind.CARE_PROFESSIONAL: ("professional", "care"),
    ChoiceKind.CARE_TEAM: ("team", "care"),
    ChoiceKind.OCCUPATIONAL: ("professional", "occupational"),
}
ROLES = {ChoiceKind.PARENT: "parent", ChoiceKind.GUARDIAN: "guardian"}


def _consents(by_kind: dict[ChoiceKind, list[Choice]]) -> tuple[CareConsent, ...]:
    return tuple(
        CareConsent(id=c.target, since=c.since, until=c.until, to=to, kind=kind)
        for choice_kind, (to, kind) in CONSENTS.items()
        for c in by_kind.get(choice_kind, ())
    )


def _representatives(by_kind: dict[ChoiceKind, list[Choice]]) -> tuple[Representative, ...]:
    return tuple(
        Representative(id=c.target, since=c.since, until=c.until, role=role)
        for choice_kind, role in ROLES.items()
        for c in by_kind.get(choice_kind, ())
    )
