"""How much and how often, in words: UCUM as documents write it is nothing that people read."""

import re

from gateway.records.documents.fact import Fact

UNITS = {"{tablet}": "comprimé", "{capsule}": "gélule", "{dose}": "dose"}
UNITLESS = frozenset({"count", "{count}", "1"})
"""Of things that are counted; the words of the medicine say which."""
PERIODS = {
    "min": ("toutes les", "minutes"),
    "h": ("toutes les", "heures"),
    "d": ("tous les", "jours"),
    "wk": ("toutes les", "semaines"),
    "mo": ("tous les", "mois"),
}
ONCE = {
    "min": "chaque minute",
    "h": "chaque heure",
    "d": "chaque jour",
    "wk": "chaque semaine",
    "mo": "chaque mois",
}
BELOW_TWO = re.compile(r"[01](?:[.,]\d+)?")
"""French begins the plural at two."""
ANNOTATION = re.compile(r"\{([^{}]*)\}")


def posology(fact: Fact) -> str:
    """« 2 comprimés, toutes les 6 heures »; what is not known here stands as it was written."""
    often = ", ".join(_often(one) for one in fact.frequency.split(", ") if one)
    return ", ".join(part for part in (_much(fact.dose), often) if part)


def _much(dose: str) -> str:
    number, _, unit = dose.rpartition(" ")
    word = UNITS.get(unit)
    if unit in UNITLESS and number:
        return number
    if word is None:
        return ANNOTATION.sub(r"\1", dose)
    return f"{number} {word}" if BELOW_TWO.fullmatch(number) else f"{number} {word}s"


def _often(period: str) -> str:
    number, _, unit = period.partition(" ")
    if unit not in PERIODS:
        return period
    every, what = PERIODS[unit]
    return ONCE[unit] if number == "1" else f"{every} {number} {what}"
