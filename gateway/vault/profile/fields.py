"""The forms of the profile: a table of fields a kind, and what stands in them as a content."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, get_args, get_type_hints

from msgspec import structs

from gateway.mapping.entries.faults import Fault, Wrong
from gateway.records.entries.content import EntryContent
from gateway.records.entries.kind import KINDS, EntryKind
from gateway.records.numbers import whole
from gateway.vault.days import read_day
from gateway.vault.profile.options import (
    ALLERGIES,
    CATEGORIES,
    GROUPS,
    LANGUAGES,
    LINKS,
    RELATIONS,
    SEVERITIES,
    WISHES,
    Options,
)


class Shape(StrEnum):
    TEXT = "text"
    DATE = "date"
    """As far as it is known."""
    AREA = "area"
    CHOICE = "choice"
    TICK = "tick"
    NUMBER = "number"
    TEL = "tel"
    EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOf:
    """`name` is the form's, `attribute` the content's."""

    name: str
    attribute: str
    label: str
    shape: Shape = Shape.TEXT
    options: Options | None = None
    hint: str = ""
    needed: bool = False

    def said(self, value: object) -> str:
        """A value as it is shown; "" where there is none."""
        if self.options is not None:
            return self.options.get(value, "") if isinstance(value, Enum) else ""
        if self.shape is Shape.TICK:
            return "oui" if value else "non"
        return "" if value is None else str(value)


NUMBER = re.compile(r"\d{1,4}", re.ASCII)
PARTLY = "Une année, un mois ou un jour : 2010, 05/2010 ou 12/05/2010"
COMMENT = FieldOf(
    name="commentaire",
    attribute="comment",
    label="Commentaire",
    shape=Shape.AREA,
    hint="3\u00a0000 caractères au plus",
)
REACHED = (
    FieldOf(name="lien", attribute="link", label="Lien", shape=Shape.CHOICE, options=LINKS),
    FieldOf(
        name="telephone",
        attribute="phone",
        label="Téléphone",
        shape=Shape.TEL,
        hint="L'un des deux téléphones est nécessaire",
    ),
    FieldOf(name="telephone2", attribute="other_phone", label="Autre téléphone", shape=Shape.TEL),
    FieldOf(name="email", attribute="email", label="E-mail", shape=Shape.EMAIL),
    FieldOf(name="adresse", attribute="address", label="Adresse"),
)


def _date(name: str, attribute: str, label: str) -> FieldOf:
    return FieldOf(name=name, attribute=attribute, label=label, shape=Shape.DATE, hint=PARTLY)


def _needed(name: str, attribute: str, label: str, hint: str = "") -> FieldOf:
    return FieldOf(name=name, attribute=attribute, label=label, hint=hint, needed=True)


def _choice(
    name: str, attribute: str, label: str, options: Options, *, needed: bool = False
) -> FieldOf:
    return FieldOf(
        name=name,
        attribute=attribute,
        label=label,
        shape=Shape.CHOICE,
        options=options,
        needed=needed,
    )


def _tick(name: str, attribute: str, label: str, *, needed: bool = False) -> FieldOf:
    return FieldOf(name=name, attribute=attribute, label=label, shape=Shape.TICK, needed=needed)


def _text(name: str, attribute: str, label: str, hint: str = "") -> FieldOf:
    return FieldOf(name=name, attribute=attribute, label=label, hint=hint)


FORMS: Mapping[EntryKind, tuple[FieldOf, ...]] = {
    EntryKind.CONDITION: (
        _needed("nom", "name", "Nom", "Par exemple : Asthme"),
        _choice("sorte", "category", "Sujet", CATEGORIES, needed=True),
        _date("debut", "onset", "Début"),
        _date("fin", "abatement", "Fin"),
        _tick("en_cours", "is_ongoing", "En cours"),
        COMMENT,
    ),
    EntryKind.ALLERGY: (
        _needed("substance", "substance", "Substance", "Par exemple : Pénicilline"),
        _choice("sorte", "category", "Genre", ALLERGIES),
        _text("reaction", "reaction", "Réaction"),
        _choice("gravite", "severity", "Gravité", SEVERITIES),
        _date("debut", "onset", "Début"),
        COMMENT,
    ),
    EntryKind.MEDICATION: (
        _needed("nom", "name", "Nom", "Par exemple : Ventoline"),
        FieldOf(name="posologie", attribute="dosage", label="Posologie", shape=Shape.AREA),
        _date("debut", "start", "Début"),
        _date("fin", "end", "Fin"),
        _text("motif", "reason", "Motif"),
        FieldOf(name="effets", attribute="effects", label="Effets ressentis", shape=Shape.AREA),
        _text("prescripteur", "prescriber", "Prescripteur"),
        COMMENT,
    ),
    EntryKind.HOSPITALISATION: (
        _needed("intitule", "title", "Intitulé", "Par exemple : Appendicectomie"),
        _date("entree", "admitted", "Entrée"),
        _date("sortie", "discharged", "Sortie"),
        _text("etablissement", "place", "Établissement"),
        _text("acte", "act", "Acte", "Code CCAM, s'il est connu"),
        COMMENT,
    ),
    EntryKind.FAMILY_HISTORY: (
        _choice("lien", "relation", "Lien", RELATIONS, needed=True),
        _needed("maladie", "name", "Maladie"),
        FieldOf(
            name="age",
            attribute="age",
            label="Âge au début de la maladie",
            shape=Shape.NUMBER,
            hint="En années",
        ),
        COMMENT,
    ),
    EntryKind.CONTACT: (
        _choice("sorte", "group", "Contact", GROUPS, needed=True),
        _needed("nom", "name", "Nom"),
        *REACHED,
        _text("profession", "profession", "Profession", "D'un professionnel qui me suit"),
        COMMENT,
    ),
    EntryKind.TRUSTED_PERSON: (
        _needed("nom", "name", "Nom"),
        *REACHED,
        _date("accord", "accepted", "Date de son accord"),
        COMMENT,
    ),
    EntryKind.DIRECTIVES: (
        FieldOf(
            name="texte",
            attribute="text",
            label="Texte des directives anticipées",
            shape=Shape.AREA,
            needed=True,
        ),
        _date("date", "signed", "Date de signature"),
    ),
    EntryKind.ORGAN_DONATION: (
        _tick(
            "connaissance",
            "is_informed",
            "J'ai pris connaissance des règles du don d'organes",
            needed=True,
        ),
        _choice("souhait", "wish", "Souhait", WISHES),
        COMMENT,
    ),
    EntryKind.ABOUT_ME: (
        _choice("langue", "language", "Langue préférée", LANGUAGES, needed=True),
        _tick("falc", "easy_to_read", "J'ai besoin de textes faciles à lire et à comprendre"),
        _tick("interprete", "interpreter", "J'ai besoin d'un interprète"),
    ),
}


def filled_of(kind: EntryKind, content: EntryContent) -> dict[str, str]:
    """The values of a form that shows this content."""
    return {one.name: _shown(one, getattr(content, one.attribute)) for one in FORMS[kind]}


def _shown(field: FieldOf, value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if field.shape is Shape.TICK:
        return "oui" if value else ""
    return "" if value is None else str(value)


def content_of(
    kind: EntryKind, filled: Mapping[str, str], before: EntryContent | None = None
) -> EntryContent | tuple[Fault, ...]:
    """What a form says, over what stood there; faults where it cannot be said. A code that somebody
    knew goes with the name that it was for."""
    hints = get_type_hints(KINDS[kind].content)
    values: dict[str, Any] = {}
    faults = []
    for one in FORMS[kind]:
        text = filled.get(one.name, "").strip()
        value = _read(one, text, hints[one.attribute])
        if one.needed and not text:
            value = Wrong.MISSING
        if isinstance(value, Wrong):
            faults.append(Fault(one.attribute, value))
        else:
            values[one.attribute] = value
    if faults:
        return tuple(faults)
    if before is None:
        return KINDS[kind].content(**values)
    for named in ("name", "substance"):
        if named in values and hasattr(before, "code") and values[named] != getattr(before, named):
            values |= {"code": None, "system": None}
    return structs.replace(before, **values)


def _read(field: FieldOf, text: str, hint: Any) -> Any:  # one of the types of a content
    match field.shape:
        case Shape.TICK:
            return text == "oui"
        case Shape.DATE:
            return iso_of(text)
        case Shape.NUMBER:
            if not text:
                return None
            found = whole(text)
            return Wrong.OUT_OF_RANGE if found is None else found
        case Shape.CHOICE:
            return _chosen(field, text, hint)
        case _:
            return text


def _chosen(field: FieldOf, text: str, hint: Any) -> Any:  # a member of its list, or None
    if not text and not field.needed:
        return None
    kinds = [one for one in (hint, *get_args(hint)) if isinstance(one, type)]
    try:
        return next(one for one in kinds if issubclass(one, Enum))(text)
    except ValueError:
        return Wrong.UNKNOWN if text else Wrong.MISSING


def iso_of(text: str) -> str:
    """A day, `05/2010` or a year as ISO says it; what is none stays as it came."""
    month, _, year = text.partition("/")
    if year.isdigit() and len(year) == 4 and len(month) in (1, 2):
        return f"{year}-{month.zfill(2)}"
    day = read_day(text)
    return day.isoformat() if day else text
