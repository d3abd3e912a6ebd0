"""« Qui peut voir ce document, et pourquoi »: each line is made by `access.decide` (PAGES).

Pure. A reason is the rule's own text, so it never tells another person's choice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from msgspec import structs

from gateway.access.professions import profession_name
from gateway.access.question import PHYSICIAN, columns
from gateway.flows.reading.decided.facts import MASKED, NORMAL_CODES, professional_reader
from gateway.flows.reading.decided.gate import Gate
from gateway.records.documents.document import Author
from gateway.records.documents.shelved import Shelved
from gateway.records.patients.account import Choice, ChoiceKind, Professional
from gateway.records.readers.access import (
    NORMAL,
    AccessAction,
    CareConsent,
    Circumstances,
    Decision,
    DocumentFacts,
    Mode,
    Reader,
    ReaderKind,
)

HOLDERS = frozenset({ReaderKind.PATIENT, ReaderKind.REPRESENTATIVE})
ANYBODY = "anybody"
MAX_PEOPLE = 200
PLACEHOLDER = "placeholder"

FAMILY = {
    ChoiceKind.PARENT: ReaderKind.REPRESENTATIVE,
    ChoiceKind.GUARDIAN: ReaderKind.REPRESENTATIVE,
    ChoiceKind.CAREGIVER: ReaderKind.CAREGIVER,
}
KNOWN_BY = frozenset(
    {
        ChoiceKind.CARE_PROFESSIONAL,
        ChoiceKind.OCCUPATIONAL,
        ChoiceKind.BLOCK,
        ChoiceKind.TREATING,
        ChoiceKind.ADMINISTRATOR,
        ChoiceKind.KNOWN_READER,
    }
)
"""Choices, and one thing that happened, whose target is a professional known to the record."""

RANK = {"treating": 0, "depositor": 1, "professional": 2}
SAMU = Circumstances(mode=Mode.SAMU)
BREAK_GLASS = Circumstances(mode=Mode.BRIS_DE_GLACE, reason=ANYBODY)


class Answer(StrEnum):
    YES = "Oui"
    NO = "Non"
    EMERGENCY = "En urgence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One reader: `role` is holder, representative, caregiver, treating, depositor,
    professional, samu, emergency or profession; `assumed` when the cell is a placeholder.
    """

    answer: Answer
    who: str
    role: str
    decision: Decision
    profession: str | None = None
    assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """`people` in the order of the page; `professions` as a group, had they an agreement.

    `otherwise` are the same people, were the document masked, or shown where it is masked now:
    who would still see it, before that is chosen (VAULT CHO-07).
    """

    people: tuple[Line, ...]
    professions: tuple[Line, ...]
    otherwise: tuple[Line, ...] = ()

    @property
    def professions_permitted(self) -> int:
        return sum(line.decision.permitted for line in self.professions)


def names_needed(choices: Iterable[Choice]) -> list[str]:
    """Ids (patient keys in hexadecimal) of the relatives whose names the lines show."""
    return sorted({choice.target for choice in choices if choice.kind in FAMILY})[:MAX_PEOPLE]


def sight_of(
    gate: Gate,
    shelved: Shelved,
    facts: DocumentFacts,
    choices: Sequence[Choice],
    professionals: Sequence[Professional],
    names: Mapping[str, str],
) -> Sight:
    """Every line of the section for one document; `names` of relatives by their id."""
    authors = shelved.document.authors
    people = people_of(gate, authors, facts, choices, professionals, names)
    turned = with_mask(facts, masked=MASKED not in facts.codes)
    return Sight(
        people=people,
        professions=_professions(gate, facts),
        otherwise=people_of(gate, authors, turned, choices, professionals, names),
    )


def people_of(
    gate: Gate,
    authors: Sequence[Author],
    facts: DocumentFacts,
    choices: Sequence[Choice],
    professionals: Sequence[Professional],
    names: Mapping[str, str],
) -> tuple[Line, ...]:
    """Those whom the record knows, then who comes in an emergency; in the order of the page, which
    no mask and no hide changes."""
    return (
        _holder(gate, facts),
        *_family(gate, facts, choices, names),
        *_professionals(gate, authors, facts, choices, professionals),
        _in_emergency(gate, facts, "SAMU", "samu", SAMU),
        _in_emergency(gate, facts, "Autres professionnels de santé", "emergency", BREAK_GLASS),
    )


def with_mask(facts: DocumentFacts, *, masked: bool) -> DocumentFacts:
    """The same document as the patient's mask would leave it."""
    codes = tuple(code for code in facts.codes if code != MASKED)
    return structs.replace(facts, codes=(*codes, MASKED) if masked else codes or NORMAL_CODES)


