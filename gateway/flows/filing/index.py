"""What an ADT teaches the patient index: who a local identifier is, and who became whom.

Pure, and never a guess: two INS, traits that differ from a qualified identity, or a local
identifier that means somebody else already wait for a person; nothing of such a message is
applied before. See decision 010.
"""

from dataclasses import dataclass, field, replace

from gateway.flows.filing.findings import (
    kept_traits_differ,
    local_id_conflict,
    merge_of_closed,
    merge_of_two_ins,
    merge_unqualified,
    traits_disagree,
)
from gateway.flows.filing.people import (
    FORGETTING_STATES,
    OPEN_STATES,
    agrees,
    filled_from,
    key_of,
    local_names,
)
from gateway.mapping.identity import same_traits
from gateway.ports.people import PatientNames
from gateway.records.account import Person
from gateway.records.admission import Admission, Subject
from gateway.records.filing import Facts, IdentityChange, Intake
from gateway.records.finding import Finding
from gateway.records.index import DeskWord, Link
from gateway.records.patient import PatientIdentity, PatientKey


@dataclass(slots=True)
class Learned:
    """What one ADT changes; `findings` empty or nothing of the rest applies.

    `links` join a local identifier to an INS, `merges` one identity to another; `names` are those
    whose held receipts may be filed now, `about` the name that the message's facts belong to.
    """

    findings: list[Finding] = field(default_factory=list)
    identities: list[IdentityChange] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    merges: list[Link] = field(default_factory=list)
    names: list[bytes] = field(default_factory=list)
    about: bytes | None = None


def learn(intake: Intake, admission: Admission, facts: Facts, names: PatientNames) -> Learned:
    """Subject by subject; the first one is whom ZFA is about."""
    book = _Book(intake, admission, facts, names)
    for subject in admission.subjects:
        book.read(subject)
    return book.learned


