"""Results in words: values with their units, the laboratory's own judgement and none of ours."""

from decimal import Decimal

from gateway.flows.reading.listing import fold_words
from gateway.mapping.biology.analyses import Analysis, Placed, Point, Series
from gateway.mapping.biology.values import MEASURED, Quantity, quantity_in, span_in
from gateway.records.documents.observation import Observation
from gateway.records.words import fold
from gateway.vault import words
from gateway.vault.document.results import value_words, when_words
from gateway.vault.document.units import unit_words

MAX_CHARACTERS = 160
"""Of a name or a text: the whole stands in the document."""
FLAGS = {
    "N": "dans l'intervalle du laboratoire",
    "L": "en dessous de l'intervalle du laboratoire",
    "LL": "très en dessous de l'intervalle du laboratoire",
    "H": "au-dessus de l'intervalle du laboratoire",
    "HH": "très au-dessus de l'intervalle du laboratoire",
}
COMPARATORS = {"": "", "<": "< ", "<=": "≤ ", ">": "> ", ">=": "≥ "}
HIGHER, LOWER, SAME = "plus haut", "plus bas", "pareil"
ARROWS = {HIGHER: "↗", LOWER: "↘", SAME: "→"}


def cut(text: str) -> str:
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS].rstrip()}…"


def name_of(analysis: Analysis) -> str:
    return cut(analysis.name) or "Analyse sans nom"


def agrees(analysis: Analysis, asked: str) -> bool:
    """Whether every word asked for begins one of the name's, whatever its accents."""
    names = f" {fold(analysis.name)}"
    return all(f" {word}" in names for word in fold_words(asked))


def when(placed: Placed) -> str:
    return when_words(placed.dated)


def day(placed: Placed) -> str:
    return words.day(placed.dated)


def number_words(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",").replace("-", "\N{MINUS SIGN}")


def with_unit(text: str, unit: str) -> str:
    said = cut(unit_words(unit))
    return f"{text}\N{NO-BREAK SPACE}{said}" if said else text


def value_of(point: Point, unit: str) -> str:
    """In the unit of its series; what is no number as its document shows it."""
    if point.quantity is None:
        return written(point.row)
    return with_unit(_number_said(point.quantity), unit)


def written(one: Observation) -> str:
    """In the laboratory's own unit."""
    quantity = quantity_in(one.value) if one.value_type in MEASURED else None
    said = value_words(one) if quantity is None else _number_said(quantity)
    return with_unit(cut(said), one.unit)


def range_of(one: Observation) -> str:
    """The laboratory's interval in its own unit: « 0,4 à 4,0 mUI/L »; words of it as they are."""
    span, bound = span_in(one.range), quantity_in(one.range)
    said = " à ".join(number_words(number) for number in span) if span else cut(one.range)
    if bound is not None:
        said = _number_said(bound)
    return with_unit(said, one.unit) if said else ""


def _number_said(quantity: Quantity) -> str:
    return COMPARATORS[quantity.comparator] + number_words(quantity.number)


def flag_of(one: Observation) -> str:
    flag = one.flag.upper()
    return FLAGS.get(flag) or cut(words.FLAG_WORDS.get(flag, one.flag))


def status_of(one: Observation) -> str:
    return words.RESULT_STATUS_WORDS.get(one.status, "")


def direction(later: Point, before: Point) -> str:
    """Of two plain numbers of a series; "" where one is no plain number."""
    one, other = _plain(later), _plain(before)
    if one is None or other is None:
        return ""
    if one == other:
        return SAME
    return HIGHER if one > other else LOWER


def _plain(point: Point) -> Decimal | None:
    quantity = point.quantity
    return None if quantity is None or quantity.comparator else quantity.number


def described(series: Series) -> str:
    """What the curve shows, in words: last, lowest, highest, direction (PAGES rule 12)."""
    newest, oldest = series.points[0], series.points[-1]
    count = words.plural(len(series.points), "valeur", "valeurs")
    first, last = day(oldest.placed), day(newest.placed)
    said = [f"{count}, du {first} au {last}" if first != last else f"{count}, le {last}"]
    said.append(f"Dernière valeur : {value_of(newest, series.unit)}, le {last}")
    plain = [(number, one) for one in series.points if (number := _plain(one)) is not None]
    if plain:
        _, lowest = min(plain, key=_first)
        _, highest = max(plain, key=_first)
        said.append(f"La plus basse : {value_of(lowest, series.unit)}, le {day(lowest.placed)}")
        said.append(f"La plus haute : {value_of(highest, series.unit)}, le {day(highest.placed)}")
    if len(series.points) > 1 and (way := direction(newest, series.points[1])):
        said.append(f"La dernière valeur est {SENTENCES[way]} la précédente")
    return ". ".join(said) + "."


SENTENCES = {HIGHER: "plus haute que", LOWER: "plus basse que", SAME: "la même que"}


def _first(one: tuple[Decimal, Point]) -> Decimal:
    return one[0]
