"""The coded data of a document in words: what its author coded, kind by kind, with its place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gateway.mapping.cda.markup import anchor
from gateway.records.documents.fact import Coded, Fact, FactKind, FactStatus
from gateway.vault import words
from gateway.vault.document.posology import posology

KINDS = {
    FactKind.PROBLEM: "Maladies et problèmes",
    FactKind.ALLERGY: "Allergies",
    FactKind.MEDICATION: "Traitements",
    FactKind.IMMUNIZATION: "Vaccinations",
    FactKind.PROCEDURE: "Actes",
    FactKind.DEVICE: "Dispositifs médicaux",
    FactKind.FAMILY_HISTORY: "Antécédents familiaux",
    FactKind.ENCOUNTER: "Séjours et consultations",
}
STATES = {
    FactStatus.ACTIVE: "en cours",
    FactStatus.INACTIVE: "terminé",
    FactStatus.COMPLETED: "fait",
    FactStatus.INTENDED: "prévu",
    FactStatus.STOPPED: "arrêté",
    FactStatus.REFUSED: "non fait",
    FactStatus.UNKNOWN: "",
}
COMPLETED = {
    FactKind.MEDICATION: "terminé",
    FactKind.ENCOUNTER: "terminé",
    FactKind.DEVICE: "fourni",
}
ABSENT = "recherché, non trouvé"
NO_STATE = "sans objet"
"""Of « Pas d'allergie connue »."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedRow:
    """`anchor` is the id of its text in the narrative above, "" where it has none."""

    text: str
    state: str
    when: str
    details: tuple[str, ...]
    section: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedGroup:
    words: str
    rows: tuple[CodedRow, ...]


def coded_groups(facts: Sequence[Fact]) -> list[CodedGroup]:
    """In the order of KINDS; each kind in the order of the document."""
    found = ((said, [one for one in facts if one.kind is kind]) for kind, said in KINDS.items())
    return [CodedGroup(words=said, rows=tuple(map(_row, rows))) for said, rows in found if rows]


def _row(fact: Fact) -> CodedRow:
    return CodedRow(
        text=fact.what.text or fact.what.code,
        state=_state(fact),
        when=_when(fact),
        details=tuple(_details(fact)),
        section=fact.where.section_title,
        anchor=anchor(fact.where.anchor) if fact.where.words else "",
    )


def _state(fact: Fact) -> str:
    if fact.says_none:
        return NO_STATE
    if fact.negated:
        return ABSENT
    if fact.status is FactStatus.COMPLETED:
        return COMPLETED.get(fact.kind, STATES[fact.status])
    return STATES[fact.status]


def _when(fact: Fact) -> str:
    """« 12 mars 2026 », « du … au … », « depuis … » for what goes on."""
    start, stop = words.day(fact.start), words.day(fact.stop)
    if start and stop:
        whole = _is_day(start) and _is_day(stop)
        return f"du {start} au {stop}" if whole else f"de {start} à {stop}"
    if start and fact.status is FactStatus.ACTIVE:
        return f"depuis {'le ' * _is_day(start)}{start}"
    if stop:
        return f"jusqu'au {stop}" if _is_day(stop) else f"jusqu'en {stop}"
    return start


def _is_day(said: str) -> bool:
    """« 12 mars 2026 », not « mars 2026 » or « 2026 »."""
    return said.count(" ") == 2


def _details(fact: Fact) -> Iterator[str]:
    """What else is said, each as « Mot : valeur »; the narrative's own words where they differ."""
    if fact.where.words and fact.where.words != fact.what.text:
        yield f"Dans le texte : {fact.where.words}"
    said: tuple[tuple[str, str], ...] = (
        ("Lien", fact.relation.text),
        ("Nature", fact.kind_of.text),
        ("Gravité", fact.severity.text),
        ("Certitude", fact.certainty.text),
        ("Réactions", _joined(fact.reactions)),
        ("Posologie", posology(fact)),
        ("Dose", "" if fact.rank is None else f"n° {fact.rank}"),
        ("Lot", fact.lot),
        ("Voie", fact.route.text),
        ("Site", fact.site.text),
        ("Motif", _joined(fact.reasons)),
        ("Par", fact.performer),
        ("Lieu", fact.place),
        ("Commentaire", fact.comment),
        ("Auteur de cette donnée", fact.where.author),
    )
    yield from (f"{name} : {value}" for name, value in said if value)


def _joined(codes: Iterable[Coded]) -> str:
    return ", ".join(one.text or one.code for one in codes)