class _Book:
    """The index as this message finds it, and what the message adds."""

    def __init__(
        self, intake: Intake, admission: Admission, facts: Facts, names: PatientNames
    ) -> None:
        self._intake = intake
        self._admission = admission
        self._facts = facts
        self._names = names
        self._ends = dict(facts.ends)
        self._desk = intake.desk
        stated = [key_of(one.identity, names) for one in admission.subjects]
        self._stated = {key for key in stated if key is not None}
        self.learned = Learned()

    def read(self, subject: Subject) -> None:
        own = local_names(subject.identity, self._names, self._intake.house)
        key = key_of(subject.identity, self._names)
        if key is not None:
            self._with_ins(subject, key, own)
        else:
            self._without_ins(subject, own)
        if self.learned.about is None:
            qualified = key is not None and subject.qualified
            self.learned.about = key if qualified else next(iter(own), None)
        if subject.prior is not None:
            self._merge(subject, key, own, subject.prior)

    def _with_ins(self, subject: Subject, key: PatientKey, own: tuple[bytes, ...]) -> None:
        """A qualified identity is learned and takes its local identifiers; another one is noted
        where nothing better is known, and its identifiers stay free."""
        person = self._facts.persons.get(key)
        if person is not None and person.qualified and not self._agree(person, subject):
            return
        joined = person is not None and person.key != key
        if not joined and (subject.qualified or person is None or not person.qualified):
            self.learned.identities.append(self._change(subject, key, person))
        if subject.qualified:
            record = person.key if person is not None else key
            for name in own:
                self._bind(name, record, key, subject.identity)
            self.learned.names += [key, *own]

    def _agree(self, person: Person, subject: Subject) -> bool:
        differing = same_traits(person.identity, subject.identity)
        if not differing or (self._desk is DeskWord.CORRECT and subject.qualified):
            return True
        self.learned.findings.append(traits_disagree(differing))
        return False

    def _change(self, subject: Subject, key: PatientKey, person: Person | None) -> IdentityChange:
        """A trait that this message leaves out stays as it was known."""
        identity = subject.identity
        if person is not None and person.qualified:
            identity = filled_from(identity, person.identity)
        said = self._admission
        obtained = f"{said.obtained} {said.obtained_on or ''}".strip() if said.obtained else None
        return IdentityChange(
            key=key,
            identity=identity,
            qualified=subject.qualified,
            status=subject.status,
            obtained=obtained,
        )

    def _bind(self, name: bytes, record: bytes, key: PatientKey, identity: PatientIdentity) -> None:
        """This local identifier, and all that joined it, is of this INS."""
        end = self._ends.get(name, name)
        if end == record:
            return
        rebinds = self._is_record(end)
        if rebinds and self._desk is not DeskWord.CORRECT:
            self.learned.findings.append(local_id_conflict())
            return
        if not self._may_take(end, identity):
            return
        moved = name if rebinds else end
        self.learned.links.append(Link(name=moved, into=key, rebinds=rebinds))
        self._follow(moved, record)

    def _without_ins(self, subject: Subject, own: tuple[bytes, ...]) -> None:
        """Nothing to learn; but what is known of these identifiers must not be contradicted.

        Where the message is right all the same, they are nobody's until an INS comes with them.
        """
        records = {end for name in own if self._is_record(end := self._ends.get(name, name))}
        people = [one for name in own if (one := self._facts.locals.get(name)) is not None]
        differing = next(
            (d for p in people if (d := same_traits(p.identity, subject.identity))), []
        )
        if len(records) < 2 and not differing:
            return
        if self._desk is DeskWord.CORRECT:
            self.learned.links += [Link(name=name, into=None, rebinds=True) for name in own]
            for name in own:
                self._ends.pop(name, None)
        else:
            found = traits_disagree(differing) if differing else local_id_conflict()
            self.learned.findings.append(found)

    def _merge(
        self,
        subject: Subject,
        key: PatientKey | None,
        own: tuple[bytes, ...],
        prior: PatientIdentity,
    ) -> None:
        """A40 and A47: what `prior` names leads to the survivor from now on."""
        into, record = self._survivor(subject, key, own)
        if into is None:
            return
        gone = local_names(prior, self._names, self._intake.house)
        former = key_of(prior, self._names)
        person = self._facts.persons.get(former) if former else None
        if former is not None and person is not None and person.qualified:
            self._join(person.key, subject, into, record)
            record = self._ends.get(into, into)
        for name in gone:
            record = self._ends.get(record, record)
            self._move(name, subject, into, record)
        self.learned.names += [*own, *gone]

    def _survivor(
        self, subject: Subject, key: PatientKey | None, own: tuple[bytes, ...]
    ) -> tuple[bytes | None, bytes]:
        """The name that what ends leads to, and the record in which that one ends."""
        if key is not None and subject.qualified:
            person = self._facts.persons.get(key)
            return key, person.key if person is not None else key
        if not own:
            return None, b""
        ends = [self._ends.get(name, name) for name in own]
        known = next((n for n, end in zip(own, ends, strict=True) if self._is_record(end)), own[0])
        return known, self._ends.get(known, known)

    def _move(self, name: bytes, subject: Subject, into: bytes, record: bytes) -> None:
        end = self._ends.get(name, name)
        if end == record:
            return
        if self._is_record(end):
            self._join(end, subject, into, record, local=name)
            return
        person = self._person(record)
        if self._may_take(end, subject.identity if person is None else person.identity):
            self.learned.merges.append(Link(name=end, into=into))
            self._follow(end, record)

    def _may_take(self, end: bytes, identity: PatientIdentity) -> bool:
        """Documents kept under what leads to nobody (any more) go to no stranger by its number."""
        compared = (same_traits(one, identity) for one in self._facts.kept.get(end, ()))
        differing = next((one for one in compared if one), [])
        if not differing or self._desk is DeskWord.CORRECT:
            return True
        self.learned.findings.append(kept_traits_differ(differing))
        return False

    def _join(
        self,
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
        if not self._is_record(record):
            self._take_ins(end, subject, record)
        elif self._desk is DeskWord.MERGE:
            self._unite(end, record)
        elif self._desk is DeskWord.CORRECT and local is not None:
            self.learned.merges.append(Link(name=local, into=into, rebinds=True))
            self._follow(local, record)
        elif self._desk is not DeskWord.CORRECT:
            self.learned.findings.append(merge_of_two_ins())

    def _take_ins(self, end: bytes, subject: Subject, record: bytes) -> None:
        person = self._person(end)
        if person is None or not person.qualified or not subject_agrees(subject, person):
            self.learned.findings.append(merge_unqualified())
            return
        if not self._may_take(record, person.identity):
            return
        self.learned.merges.append(Link(name=record, into=end))
        self._follow(record, end)

    def _unite(self, end: bytes, record: bytes) -> None:
        """Two people said so. The space stays open under the INS that survives."""
        former, survivor = self._person(end), self._person(record)
        states = {one.state for one in (former, survivor) if one is not None}
        if states & FORGETTING_STATES:
            self.learned.findings.append(merge_of_closed())
            return
        if former is not None and former.state in OPEN_STATES:
            self._keep_open(former, survivor, PatientKey(record))
        self.learned.merges.append(Link(name=end, into=record))
        self._follow(end, record)

    def _keep_open(self, former: Person, survivor: Person | None, key: PatientKey) -> None:
        if survivor is not None and survivor.state in OPEN_STATES:
            return
        changes = self.learned.identities
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

    def _is_record(self, name: bytes) -> bool:
        """An INS, known to the index or stated by this message; not a local identifier."""
        return name in self._stated or self._person(name) is not None

    def _person(self, name: bytes) -> Person | None:
        people = (*self._facts.persons.values(), *self._facts.locals.values())
        return next((one for one in people if one.key == name), None)

    def _follow(self, name: bytes, record: bytes) -> None:
        """Later subjects of the same message see what the former ones did."""
        self._ends[name] = record
        for other, end in self._ends.items():
            if end == name:
                self._ends[other] = record


def subject_agrees(subject: Subject, person: Person) -> bool:
    """Stated as this person by more than a number, and with no contrary sign."""
    contrary = subject.status is not None and subject.status != "VALI"
    return not contrary and agrees(subject.identity, person)
