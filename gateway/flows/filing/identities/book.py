"""The patient index as one ADT finds it, and what the message adds to it.

Pure, and never a guess: two INS, traits that differ from a qualified identity, or a local
identifier that means somebody else already wait for a person; nothing of such a message is
applied before. See decision 010.
"""

from dataclasses import dataclass, field

from gateway.flows.filing.judging.findings import kept_traits_differ, traits_disagree
from gateway.flows.filing.judging.people import key_of
from gateway.mapping.identity import same_traits
from gateway.ports.people.people import PatientNames
from gateway.records.intake.filing import Facts, IdentityChange, Intake
from gateway.records.intake.finding import Finding
from gateway.records.intake.understanding import Format
from gateway.records.patients.account import Person
from gateway.records.patients.admission import Admission, Subject
from gateway.records.patients.index import DeskWord, Link
from gateway.records.patients.patient import PatientIdentity, PatientKey


@dataclass(slots=True)
class Learned:
    """What one ADT changes; `findings` empty or nothing of the rest applies. `told` holds nothing.

    `links` join a local identifier to an INS, `merges` one identity to another; `names` are those
    whose held receipts may be filed now, `about` the name that the message's facts belong to.
    """

    findings: list[Finding] = field(default_factory=list)
    told: list[Finding] = field(default_factory=list)
    identities: list[IdentityChange] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    merges: list[Link] = field(default_factory=list)
    names: list[bytes] = field(default_factory=list)
    about: bytes | None = None


class Book:
    """`ends` is where each local identifier leads, with what this message changed so far."""

    def __init__(
        self, intake: Intake, admission: Admission, facts: Facts, names: PatientNames
    ) -> None:
        self.house = intake.house
        self.desk = intake.desk
        self.admission = admission
        self.facts = facts
        self.names = names
        self.ends = dict(facts.ends)
        self._under: dict[bytes, set[bytes]] = {}
        for name, end in facts.ends.items():
            self._under.setdefault(end, set()).add(name)
        people = (*facts.persons.values(), *facts.locals.values())
        self._people = {one.key: one for one in reversed(people)}
        self.learned = Learned()
        stated = [key_of(one.identity, names) for one in admission.subjects]
        self._stated = {key for key in stated if key is not None}

    def end(self, name: bytes) -> bytes:
        return self.ends.get(name, name)

    def is_record(self, name: bytes) -> bool:
        """An INS, known to the index or stated by this message; not a local identifier."""
        return name in self._stated or self.person(name) is not None

    def person(self, name: bytes) -> Person | None:
        return self._people.get(PatientKey(name))

    def follow(self, name: bytes, record: bytes) -> None:
        """Later subjects of the same message see what the former ones did."""
        self._under.get(self.end(name), set()).discard(name)
        moved = {name, *self._under.pop(name, ())}
        self.ends.update(dict.fromkeys(moved, record))
        self._under.setdefault(record, set()).update(moved)

    def agree(self, person: Person, subject: Subject) -> bool:
        differing = same_traits(person.identity, subject.identity)
        if not differing or (self.desk is DeskWord.CORRECT and subject.qualified):
            return True
        self.learned.findings.append(traits_disagree(differing, Format.HL7V2))
        return False

    def may_take(self, end: bytes, identity: PatientIdentity) -> bool:
        """Documents kept under what leads to nobody (any more) go to no stranger by its number."""
        compared = (same_traits(one, identity) for one in self.facts.kept.get(end, ()))
        differing = next((one for one in compared if one), [])
        if not differing or self.desk is DeskWord.CORRECT:
            return True
        self.learned.findings.append(kept_traits_differ(differing))
        return False
