"""What every curve made here is drawn of: a scale, marks, the lines between them (PAGES rule 12).

Across they stand in hundredths of the width, down in pixels: so text keeps its size on a phone, and
no script measures anything. Shapes tell what colours tell.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from gateway.vault.trends.said import number_words

HEIGHT, TOP, BOTTOM = 232, 24, 220
LEFT, RIGHT = 20.0, 95.0
MOST_LINES = 5
Part = tuple[float, float, float, float]
"""From x, y to x, y."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`bar` is the top and the bottom of what stands behind it: a laboratory's interval."""

    x: float
    y: float
    shape: str
    is_open: bool = False
    is_provisional: bool = False
    bar: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A line beside the marks: `parts` x, y, x, y; its `label` stands at `end`, "" for no room."""

    label: str
    is_main: bool
    parts: list[Part]
    end: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`lines` are the steps of the scale with their words; `path` the lines between neighbouring
    marks. `marks` in the order of time; `legend` shapes in use and what they say; `steps` are
    words along the lower edge."""

    marks: list[Mark]
    path: list[Part]
    lines: list[tuple[float, str]]
    legend: list[tuple[str, str]]
    curves: list[Curve] = field(default_factory=list)
    steps: list[tuple[float, str]] = field(default_factory=list)
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Scale:
    """From a number to pixels; what is beyond stands at the edge."""

    low: float
    high: float

    def y(self, number: float) -> float:
        part = (number - self.low) / (self.high - self.low)
        return round(BOTTOM - min(max(part, 0.0), 1.0) * (BOTTOM - TOP), 1)


def scale_of(values: Sequence[float], beside: Sequence[float] = ()) -> Scale:
    """With room around the values, and around what else is to be seen."""
    low, high = min(values), max(values)
    spread = (high - low) or abs(high) / 2 or 1.0
    low, high = min([low, *beside]), max([high, *beside])
    room = (high - low or spread) * 0.08
    floor = 0.0 if low >= 0 else low - room
    return Scale(max(low - room, floor), high + room)


def path_of(marks: Sequence[Mark]) -> list[Part]:
    return [(a.x, a.y, b.x, b.y) for a, b in pairwise(marks) if not a.is_open and not b.is_open]


def across(times: Sequence[datetime]) -> list[float]:
    """By time; all in the middle where they are of one moment."""
    first, span = times[0], (times[-1] - times[0]).total_seconds()
    if not span:
        return [round((LEFT + RIGHT) / 2, 2)] * len(times)
    wide = RIGHT - LEFT
    return [round(LEFT + wide * (one - first).total_seconds() / span, 2) for one in times]


def lines_of(scale: Scale) -> list[tuple[float, str]]:
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
