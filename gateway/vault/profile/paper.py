"""« Synthèse de mon profil médical » as a paper: the words of the pages, with who wrote each line
and when, for who reads it without them (VAULT PRO-05)."""

from collections.abc import Iterator, Sequence

from gateway.flows.attesting.make import names_of
from gateway.flows.measures.reading import Seen
from gateway.flows.synthesis.file import TITLE
from gateway.flows.synthesis.read import Synthesis
from gateway.mapping.files.pdf.tagged import (
    Block,
    Heading,
    Items,
    Paper,
    Paragraph,
    Table,
    tagged_pdf,
)
from gateway.mapping.measures.kinds import KINDS
from gateway.mapping.prevention.vaccines.recorded import valences_in
from gateway.mapping.prevention.vaccines.valences import titles_of
from gateway.records.entries.entry import Entry
from gateway.records.entries.immunization import Immunization
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.patient import PatientIdentity
from gateway.vault import words
from gateway.vault.measures.said import beside_of, source_of, value_of, when_of
from gateway.vault.measures.views import rows_of
from gateway.vault.profile.lines import line_of, writer_words
from gateway.vault.profile.rubriques import HEADINGS, Rubrique
from gateway.vault.profile.words import SEXES
from gateway.vault.vaccination.views import facts_of

ME = "le patient"
"""What the holder is called: who reads it is somebody else, mostly."""
NOTHING = "Non renseigné"
MEASURES = ("Mesure", "Dernière valeur", "Date", "Origine")
SHARES = (3, 3, 3, 4)
STANDS = (
    "Cette synthèse montre le profil médical du {at}. Elle ne se met pas à jour. Une rubrique non "
    "renseignée ne veut pas dire qu'il n'y a rien."
)


def synthesis_pdf(
    one: Synthesis, rubriques: Sequence[Rubrique], *, wording: str, with_ins: bool
) -> bytes:
    """Takes some time: PDFium is loaded for it."""
    return tagged_pdf(
        Paper(
            title=TITLE,
            made_at=one.at,
            foot=f"{names_of(one.identity)} · {words.date_of(one.at)}",
            blocks=tuple(_blocks(one, rubriques, wording, with_ins=with_ins)),
        )
    )


def _blocks(
    one: Synthesis, rubriques: Sequence[Rubrique], wording: str, *, with_ins: bool
) -> Iterator[Block]:
    yield Heading(TITLE)
    yield Items(tuple(_identity(one.identity, with_ins=with_ins)))
    yield Paragraph(STANDS.format(at=words.moment(one.at)))
    for rubrique in rubriques:
        yield Heading(rubrique.words(wording), 2)
        if EntryKind.MEASURE in rubrique.kinds:
            yield _measures(one)
            continue
        for kind in rubrique.kinds:
            if several := len(rubrique.kinds) > 1:
                yield Heading(HEADINGS[kind], 3)
            yield from _entries(one, kind, level=3 + several)


def _identity(one: PatientIdentity, *, with_ins: bool) -> Iterator[str]:
    yield f"Nom de naissance : {one.birth_family or 'inconnu'}"
    if one.used_family:
        yield f"Nom utilisé : {one.used_family}"
    yield f"Prénoms : {one.birth_givens or one.birth_given or 'inconnus'}"
    born = words.day(one.birth_date) if one.birth_date else "inconnue"
    yield f"Date de naissance : {born}"
    yield f"Sexe : {SEXES.get(one.sex or '', 'inconnu')}"
    if with_ins:
        yield f"INS : {one.ins or 'inconnu'}"


def _entries(one: Synthesis, kind: EntryKind, *, level: int) -> Iterator[Block]:
    kept = one.listed.of(kind)
    if not kept:
        absent = (entry for entry in one.listed.absent if entry.kind is kind)
        yield Paragraph(next((_none(entry) for entry in absent), NOTHING))
    for entry in kept:
        line = line_of(entry, ME)
        yield Heading(line.title, level)
        yield Items((*(f"{name} : {said}" for name, said in _facts(entry)), *_said(entry)))


def _none(entry: Entry) -> str:
    return (
        f"Aucun, indiqué par {writer_words(entry.writer, ME)} le {words.date_of(entry.written_at)}"
    )


def _facts(entry: Entry) -> tuple[tuple[str, str], ...]:
    one = entry.content
    if not isinstance(one, Immunization):
        return line_of(entry, ME).facts
    against = ", ".join(titles_of(valences_in(one)))
    warned = (("Contre-indication", "oui"),) if one.contraindicated else ()
    valences = (("Valences", against),) if against else ()
    return (("Date", words.day(one.date)), *warned, *valences, *facts_of(one))


def _said(entry: Entry) -> Iterator[str]:
    """Who wrote it, and what was said of it since."""
    line = line_of(entry, ME)
    yield f"Par {line.by}, le {words.moment(line.written_at)}"
    if line.confirmed:
        yield f"Confirmé par {line.confirmed}"
    if line.disagreement:
        yield f"Le patient n'est pas d'accord : {line.disagreement}"


def _measures(one: Synthesis) -> Block:
    rows = tuple(_last(one.measures))
    return Table(MEASURES, rows, SHARES) if rows else Paragraph(NOTHING)


def _last(seen: Seen) -> Iterator[tuple[str, ...]]:
    """The last of each kind."""
    for kind in KINDS:
        if kind.is_computed:
            for row in rows_of(seen, kind, most=1):
                yield kind.label, row.value, row.when, row.source
            continue
        for entry, taken in seen.of(kind.code)[:1]:
            value = ", ".join((value_of(taken), *beside_of(taken)))
            yield kind.label, value, when_of(taken), source_of(entry, own=False)
