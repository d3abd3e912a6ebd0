"""Measures in words: values with their units, where they come from, and no judgement of ours."""

from collections.abc import Sequence
from decimal import Decimal

from gateway.access.professions import profession_name
from gateway.mapping.measures.judged import Wrong, WrongPart
from gateway.mapping.measures.kinds import MOMENTS, Kind, Span
from gateway.mapping.measures.made import was_converted
from gateway.records.entries.entry import Entry, WriterRole
from gateway.records.entries.measure import Measure
from gateway.vault import words
from gateway.vault.document.units import UNITLESS, unit_words
from gateway.vault.trends.said import number_words

UNITS = {"1/(24.h)": "pas par jour", "{score}": "sur 10", "cm[Hg]": "cmHg", "/min": "par minute"}
NUMBER = "Saisissez un nombre, par exemple 12,5."
WHOLE = "Saisissez un nombre entier, par exemple 4."
PAIR = "Saisissez deux nombres, par exemple 13/8."
OUTSIDE = "Cette valeur est hors des limites ({low} à {high}{unit}). Vérifiez-la."
ORDER = "Le premier nombre (systolique) doit être plus grand que le second (diastolique)."
UNIT = "Choisissez une unité de la liste."
COMPUTED = "L'indice de masse corporelle est calculé : saisissez le poids et la taille."
CHOOSE = "Choisissez une mesure."
GIVE_DATE = "Donnez la date et l'heure de la mesure."
NOT_IN_LIFE = "La date doit être entre la naissance et maintenant."
COMMENT_TOO_LONG = "Le commentaire compte 3\u00a0000 caractères au plus."
REASON_TOO_LONG = "La raison compte 3\u00a0000 caractères au plus."
DAYS = "Indiquez le nombre de jours, de 1 à 366."
TARGET = "Saisissez un objectif entre 3 et 25 %, par exemple 7, ou laissez vide."
WEEKS = "Saisissez un nombre de semaines, de 22 à 36, ou laissez vide."
STALE = "Cette mesure a changé entre-temps : rien n'a été fait. Rouvrez la page."
NOT_OWN = (
    "Vous ne pouvez pas modifier cette mesure : elle a été ajoutée par un professionnel de santé, "
    "une application ou un document. Vous pouvez la masquer."
)
NOT_SENT = "Ce formulaire n'est plus complet. Rouvrez la page et recommencez."
SOMEBODY = "auteur non nommé"
NO_VALUE = "Aucune valeur. Ajoutez la première."
NO_REFERENCE = "Aucune courbe de référence installée"
TALK = "Parlez-en au médecin : cette page ne juge aucune valeur."
DONE = {
    "ajoute": "Mesure ajoutée",
    "modifie": "Mesure corrigée",
    "supprime": "Mesure supprimée",
    "masque": "Mesure masquée",
    "visible": "Mesure visible",
    "retire": "Mesure retirée",
    "choix": "Choix enregistrés",
}
ROLES = {
    WriterRole.REPRESENTATIVE: "représentant légal",
    WriterRole.CAREGIVER: "proche aidant",
    WriterRole.APPLICATION: "application",
}


def units_said(unit: str) -> str:
    return UNITS.get(unit) or unit_words(unit)


def of_numbers(numbers: Sequence[Decimal], unit: str) -> str:
    """« 130/80 mmHg », « 12,5 kg »."""
    said = "/".join(number_words(one) for one in numbers)
    told = units_said(unit)
    return f"{said}\N{NO-BREAK SPACE}{told}" if told else said


def numbers_of(one: Measure) -> tuple[Decimal, ...]:
    return tuple(Decimal(text) for text in (one.value, one.value2) if text)


def value_of(one: Measure) -> str:
    return of_numbers(numbers_of(one), one.unit)


def sent_of(one: Measure) -> str:
    """What came, where another number is shown (MEA-02); else ""."""
    if not was_converted(one):
        return ""
    sent = tuple(Decimal(text) for text in (one.sent_value, one.sent_value2) if text)
    return of_numbers(sent, one.sent_unit)


def when_of(one: Measure) -> str:
    return words.day(one.time.date().isoformat()) if one.is_day else words.moment(one.time)


def iso_of(one: Measure) -> str:
    return one.time.date().isoformat() if one.is_day else one.time.isoformat()


def beside_of(one: Measure) -> list[str]:
    """Moment and number of days, where it has them."""
    said = [MOMENTS.get(one.moment, "")]
    if one.days:
        said.append(f"sur {words.plural(one.days, 'jour', 'jours')}")
    return [text for text in said if text]


def source_of(entry: Entry, *, own: bool) -> str:
    """« saisie par vous », « Dr Roux, Médecin », « GlycoSuivi, application »; `own`: its reader is
    the holder."""
    writer = entry.writer
    match writer.role:
        case WriterRole.SELF:
            return "saisie par vous" if own else "saisie par le titulaire"
        case WriterRole.DOCUMENT:
            return f"document de {writer.name or writer.organization_name or SOMEBODY}"
        case WriterRole.PROFESSIONAL:
            profession = profession_name(writer.profession) if writer.profession else ""
            return ", ".join(part for part in (writer.name, profession) if part)
        case _:
            return ", ".join(part for part in (writer.name, ROLES[writer.role]) if part)


def wrong_words(kind: Kind, wrong: WrongPart) -> str:
    match wrong.wrong:
        case Wrong.COMPUTED:
            return COMPUTED
        case Wrong.NOT_A_NUMBER:
            return PAIR if kind.is_pair else NUMBER
        case Wrong.NOT_A_PAIR:
            return PAIR
        case Wrong.UNIT:
            return UNIT
        case Wrong.NOT_WHOLE:
            return WHOLE
        case Wrong.ORDER:
            return ORDER
        case Wrong.OUTSIDE:
            span = kind.bounds[wrong.part]
            return OUTSIDE.format(
                low=number_words(span.low), high=number_words(span.high), unit=_after(kind)
            )


def bounds_said(kind: Kind) -> str:
    """« de 0,2 à 500 kg »; of a pair both."""
    return ", puis ".join(_span(span) for span in kind.bounds) + _after(kind)


def _span(span: Span) -> str:
    return f"de {number_words(span.low)} à {number_words(span.high)}"


def _after(kind: Kind) -> str:
    """The unit; a score says none, for its bounds do."""
    said = "" if kind.unit in UNITLESS else units_said(kind.unit)
    return f"\N{NO-BREAK SPACE}{said}" if said else ""
