"""Where the marks of a curve stand, for an SVG that is made here (PAGES rule 12).

Across they stand in hundredths of the width, down in pixels: so text keeps its size on a phone, and
no script measures anything. Shapes tell what colours tell: a disc, a triangle up or down for what
the laboratory flagged, a lozenge for another flag; not filled where the value is only a bound; a
ring around it where it is provisional. The laboratory's interval is a bar behind its own point.
"""

from collections.abc import Sequence

from gateway.flows.reading.coded.corrections import PROVISIONAL
from gateway.mapping.biology.analyses import Point, Series
from gateway.mapping.biology.values import Quantity
from gateway.vault.trends.plot import Chart, Mark, Scale, across, lines_of, path_of, scale_of

FAR = 3
"""How many times the spread of the values an interval may reach beyond them and still be shown
whole: one of 0 to 1,000,000 would make a line of them."""
SHAPES = {"H": "up", "HH": "up", "L": "down", "LL": "down", "N": "disc", "": "disc"}
SHAPE_WORDS = {
    "disc": "valeur",
    "up": "au-dessus de l'intervalle du laboratoire",
    "down": "en dessous de l'intervalle du laboratoire",
    "lozenge": "signalée par le laboratoire",
}


def chart_of(series: Series) -> Chart | None:
    """None for less than two numbers."""
    drawn = [(one, one.quantity) for one in reversed(series.points) if one.quantity is not None]
    if len(drawn) < 2:
        return None
    scale = _scale(drawn)
    places = across([one.placed.at for one, _ in drawn])
    marks = [_mark(*one, x, scale) for one, x in zip(drawn, places, strict=True)]
    return Chart(marks=marks, path=path_of(marks), lines=lines_of(scale), legend=_legend(marks))


def _legend(marks: Sequence[Mark]) -> list[tuple[str, str]]:
    used = {mark.shape for mark in marks}
    said = [(shape, words) for shape, words in SHAPE_WORDS.items() if shape in used]
    if any(mark.is_open for mark in marks):
        said.append(("open", "valeur donnée par < ou > (non remplie)"))
    if any(mark.is_provisional for mark in marks):
        said.append(("ring", "résultat provisoire (entouré)"))
    if any(mark.bar for mark in marks):
        said.append(("bar", "intervalle du laboratoire pour ce résultat"))
    return said


def _mark(point: Point, quantity: Quantity, x: float, scale: Scale) -> Mark:
    one = point.row
    return Mark(
        x=x,
        y=scale.y(float(quantity.number)),
        shape=SHAPES.get(one.flag.upper(), "lozenge"),
        is_open=bool(quantity.comparator),
        is_provisional=one.status in PROVISIONAL,
        bar=_bar(point, scale),
    )


def _bar(point: Point, scale: Scale) -> tuple[float, float] | None:
    if point.bounds is None:
        return None
    low, high = point.bounds
    return (
        scale.y(scale.high if high is None else float(high)),
        scale.y(scale.low if low is None else float(low)),
    )


def _scale(drawn: Sequence[tuple[Point, Quantity]]) -> Scale:
    """With the laboratory's intervals as far as they are near."""
    values = [float(quantity.number) for _, quantity in drawn]
    low, high = min(values), max(values)
    reach = FAR * ((high - low) or abs(high) / 2 or 1.0)
    bounds = [float(one) for point, _ in drawn for one in point.bounds or () if one is not None]
    return scale_of(values, [one for one in bounds if low - reach <= one <= high + reach])
