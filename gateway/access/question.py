"""One question to the rules, and the derived words of ACCESS section 1, by their names there."""

from datetime import datetime
from typing import NamedTuple

from gateway.access.grid import Cell, Grid
from gateway.access.time import birthday, civil_date, in_force, is_minor, one_month_after
from gateway.records.readers.access import (
    AccessAction,
    Circumstances,
    DocumentFacts,
    Entry,
    Mode,
    Origin,
    Reader,
    ReaderKind,
    RecordFacts,
)
from gateway.records.readers.switches import Switches

SOCIAL = frozenset({"GENR08", "GENR09", "GENR10", "GENR11", "GENR12"})
PHYSICIAN = "G15_10"
OCCUPATIONAL_PHYSICIAN = "FON-29"
ROLE_ONLY = "R291_99"
PATIENT_TYPES = frozenset(
    {f"DOCPAT0{n}" for n in (1, 2, 3, 4, 5, 6, 7, 9)} | {f"EXPPAT_{n}" for n in (1, 2, 3)}
)
NORMAL_MODE = Mode.NORMAL
READ = frozenset({AccessAction.LIST, AccessAction.SEARCH, AccessAction.OPEN})
SENDERS = frozenset({ReaderKind.PROFESSIONAL, ReaderKind.SYSTEM})


class Question(NamedTuple):
    """The eight arguments of a decision; `document` is None for sync and manage."""

    reader: Reader
    action: AccessAction
    document: DocumentFacts | None
    record: RecordFacts
    circumstances: Circumstances
    switches: Switches
    grid: Grid
    now: datetime


def same(one: str | None, other: str | None) -> bool:
    """An identifier that is null or empty equals nothing."""
    return bool(one) and one == other


def entry_in_force(q: Question, entries: tuple[Entry, ...]) -> bool:
    """The reader has an entry in force among these."""
    return bool(entries) and any(
        same(entry.id, q.reader.id) and in_force(entry.since, entry.until, q.now)
        for entry in entries
    )


def is_in_emergency_mode(q: Question) -> bool:
    return q.circumstances.mode is not NORMAL_MODE


def is_emergency(q: Question) -> bool:
    return is_in_emergency_mode(q) and q.reader.kind is ReaderKind.PROFESSIONAL and q.action in READ


def is_sender_mail(q: Question) -> bool:
    """A mail of origin sender to a sender."""
    return (
        q.action is AccessAction.MAIL
        and q.circumstances.origin is Origin.SENDER
        and q.reader.kind in SENDERS
    )


def is_patient_mail(q: Question) -> bool:
    return q.action is AccessAction.MAIL and q.circumstances.origin is Origin.PATIENT


def is_depositor(q: Question) -> bool:
    document, reader = q.document, q.reader
    if document is None or document.by_patient or reader.kind not in SENDERS:
        return False
    by_name = bool(reader.id) and reader.id in document.author
    return by_name or same(reader.organisation, document.organisation)


def is_masked(q: Question) -> bool:
    return q.document is not None and "MASQUE_PS" in q.document.codes


def is_restricted(q: Question) -> bool:
    if q.document is None or not ("R" in q.document.codes or "V" in q.document.codes):
        return False
    return q.switches.restricted_as_masked.at(q.now)


def is_hidden_from_representatives(q: Question) -> bool:
    return q.document is not None and "INVISIBLE_REPRESENTANTS_LEGAUX" in q.document.codes


def is_hidden_from_reader(q: Question) -> bool:
    if q.document is None or not q.document.hides:
        return False
    names = {"professional": q.reader.id, "profession": q.reader.profession}
    return any(
        same(hide.id, names[hide.to]) and in_force(hide.since, hide.until, q.now)
        for hide in q.document.hides
    )


def hidden_since(document: DocumentFacts) -> datetime | None:
    """The first deposit that carried INVISIBLE_PATIENT; a replacement never restarts it."""
    return document.hidden_from or document.deposited


def is_waiting(q: Question) -> bool:
    document = q.document
    if document is None or "INVISIBLE_PATIENT" not in document.codes:
        return False
    if document.announced is not None and document.announced <= q.now:
        return False
    since = hidden_since(document)
    return since is None or q.now < one_month_after(since)


def is_treating_doctor(q: Question) -> bool:
    treating = q.record.treating
    return (
        treating is not None
        and q.reader.kind is ReaderKind.PROFESSIONAL
        and q.reader.profession == PHYSICIAN
        and entry_in_force(q, (treating,))
    )


def treating_sees_masked(q: Question) -> bool:
    return q.switches.treating_sees_masked.at(q.now) and is_treating_doctor(q)


def is_administrator(q: Question) -> bool:
    return (
        q.reader.kind is ReaderKind.PROFESSIONAL
        and entry_in_force(q, q.record.administrators)
        and q.switches.administrators.at(q.now)
    )


def is_blocked(q: Question) -> bool:
    return entry_in_force(q, q.record.blocks)


def is_block_lifted(q: Question) -> bool:
    if not is_emergency(q):
        return False
    switch = q.switches.block_and_emergency.at(q.now)
    return switch == "emergency_wins" or (
        switch == "except_samu" and q.circumstances.mode is Mode.SAMU
    )


def emergency_opens_masked(q: Question) -> bool:
    choice = q.record.emergency
    return is_emergency(q) and choice.masked and (choice.samu or choice.professionals)


def is_one_of_the_four(q: Question) -> bool:
    """Whom a mask, a restriction or a hide does not stop (F51, F52, F63)."""
    return (
        is_depositor(q)
        or treating_sees_masked(q)
        or is_administrator(q)
        or emergency_opens_masked(q)
    )


def regulates(reader: Reader) -> bool:
    """A regulating physician of the SAMU (RULES E2), whose door is another than the others'."""
    return reader.profession == PHYSICIAN and reader.centre15


def is_minor_patient(q: Question) -> bool:
    return is_minor(q.record.birth_date, q.now)


def has_own_account(q: Question) -> bool:
    age = q.switches.minor_account_age.at(q.now)
    return age is not None and civil_date(q.now) >= birthday(q.record.birth_date, age)


def columns(reader: Reader) -> tuple[str, ...]:
    """The grid columns of a reader; every one of them must permit."""
    profession, activity = reader.profession, reader.activity
    if activity in SOCIAL:
        if profession and profession.startswith(("G15_", "G16_", "R95_")):
            return (activity, profession)
        return (activity,)
    return (profession,) if profession and profession != ROLE_ONLY else ()


def cells(q: Question) -> list[tuple[Cell, ...]]:
    """The rows in force of each of his columns for this document's type."""
    if q.document is None:
        return []
    rows, kind, now = q.grid.cells, q.document.type, q.now
    return [rows(column, kind, now) for column in columns(q.reader)]


def may_treat(reader: Reader) -> bool:
    """Whether this person can be a médecin traitant at all."""
    return reader.kind is ReaderKind.PROFESSIONAL and reader.profession == PHYSICIAN
