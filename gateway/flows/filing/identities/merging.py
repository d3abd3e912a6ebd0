"""MRG of an A40 or A47: what ends leads to the survivor, where nobody has to look first."""

from dataclasses import replace

from gateway.flows.filing.identities.book import Book
from gateway.flows.filing.judging.findings import (
    merge_of_closed,
    merge_of_two_ins,
    merge_of_unknown,
    merge_unqualified,
    merge_without_survivor,
)
from gateway.flows.filing.judging.people import (
    FORGETTING_STATES,
    OPEN_STATES,
    agrees,
    key_of,
    local_names,
)
from gateway.mapping.identity import QUALIFIED
from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import Person
from gateway.records.patients.admission import Subject
from gateway.records.patients.index import DeskWord, Link
from gateway.records.patients.patient import PatientIdentity, PatientKey


def merge(
    book: Book,
    subject: Subject,
    key: PatientKey | None,
    own: tuple[bytes, ...],
    prior: PatientIdentity,
) -> None:
    """A40 and A47: what `prior` names leads to the survivor from now on."""
    into, record = survivor_of(book, subject, key, own)
    if into is None:
        book.learned.findings.append(merge_without_survivor())
        return
    gone = local_names(prior, book.names, book.house)
    former = key_of(prior, book.names)
    person = book.facts.persons.get(former) if former else None
    if person is not None and person.qualified:
        join(book, person.key, subject, into, record)
    elif former not in (None, key):
        book.learned.told.append(merge_of_unknown())
    for name in gone:
        record = book.end(record)
        move(book, name, subject, into, record)
    book.learned.names += [*own, *gone]


def survivor_of(
    book: Book, subject: Subject, key: PatientKey | None, own: tuple[bytes, ...]
) -> tuple[bytes | None, bytes]:
    """The name that what ends leads to, and the record in which that one ends."""
    if key is not None and subject.qualified:
        person = book.facts.persons.get(key)
        return key, person.key if person is not None else key
    if not own:
        return None, b""
    ends = [book.end(name) for name in own]
    known = next((n for n, end in zip(own, ends, strict=True) if book.is_record(end)), own[0])
    return known, book.end(known)


def move(book: Book, name: bytes, subject: Subject, into: bytes, record: bytes) -> None:
    end = book.end(name)
    if end == record:
        return
    if book.is_record(end):
        join(book, end, subject, into, record, local=name)
        return
    person = book.person(record)
    if book.may_take(end, subject.identity if person is None else person.identity):
        book.learned.merges.append(Link(name=name, into=into))
        book.follow(end, record)


def join(
    book: Book,
    end: bytes,
    subject: Subject,
    into: bytes,
    record: bytes,
    *,
    local: bytes | None = None,
) -> None:
    """What ends stands in the record of an INS. Two INS are never one without two persons;
    a survivor without INS takes that one where its own traits say so too."""
    if end == record:
        return
    if not book.is_record(record):
        take_ins(book, end, subject, into, record, local)
    elif book.desk is DeskWord.MERGE:
        unite(book, end, record)
    elif book.desk is DeskWord.CORRECT and local is not None:
        book.learned.merges.append(Link(name=local, into=into, rebinds=True))
        book.follow(local, record)
    elif book.desk is not DeskWord.CORRECT:
        book.learned.findings.append(merge_of_two_ins())


def take_ins(
    book: Book,
    end: bytes,
    subject: Subject,
    into: bytes,
    record: bytes,
    local: bytes | None,
) -> None:
    """The survivor leads to what ends, not the other way round: that one is known."""
    person = book.person(end)
    if person is None or not person.qualified or not subject_agrees(subject, person):
        book.learned.findings.append(merge_unqualified())
        return
    if not book.may_take(record, person.identity):
        return
    book.learned.merges.append(Link(name=into, into=local if local is not None else end))
    book.follow(record, end)


def unite(book: Book, end: bytes, record: bytes) -> None:
    """Two people said so. The space stays open under the INS that survives."""
    former, survivor = book.person(end), book.person(record)
    states = {one.state for one in (former, survivor) if one is not None}
    if states & FORGETTING_STATES:
        book.learned.findings.append(merge_of_closed())
        return
    if former is not None and former.state in OPEN_STATES:
        keep_open(book, former, survivor, PatientKey(record))
    book.learned.merges.append(Link(name=end, into=record))
    book.follow(end, record)


def keep_open(book: Book, former: Person, survivor: Person | None, key: PatientKey) -> None:
    if survivor is not None and survivor.state in OPEN_STATES:
        return
    changes = book.learned.identities
    for place, change in enumerate(changes):
        if change.key == key:
            changes[place] = replace(change, state=former.state)
            return
    if survivor is not None:
        changes.append(
            IdentityChange(
                key=key,
                identity=survivor.identity,
                qualified=survivor.qualified,
                state=former.state,
            )
        )


def subject_agrees(subject: Subject, person: Person) -> bool:
    """Stated as this person by more than a number, and with no contrary sign."""
    contrary = subject.status is not None and subject.status != QUALIFIED
    return not contrary and agrees(subject.identity, person)
