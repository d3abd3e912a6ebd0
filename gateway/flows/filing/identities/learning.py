"""PID of an ADT: a qualified identity is learned and takes its local identifiers."""

from gateway.flows.filing.identities.book import Book, Learned
from gateway.flows.filing.identities.merging import merge
from gateway.flows.filing.judging.findings import local_id_conflict, traits_disagree
from gateway.flows.filing.judging.people import filled_from, key_of, local_names
from gateway.mapping.identity import same_traits
from gateway.ports.people.people import PatientNames
from gateway.records.intake.filing import Facts, IdentityChange, Intake
from gateway.records.intake.understanding import Format
from gateway.records.patients.account import Person
from gateway.records.patients.admission import Admission, Subject
from gateway.records.patients.index import DeskWord, Link
from gateway.records.patients.patient import PatientIdentity, PatientKey


def learn(intake: Intake, admission: Admission, facts: Facts, names: PatientNames) -> Learned:
    """Subject by subject; the first one is whom ZFA is about."""
    book = Book(intake, admission, facts, names)
    for number, subject in enumerate(admission.subjects):
        own = local_names(subject.identity, names, intake.house)
        key = key_of(subject.identity, names)
        if key is not None:
            with_ins(book, subject, key, own)
        else:
            without_ins(book, subject, own)
        if number == 0:
            book.learned.about = about(book, subject, key, own)
        if subject.prior is not None:
            merge(book, subject, key, own, subject.prior)
    return book.learned


def about(
    book: Book, subject: Subject, key: PatientKey | None, own: tuple[bytes, ...]
) -> bytes | None:
    """The name that a word of ZFA belongs to: an INS, or a local identifier until it has one;
    never one that leads to another INS than the message says."""
    if key is None:
        return next(iter(own), None)
    if subject.qualified:
        return key
    person = book.facts.persons.get(key)
    record = person.key if person is not None else key
    return next((n for n in own if book.end(n) == record or not book.is_record(book.end(n))), None)


def with_ins(book: Book, subject: Subject, key: PatientKey, own: tuple[bytes, ...]) -> None:
    """A qualified identity is learned and takes its local identifiers; another one is noted
    where nothing better is known, and its identifiers stay free."""
    person = book.facts.persons.get(key)
    if person is not None and person.qualified and not book.agree(person, subject):
        return
    joined = person is not None and person.key != key
    if not joined and (subject.qualified or person is None or not person.qualified):
        book.learned.identities.append(change(book, subject, key, person))
    if subject.qualified:
        record = person.key if person is not None else key
        for name in own:
            bind(book, name, record, key, subject.identity)
        book.learned.names += [key, *own]


def change(book: Book, subject: Subject, key: PatientKey, person: Person | None) -> IdentityChange:
    """A trait that this message leaves out stays as it was known."""
    identity = subject.identity
    if person is not None and person.qualified:
        identity = filled_from(identity, person.identity)
    said = book.admission
    obtained = f"{said.obtained} {said.obtained_on or ''}".strip() if said.obtained else None
    return IdentityChange(
        key=key,
        identity=identity,
        qualified=subject.qualified,
        status=subject.status,
        obtained=obtained,
    )


def bind(
    book: Book, name: bytes, record: bytes, key: PatientKey, identity: PatientIdentity
) -> None:
    """This local identifier, and all that joined it, is of this INS."""
    end = book.end(name)
    if end == record:  # perhaps only by a merge: now it is said of this very name
        book.learned.links.append(Link(name=name, into=key))
        return
    rebinds = book.is_record(end)
    if rebinds and book.desk is not DeskWord.CORRECT:
        book.learned.findings.append(local_id_conflict())
        return
    if not book.may_take(end, identity):
        return
    book.learned.links.append(Link(name=name, into=key, rebinds=rebinds))
    book.follow(name if rebinds else end, record)


def without_ins(book: Book, subject: Subject, own: tuple[bytes, ...]) -> None:
    """Nothing to learn; but what is known of these identifiers must not be contradicted.

    Where the message is right all the same, they are nobody's until an INS comes with them.
    """
    records = {end for name in own if book.is_record(end := book.end(name))}
    people = [one for name in own if (one := book.facts.locals.get(name)) is not None]
    differing = next((d for p in people if (d := same_traits(p.identity, subject.identity))), [])
    if len(records) < 2 and not differing:
        return
    if book.desk is DeskWord.CORRECT:
        book.learned.links += [Link(name=name, into=None, rebinds=True) for name in own]
        for name in own:
            book.ends.pop(name, None)
    else:
        found = traits_disagree(differing, Format.HL7V2) if differing else local_id_conflict()
        book.learned.findings.append(found)
