"""The curve of a measure and that of a growth chart: points, and lines of a reference (MEA-05, 06).

A tension is drawn as a pair: a disc above, a lozenge below, a bar between them.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from gateway.mapping.growth.charts import Line
from gateway.vault.trends.plot import (
    LEFT,
    RIGHT,
    Chart,
    Curve,
    Mark,
    Scale,
    across,
    lines_of,
    path_of,
    scale_of,
)
from gateway.vault.trends.said import number_words

HIGH, LOW = "disc", "lozenge"
PAIR_LEGEND = [(HIGH, "systolique"), (LOW, "diastolique"), ("bar", "les deux nombres d'une mesure")]
VALUE_LEGEND = [(HIGH, "valeur")]
AIM_LEGEND = ("curve", "objectif choisi")
MOST_STEPS = 48
"""Straight parts of a line of a reference: they may be given for each day."""
MAX_LABEL_GAP = 14.0
"""Pixels between the names of two lines."""


def chart_of(
    values: Sequence[tuple[datetime, tuple[Decimal, ...]]], *, aim: Decimal | None = None
) -> Chart | None:
    """Of values in the order of time, `aim` a target of the patient's own; None for a lone one."""
    if len(values) < 2:
        return None
    every = [float(number) for _, numbers in values for number in numbers]
    scale = scale_of(every, [float(aim)] if aim is not None else [])
    drawn = list(zip(across([at for at, _ in values]), (n for _, n in values), strict=True))
    highs = [Mark(x=x, y=scale.y(float(numbers[0])), shape=HIGH) for x, numbers in drawn]
    lows = [_low(x, numbers, scale) for x, numbers in drawn if len(numbers) > 1]
    aims = [] if aim is None else [_aim(aim, scale)]
    return Chart(
        marks=highs + lows,
        path=path_of(highs) + path_of(lows),
        lines=lines_of(scale),
        legend=[*(PAIR_LEGEND if lows else VALUE_LEGEND), *([AIM_LEGEND] if aims else [])],
        curves=aims,
    )


def _low(x: float, numbers: tuple[Decimal, ...], scale: Scale) -> Mark:
    """Of a pair, with the bar between its two numbers."""
    high, low = (scale.y(float(one)) for one in numbers)
    return Mark(x=x, y=low, shape=LOW, bar=(high, low))


def _aim(aim: Decimal, scale: Scale) -> Curve:
    y = scale.y(float(aim))
    return Curve(label=number_words(aim), is_main=True, parts=[(LEFT, y, RIGHT, y)], end=(RIGHT, y))


def growth_chart(
    points: Sequence[tuple[int, Decimal]],
    lines: Sequence[Line],
    *,
    span: tuple[int, int],
    ages: Sequence[tuple[int, str]],
) -> Chart | None:
    """Points at their age in days within `span`; None where there is neither a point nor a line."""
    every = [float(number) for _, number in points]
    beside = [value for line in lines for _, value in line.points]
    if not every and not beside:
        return None
    scale = scale_of(every or beside, beside)
    marks = [Mark(x=_x(age, span), y=scale.y(float(number)), shape=HIGH) for age, number in points]
    return Chart(
        marks=marks,
        path=path_of(marks),
        lines=lines_of(scale),
        legend=[*VALUE_LEGEND, *([("curve", "courbe de référence")] if lines else [])],
        curves=_named([_curve(line, span, scale) for line in lines]),
        steps=[(_x(age, span), said) for age, said in ages],
    )


def _x(age: int, span: tuple[int, int]) -> float:
    low, high = span
    return round(LEFT + (RIGHT - LEFT) * (age - low) / (high - low), 2)


def _curve(line: Line, span: tuple[int, int], scale: Scale) -> Curve:
    every = max(1, -(-len(line.points) // MOST_STEPS))
    kept = [*line.points[:-1:every], *line.points[-1:]]
    at = [(_x(age, span), scale.y(value)) for age, value in kept]
    parts = [(*one, *other) for one, other in pairwise(at)]
    return Curve(label=line.label, is_main=line.is_main, parts=parts, end=at[-1])


def _named(curves: Sequence[Curve]) -> list[Curve]:
    """With room between the names; main lines keep theirs."""
    kept: list[float] = []
    named = []
    for one in sorted(curves, key=lambda one: not one.is_main):
        has_room = all(abs(one.end[1] - y) >= MAX_LABEL_GAP for y in kept)
        if has_room:
            kept.append(one.end[1])
        label = one.label if has_room else ""
        named.append(Curve(label=label, is_main=one.is_main, parts=one.parts, end=one.end))
    return named
