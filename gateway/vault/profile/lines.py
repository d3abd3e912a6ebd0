"""Entries as pages show them: what was written, by whom and when (PRO-03)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gateway.access.professions import profession_name
from gateway.records.entries.content import EntryContent
from gateway.records.entries.entry import Entry, EntryState, Word, Writer, WriterRole
from gateway.records.entries.kind import EntryKind
from gateway.vault import words
from gateway.vault.profile.fields import FORMS, Shape
from gateway.vault.profile.words import ROLES

TITLES = {
    EntryKind.CONDITION: "name",
    EntryKind.ALLERGY: "substance",
    EntryKind.MEDICATION: "name",
    EntryKind.HOSPITALISATION: "title",
    EntryKind.FAMILY_HISTORY: "name",
    EntryKind.CONTACT: "name",
    EntryKind.TRUSTED_PERSON: "name",
    EntryKind.IMMUNIZATION: "vaccine",
}
"""The field that names an entry; others are named by their kind."""
FIXED = {
    EntryKind.DIRECTIVES: "Directives anticipées",
    EntryKind.ORGAN_DONATION: "Don d'organes",
    EntryKind.ABOUT_ME: "Mes informations",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`facts` are label and words; `by` says who wrote it, `confirmed` and `disagreement` what was
    said of it since. `written_at` is that of the present version."""

    id: str
    title: str
    facts: tuple[tuple[str, str], ...]
    by: str
    written_at: datetime
    state: EntryState
    version: int
    document: str
    confirmed: str
    disagreement: str

    @property
    def masked(self) -> bool:
        return self.state is EntryState.HIDDEN


def line_of(entry: Entry, me: str) -> Line:
    """`me` is what the holder of the record is called."""
    return Line(
        id=entry.id,
        title=title_of(entry),
        facts=tuple(_facts(entry)),
        by=writer_words(entry.writer, me),
        written_at=entry.written_at,
        state=entry.state,
        version=entry.version,
        document=entry.source.document,
        confirmed=_said(entry.confirmed, me),
        disagreement=entry.disagreement.text if entry.disagreement else "",
    )


def title_of(entry: Entry) -> str:
    named = TITLES.get(entry.kind)
    if named is None or entry.content is None:
        return FIXED.get(entry.kind, "")
    return str(getattr(entry.content, named))


def writer_words(writer: Writer, me: str) -> str:
    """« vous », « Dr Roux, Médecin, Cabinet des Tilleuls, complété avec Ana »."""
    if writer.role is WriterRole.DOCUMENT:
        parts = ["lu dans un document"]
    elif writer.role is WriterRole.SELF:
        parts = [me]
    else:
        role = ROLES.get(writer.role) or profession_name(writer.profession)
        parts = [writer.name, role, writer.organization_name or ""]
    if writer.filled_with:
        parts.append(f"complété avec {writer.filled_with}")
    return ", ".join(part for part in parts if part)


def _said(word: Word | None, me: str) -> str:
    return f"{writer_words(word.by, me)}, le {words.date_of(word.at)}" if word else ""


def _facts(entry: Entry) -> Iterable[tuple[str, str]]:
    content = entry.content
    if content is None:
        return
    for one in FORMS.get(entry.kind, ()):
        value = getattr(content, one.attribute)
        is_title = TITLES.get(entry.kind) == one.attribute
        if is_title or not value or _goes_without_saying(content, one.attribute):
            continue
        said = words.day(value) if one.shape is Shape.DATE else one.said(value)
        yield one.label, said


def _goes_without_saying(content: EntryContent, attribute: str) -> bool:
    """« Maladie » under « Maladies », « en cours » of what has an end."""
    value = getattr(content, attribute)
    if attribute == "category":
        return str(value) == "condition"
    return attribute == "is_ongoing" and bool(getattr(content, "abatement", ""))