def _line(
    gate: Gate,
    reader: Reader,
    facts: DocumentFacts,
    role: str,
    *,
    circumstances: Circumstances = NORMAL,
) -> Line:
    asked = replace(gate, reader=reader, circumstances=circumstances)
    decision = asked.may(AccessAction.OPEN, facts)
    yes = Answer.YES if circumstances is NORMAL else Answer.EMERGENCY
    return Line(
        answer=yes if decision.permitted else Answer.NO,
        who=reader.name,
        role=role,
        decision=decision,
        profession=reader.profession,
        assumed=_is_assumed(asked, facts),
    )


def _is_assumed(gate: Gate, facts: DocumentFacts) -> bool:
    return any(
        cell.status == PLACEHOLDER
        for column in columns(gate.reader)
        for cell in gate.grid.cells(column, facts.type, gate.now)
    )


def _holder(gate: Gate, facts: DocumentFacts) -> Line:
    reader = Reader(kind=ReaderKind.PATIENT, id=gate.patient.hex(), name="Vous")
    if gate.reader.kind is ReaderKind.REPRESENTATIVE:
        reader = replace(reader, name="Le titulaire")
    return _line(gate, reader, facts, "holder")


def _family(
    gate: Gate, facts: DocumentFacts, choices: Iterable[Choice], names: Mapping[str, str]
) -> list[Line]:
    readers = {
        Reader(kind=FAMILY[choice.kind], id=choice.target, name=names.get(choice.target, ""))
        for choice in choices
        if choice.kind in FAMILY
    }
    ordered = sorted(readers, key=lambda reader: (reader.kind, reader.name))
    return [_line(gate, reader, facts, reader.kind) for reader in ordered[:MAX_PEOPLE]]


def _professionals(
    gate: Gate,
    authors: Sequence[Author],
    facts: DocumentFacts,
    choices: Iterable[Choice],
    professionals: Sequence[Professional],
) -> list[Line]:
    """Treating doctor, depositor, then whoever the record knows by a choice, of his own or of a
    team he works for, by name."""
    treating = gate.record.treating.id if gate.record.treating else None
    known = _known(choices, professionals)
    roles: dict[str, str] = dict.fromkeys(known, "professional")
    roles.update(dict.fromkeys(facts.author, "depositor"))
    if treating:
        roles[treating] = "treating"
    directory = {one.id: professional_reader(one) for one in professionals}
    persons = {one.id: one for one in authors if one.kind == "person" and one.id}
    readers = []
    for person, role in roles.items():
        reader = directory.get(person)
        if reader is None and person in persons:
            reader = _author_reader(persons[person], facts.organisation)
        if reader is not None:
            readers.append((RANK[role], reader.name, reader, role))
    readers.sort(key=lambda one: one[:2])
    return [_line(gate, reader, facts, role) for _, _, reader, role in readers[:MAX_PEOPLE]]


def _known(choices: Iterable[Choice], professionals: Iterable[Professional]) -> set[str]:
    held = list(choices)
    teams = {choice.target for choice in held if choice.kind is ChoiceKind.CARE_TEAM}
    known = {choice.target for choice in held if choice.kind in KNOWN_BY}
    return known | {one.id for one in professionals if one.organization in teams}


def _author_reader(author: Author, organisation: str | None) -> Reader:
    """An author whom only the document knows: XDS authorSpecialty is `G15_10/SM26`."""
    return Reader(
        kind=ReaderKind.PROFESSIONAL,
        id=author.id,
        name=" ".join(name for name in (author.given, author.family) if name),
        profession=(author.specialty or "").partition("/")[0] or None,
        organisation=organisation,
        team=organisation,
    )


def emergency_gates(gate: Gate) -> tuple[Gate, ...]:
    """This record before a regulator of the SAMU and before a physician in an emergency, neither
    of whom the patient knows, where the patient lets them in now."""
    doors = (
        replace(gate, reader=_emergency_reader(""), circumstances=circumstances)
        for circumstances in (SAMU, BREAK_GLASS)
    )
    return tuple(one for one in doors if one.standing().permitted)


def _emergency_reader(name: str) -> Reader:
    return Reader(
        kind=ReaderKind.PROFESSIONAL, id=ANYBODY, name=name, profession=PHYSICIAN, centre15=True
    )


def _in_emergency(
    gate: Gate, facts: DocumentFacts, name: str, role: str, circumstances: Circumstances
) -> Line:
    return _line(gate, _emergency_reader(name), facts, role, circumstances=circumstances)


def _professions(gate: Gate, facts: DocumentFacts) -> tuple[Line, ...]:
    """Each profession as if the patient agreed to one of its members."""
    agreed = CareConsent(id=ANYBODY, to="professional")
    open_gate = replace(gate, record=replace(gate.record, consents=(agreed,), blocks=()))
    lines = []
    for code in gate.grid.professions():
        social = code.startswith("GENR")
        reader = Reader(
            kind=ReaderKind.PROFESSIONAL,
            id=ANYBODY,
            name=profession_name(code),
            profession=None if social else code,
            activity=code if social else None,
        )
        lines.append(replace(_line(open_gate, reader, facts, "profession"), profession=code))
    return tuple(lines)
