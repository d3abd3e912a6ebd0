"""Entries among the short lines of an emergency (EMG-01)."""

from collections.abc import Iterable, Mapping

from gateway.access.time import civil_date
from gateway.records.entries.around import Directives, TrustedPerson
from gateway.records.entries.content import days_of
from gateway.records.entries.entry import Entry, EntryState
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.medical import Allergy, Condition, ConditionCategory, Medication
from gateway.records.words import fold
from gateway.vault import words
from gateway.vault.document.urgent import Item, Subject, UrgentPage, cut
from gateway.vault.profile.options import LINKS, SEVERITIES

PROBLEMS, MEDICINES, ALLERGIES = "Problèmes de santé en cours", "Médicaments pris", "Allergies"
BLOOD, TRUSTED, DIRECTIVES = "Groupe sanguin", "Personne de confiance", "Directives anticipées"
SUBJECT_OF = {
    EntryKind.CONDITION: PROBLEMS,
    EntryKind.MEDICATION: MEDICINES,
    EntryKind.ALLERGY: ALLERGIES,
}


def with_entries(page: UrgentPage, entries: Iterable[Entry]) -> UrgentPage:
    """The same page with entries of the profile, which stand before what documents say; a document
    that says the same is not repeated."""
    found: dict[str, list[Item]] = {}
    said: dict[str, str] = {}
    for entry in entries:
        if entry.state is EntryState.ABSENT and entry.kind in SUBJECT_OF:
            said[SUBJECT_OF[entry.kind]] = f"Aucun, indiqué le {words.date_of(entry.written_at)}."
        elif (made := _item(entry)) is not None:
            found.setdefault(made[0], []).append(made[1])
    subjects = [_joined(one, found.get(one.title, []), said) for one in page.subjects]
    return UrgentPage(subjects=subjects, left=page.left)


def _joined(subject: Subject, own: list[Item], said: Mapping[str, str]) -> Subject:
    known = {fold(one.text) for one in own}
    rest = [one for one in (*subject.items, *subject.rest) if fold(one.text) not in known]
    return cut(subject.title, [*own, *rest], said.get(subject.title, subject.nothing))


def _item(entry: Entry) -> tuple[str, Item] | None:
    """What goes on, under its subject; None for what is over."""
    match entry.content:
        case Condition() as one if one.is_ongoing and not one.abatement:
            since = f"depuis {one.onset[:4]}" if one.onset else ""
            is_blood = one.category is ConditionCategory.BLOOD_GROUP
            return (BLOOD if is_blood else PROBLEMS), _said(entry, one.name, since)
        case Medication() as one if not _is_over(one.end, entry):
            return MEDICINES, _said(entry, one.name, one.dosage)
        case Allergy() as one:
            severity = f"gravité : {SEVERITIES[one.severity]}" if one.severity else ""
            more = ", ".join(part for part in (one.reaction, severity) if part)
            return ALLERGIES, _said(entry, one.substance, more)
        case TrustedPerson() as one:
            link = LINKS[one.link] if one.link else ""
            more = " · ".join(part for part in (link, one.phone, one.other_phone) if part)
            return TRUSTED, _said(entry, one.name, more)
        case Directives():
            return DIRECTIVES, _said(entry, "Directives écrites dans le profil médical", "")
        case _:
            return None


def _is_over(end: str, entry: Entry) -> bool:
    """An end that was foreseen is told as it was written."""
    days = days_of(end)
    return days is not None and days[1] <= civil_date(entry.written_at)


def _said(entry: Entry, text: str, more: str) -> Item:
    return Item(
        text=text,
        more=more,
        document=entry.source.document,
        source=f"profil, {words.date_of(entry.written_at)}",
    )
