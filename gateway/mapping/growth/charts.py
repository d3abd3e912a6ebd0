"""Which curves a child has, and which lines of a reference are drawn on each (VAULT MEA-06)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gateway.mapping.growth.ages import days_in
from gateway.mapping.growth.reference import Reference
from gateway.mapping.measures.kinds import BMI, HEAD, HEIGHT, WEIGHT

MAIN = (3.0, 50.0, 97.0)
MORE = (1.0, 3.0, 10.0, 25.0, 50.0, 75.0, 90.0, 97.0, 99.0)
MAIN_DEVIATIONS = (-2.0, 0.0, 2.0)
DEVIATIONS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A chart of one measure; `low` and `high` are ages in years, the last one to its end."""

    key: str
    measure: str
    low: int
    high: int

    @property
    def days(self) -> tuple[int, int]:
        return days_in(self.low), days_in(self.high)


RANGES = (
    Range(key="poids-0-3", measure=WEIGHT, low=0, high=3),
    Range(key="poids-1-18", measure=WEIGHT, low=1, high=18),
    Range(key="taille-0-3", measure=HEIGHT, low=0, high=3),
    Range(key="taille-1-18", measure=HEIGHT, low=1, high=18),
    Range(key="cranien-0-5", measure=HEAD, low=0, high=5),
    Range(key="imc-0-18", measure=BMI, low=0, high=18),
)


@dataclass(frozen=True, slots=True)
class Line:
    """`points` are ages in days and values; `is_main` is drawn stronger."""

    label: str
    points: Sequence[tuple[int, float]]
    is_main: bool


def ranges_of(measure: str) -> list[Range]:
    return [one for one in RANGES if one.measure == measure]


def reference_for(every: Iterable[Reference], sex: str, measure: str) -> Reference | None:
    """The one of this sex and measure; girls and boys have their own."""
    return next((one for one in every if (one.sex, one.measure) == (sex, measure)), None)


def lines_of(reference: Reference, span: tuple[int, int], *, wanted: str) -> list[Line]:
    """The lines within these ages: main ones, all centiles (`plus`), or standard deviations
    (`ecarts`); those of the IOTF always. What this reference does not tell is left out."""
    if wanted == "ecarts" and reference.lms:
        made = [
            Line(_deviation_label(z), reference.deviation(z), z in MAIN_DEVIATIONS)
            for z in DEVIATIONS
        ]
    else:
        percents = MORE if wanted == "plus" else MAIN
        made = [Line(f"{p:g} %", reference.centile(p), p in MAIN) for p in percents]
    made += [Line(name, reference.named(name), is_main=True) for name in reference.others]
    return [Line(one.label, cut, one.is_main) for one in made if (cut := _within(one, span))]


def _deviation_label(z: float) -> str:
    return "M" if not z else f"{'+' if z > 0 else '−'}{abs(z):g} σ"


def _within(line: Line, span: tuple[int, int]) -> list[tuple[int, float]]:
    low, high = span
    return [(age, value) for age, value in line.points if low <= age <= high]
