"""Reference curves, of a file that the operator installs (VAULT MEA-07): none is shipped.

CSV with the columns reference, sex, measure, age_days, then L, M and S, or centiles (`p3`, `c97`,
`50`), or lines by name (`iotf25`). A line is a list of points; between two ages it is straight.
"""

import csv
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from gateway.errors import RefusedError
from gateway.mapping.measures.kinds import BMI, HEAD, HEIGHT, WEIGHT, kind_of
from gateway.records.words import fold

MAX_ROWS = 200_000
MEASURES = {
    "poids": WEIGHT, "weight": WEIGHT, "wfa": WEIGHT,
    "taille": HEIGHT, "height": HEIGHT, "length": HEIGHT, "lhfa": HEIGHT,
    "perimetre cranien": HEAD, "pc": HEAD, "head": HEAD, "head circumference": HEAD, "hcfa": HEAD,
    "imc": BMI, "bmi": BMI,
}  # fmt: skip
SEXES = {
    "m": "M", "male": "M", "garcon": "M", "boy": "M", "boys": "M", "1": "M", "h": "M",
    "f": "F", "female": "F", "fille": "F", "girl": "F", "girls": "F", "2": "F",
}  # fmt: skip
NEEDED = ("reference", "sex", "measure", "age_days")
LMS = ("L", "M", "S")
_CENTILE = re.compile(r"[pc]?(\d{1,2}(?:[.,]\d)?)%?", re.IGNORECASE | re.ASCII)
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Lms:
    """Cole's L, M and S at one age: the value at a z-score is M (1 + L S z)^(1/L)."""

    power: float
    median: float
    spread: float

    def at(self, z: float) -> float | None:
        """None where the curve has no value so far out."""
        if abs(self.power) < 1e-9:
            return self.median * math.exp(self.spread * z)
        base = 1 + self.power * self.spread * z
        return self.median * base ** (1 / self.power) if base > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One reference for one sex and measure: `ages` in days, rising; `lms` of each age where it is
    told so, else `lines` by centile or name, a value or None for each age."""

    name: str
    sex: str
    measure: str
    ages: Sequence[int]
    lms: Sequence[Lms]
    lines: Mapping[str, Sequence[float | None]]

    def centile(self, percent: float) -> list[tuple[int, float]]:
        """Age in days and value; empty where this reference does not tell it."""
        if not self.lms:
            return self.named(name_of(percent))
        return self.deviation(_NORMAL.inv_cdf(percent / 100))

    def deviation(self, z: float) -> list[tuple[int, float]]:
        """The line at so many standard deviations; empty without L, M and S."""
        found = zip(self.ages, (one.at(z) for one in self.lms), strict=False)
        return [(age, value) for age, value in found if value is not None]

    def named(self, name: str) -> list[tuple[int, float]]:
        found = zip(self.ages, self.lines.get(name, ()), strict=False)
        return [(age, value) for age, value in found if value is not None]

    @property
    def others(self) -> list[str]:
        """Lines that are no centile: those of the IOTF."""
        return [name for name in self.lines if not name.startswith("p")]


def name_of(percent: float) -> str:
    return f"p{percent:g}"


def references_in(text: str) -> list[Reference]:
    """Every reference of a file. Raises RefusedError, which says the line and what to mend."""
    lines = [line for line in text.lstrip("\ufeff").splitlines() if not line.startswith("#")]
    reader = csv.DictReader(lines, delimiter=_delimiter(lines[:1]))
    columns = [name.strip() for name in reader.fieldnames or ()]
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise RefusedError(f"growth reference: add the column {missing[0]}")
    named = _named_columns(columns)
    has_lms = all(name in columns for name in LMS)
    if not has_lms and not named:
        raise RefusedError("growth reference: add L, M and S, or columns of centiles")
    found: dict[tuple[str, str, str], dict[int, dict[str, float]]] = {}
    for number, row in enumerate(reader, start=2):
        if number > MAX_ROWS:
            raise RefusedError(f"growth reference: at most {MAX_ROWS} lines a file")
        plain = {(name or "").strip(): value for name, value in row.items()}
        key, age, values = _row(plain, number, named, has_lms=has_lms)
        found.setdefault(key, {})[age] = values
    return [_made(*key, by_age, named) for key, by_age in found.items()]


def _delimiter(head: Sequence[str]) -> str:
    return ";" if any(";" in line for line in head) else ","


def _named_columns(columns: Iterable[str]) -> dict[str, str]:
    """Columns of lines, by the name of their line."""
    named = {}
    for column in columns:
        if column in NEEDED or column in LMS:
            continue
        found = _CENTILE.fullmatch(column)
        if found:
            named[column] = name_of(float(found[1].replace(",", ".")))
        elif column.casefold().startswith("iotf"):
            named[column] = column.upper().replace("_", " ").strip()
    return named


def _row(
    row: Mapping[str, str | None], number: int, named: Mapping[str, str], *, has_lms: bool
) -> tuple[tuple[str, str, str], int, dict[str, float]]:
    name = (row["reference"] or "").strip()
    sex = SEXES.get(fold(row["sex"] or ""))
    said = (row["measure"] or "").strip()
    measure = MEASURES.get(fold(said)) or (kind.code if (kind := kind_of(said)) else None)
    if not name or sex is None or measure is None:
        raise RefusedError(f"growth reference, line {number}: reference, sex or measure unknown")
    wanted = (*(LMS if has_lms else ()), *named)
    values = {column: _number(row.get(column), number) for column in wanted}
    kept = {column: value for column, value in values.items() if value is not None}
    if has_lms and kept.keys() & set(LMS) and not set(LMS) <= kept.keys():
        raise RefusedError(f"growth reference, line {number}: L, M and S stand together")
    return (name, sex, measure), _age(row["age_days"], number), kept


def _age(said: str | None, number: int) -> int:
    found = _number(said, number)
    if found is None or found < 0 or found != int(found):
        raise RefusedError(f"growth reference, line {number}: age_days is a whole number of days")
    return int(found)


def _number(said: str | None, number: int) -> float | None:
    plain = (said or "").strip().replace(",", ".")
    if not plain:
        return None
    try:
        found = float(plain)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise RefusedError(f"growth reference, line {number}: no number")
    return found


def _made(
    name: str,
    sex: str,
    measure: str,
    by_age: Mapping[int, Mapping[str, float]],
    named: Mapping[str, str],
) -> Reference:
    ages = sorted(by_age)
    rows = [by_age[age] for age in ages]
    lms = list(_lms_of(rows))
    return Reference(
        name=name,
        sex=sex,
        measure=measure,
        ages=ages,
        lms=lms if len(lms) == len(ages) else (),
        lines={
            line: [row.get(column) for row in rows]
            for column, line in named.items()
            if any(column in row for row in rows)
        },
    )


def _lms_of(rows: Iterable[Mapping[str, float]]) -> Iterator[Lms]:
    for row in rows:
        if "M" in row:
            yield Lms(row["L"], row["M"], row["S"])
