"""Where the marks of a curve stand, for an SVG that is made here (PAGES rule 12).

Across they stand in hundredths of the width, down in pixels: so text keeps its size on a phone, and
no script measures anything. Shapes tell what colours tell: a disc, a triangle up or down for what
the laboratory flagged, a lozenge for another flag; not filled where the value is only a bound; a
ring around it where it is provisional. The laboratory's interval is a bar behind its own point.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from gateway.flows.reading.coded.corrections import PROVISIONAL
from gateway.mapping.biology.analyses import Point, Series
from gateway.mapping.biology.values import Quantity
from gateway.vault.trends.said import number_words

HEIGHT, TOP, BOTTOM = 232, 24, 220
LEFT, RIGHT = 20.0, 95.0
MOST_LINES = 5
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`bar` is the top and the bottom of the laboratory's interval."""

    x: float
    y: float
    shape: str
    is_open: bool
    is_provisional: bool
    bar: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`lines` are the steps of the scale with their words; `path` the lines between neighbouring
    plain numbers: x, y, x, y. `marks` in the order of time."""

    marks: list[Mark]
    path: list[tuple[float, float, float, float]]
    lines: list[tuple[float, str]]
    height: int = HEIGHT

    @property
    def legend(self) -> list[tuple[str, str]]:
        """Shapes in use and what they say."""
        used = {mark.shape for mark in self.marks}
        said = [(shape, words) for shape, words in SHAPE_WORDS.items() if shape in used]
        if any(mark.is_open for mark in self.marks):
            said.append(("open", "valeur donnée par < ou > (non remplie)"))
        if any(mark.is_provisional for mark in self.marks):
            said.append(("ring", "résultat provisoire (entouré)"))
        if any(mark.bar for mark in self.marks):
            said.append(("bar", "intervalle du laboratoire pour ce résultat"))
        return said


@dataclass(frozen=True, slots=True)
class Scale:
    """From a number to pixels; what is beyond stands at the edge."""

    low: float
    high: float

    def y(self, number: float) -> float:
        part = (number - self.low) / (self.high - self.low)
        return round(BOTTOM - min(max(part, 0.0), 1.0) * (BOTTOM - TOP), 1)


def chart_of(series: Series) -> Chart | None:
    """None for less than two numbers."""
    drawn = [(one, one.quantity) for one in reversed(series.points) if one.quantity is not None]
    if len(drawn) < 2:
        return None
    scale = _scale(drawn)
    across = _across([one.placed.at for one, _ in drawn])
    marks = [_mark(*one, x, scale) for one, x in zip(drawn, across, strict=True)]
    return Chart(marks=marks, path=_path(marks), lines=_lines(scale))


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


def _path(marks: Sequence[Mark]) -> list[tuple[float, float, float, float]]:
    return [(a.x, a.y, b.x, b.y) for a, b in pairwise(marks) if not a.is_open and not b.is_open]


def _across(times: Sequence[datetime]) -> list[float]:
    """By time; all in the middle where they are of one moment."""
    first, span = times[0], (times[-1] - times[0]).total_seconds()
    if not span:
        return [round((LEFT + RIGHT) / 2, 2)] * len(times)
    wide = RIGHT - LEFT
    return [round(LEFT + wide * (one - first).total_seconds() / span, 2) for one in times]


def _scale(drawn: Sequence[tuple[Point, Quantity]]) -> Scale:
    values = [float(quantity.number) for _, quantity in drawn]
    low, high = min(values), max(values)
    spread = (high - low) or abs(high) / 2 or 1.0
    reach = FAR * spread
    bounds = [float(one) for point, _ in drawn for one in point.bounds or () if one is not None]
    near = [one for one in bounds if low - reach <= one <= high + reach]
    low, high = min([low, *near]), max([high, *near])
    room = (high - low or spread) * 0.08
    floor = 0.0 if low >= 0 else low - room
    return Scale(max(low - room, floor), high + room)


def _lines(scale: Scale) -> list[tuple[float, str]]:
    """Round numbers between the ends, at most MOST_LINES."""
    step = _step((scale.high - scale.low) / MOST_LINES)
    first = math.ceil(scale.low / float(step))
    last = math.floor(scale.high / float(step))
    numbers = [step * n for n in range(first, last + 1)]
    return [(scale.y(float(one)), number_words(one)) for one in numbers]


def _step(least: float) -> Decimal:
    """1, 2 or 5 of a power of ten, no smaller than this."""
    power = Decimal(10) ** math.floor(math.log10(least))
    step = next(n for n in (1, 2, 5, 10) if n * float(power) >= least * (1 - 1e-9))
    return Decimal(f"{(step * power).normalize():f}")
