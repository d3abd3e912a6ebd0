"""« Courbe de croissance »: a child's points at exact ages, and the lines of a reference (MEA-06).

No sentence judges a value (MEA-07).
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from aiohttp import web

from gateway.flows.measures.reading import Seen, of_kind
from gateway.mapping.growth.ages import (
    age_days,
    corrected_until,
    days_in,
    due,
)
from gateway.mapping.growth.charts import RANGES, Line, Range, lines_of, reference_for
from gateway.mapping.measures.kinds import BMI, kind_of
from gateway.mapping.measures.made import When
from gateway.vault import words
from gateway.vault.measures import said
from gateway.vault.measures.chart import growth_chart
from gateway.vault.measures.pages import Handler, Where
from gateway.vault.place import Place
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS, medical_of
from gateway.vault.trends.pages import address_of
from gateway.vault.visit import VISIT

LINES = (("", "3, 50 et 97 %"), ("plus", "Tous les centiles"), ("ecarts", "Écarts types (σ)"))
NAMES = {
    "poids-0-3": "Poids, de 0 à 3 ans",
    "poids-1-18": "Poids, de 1 à 18 ans",
    "taille-0-3": "Taille, de 0 à 3 ans",
    "taille-1-18": "Taille, de 1 à 18 ans",
    "cranien-0-5": "Périmètre crânien, de 0 à 5 ans",
    "imc-0-18": "Indice de masse corporelle, de 0 à 18 ans",
}
CORRECTED = "corrige"
MONTHS_A_YEAR = 12


class Point(NamedTuple):
    """`age` in days since `start`: birth, or when it was due."""

    day: date
    start: date
    age: int
    number: Decimal


def growth_page(where: Where) -> Handler:
    async def show(request: web.Request) -> web.Response:
        place, curve = await where(request), _curve(request)
        seen = await of_kind(
            medical_of(request).listing, place.reader, place.patient, curve.measure
        )
        corrected = request.query.get("age") == CORRECTED and seen.choices.weeks is not None
        points = _within(_points(seen, curve, corrected=corrected), curve)
        lines, name = await _lines(request, seen, place, curve)
        kind = kind_of(curve.measure)
        unit = said.units_said(kind.unit) if kind else ""
        return html(
            "measures/growth.html",
            face=request[VISIT].face,
            title="Courbe de croissance",
            current=place.current,
            data_page=f"{place.page}/croissance",
            place=place,
            caption=f"{NAMES[curve.key]}, en {unit}",
            chart=growth_chart(
                [(one.age, one.number) for one in points],
                lines,
                span=curve.days,
                ages=_steps(curve),
            ),
            description=_described(points, unit, name),
            reference=name,
            missing="" if name else said.NO_REFERENCE,
            corrected=corrected,
            weeks=seen.choices.weeks,
            rows=[_row(one, unit) for one in reversed(points)],
            charts=[(_address(place.path, request, courbe=k), NAMES[k], k) for k in NAMES],
            chosen=curve.key,
            sets=[(_address(place.path, request, lignes=v), w, v) for v, w in LINES]
            if name
            else [],
            lignes=request.query.get("lignes", ""),
            ages=_ages(place.path, request, corrected=corrected) if seen.choices.weeks else [],
            talk=said.TALK,
        )

    return show


def _curve(request: web.Request) -> Range:
    """The first for what is not known."""
    key = request.query.get("courbe", "")
    return next((one for one in RANGES if one.key == key), RANGES[0])


def _points(seen: Seen, curve: Range, *, corrected: bool) -> list[Point]:
    """Oldest first. A corrected age counts to two years (MEA-06)."""
    if curve.measure == BMI:
        values = [(one.day, one.number) for one in seen.mass_indexes()]
    else:
        values = [
            (date.fromisoformat(When(one.time, one.is_day).day), said.numbers_of(one)[0])
            for _, one in seen.of(curve.measure)
        ]
    start = due(seen.birth, seen.choices.weeks if corrected else None)
    made = []
    for day, number in reversed(values):
        is_corrected = corrected and age_days(seen.birth, day) <= corrected_until()
        begins = start if is_corrected else seen.birth
        made.append(Point(day, begins, age_days(begins, day), number))
    return made


def _within(points: list[Point], curve: Range) -> list[Point]:
    low, high = curve.days
    return [one for one in points if low <= one.age <= high]


async def _lines(
    request: web.Request, seen: Seen, place: Place, curve: Range
) -> tuple[list[Line], str]:
    """Of this sex, with the name of the reference; none where none is installed."""
    rooms = request[ROOMS]
    person = await rooms.people.person(place.patient)
    sex = (person.identity.sex or "") if person and seen.listed.standing.permitted else ""
    found = reference_for(rooms.growth, sex, curve.measure)
    if found is None:
        return [], ""
    return lines_of(found, curve.days, wanted=request.query.get("lignes", "")), found.name


def _steps(curve: Range) -> list[tuple[int, str]]:
    """Ages along the lower edge."""
    years = range(curve.low, curve.high + 1, 1 if curve.high <= 5 else 3)
    return [(days_in(year), words.plural(year, "an", "ans")) for year in years]


def _row(one: Point, unit: str) -> dict[str, str]:
    return {
        "day": one.day.isoformat(),
        "age": age_words(one.start, one.day),
        "value": said.of_numbers([one.number], "") + f"\N{NO-BREAK SPACE}{unit}",
    }


def age_words(start: date, day: date) -> str:
    """« 3 ans et 2 mois », « 5 mois », « 12 jours »; « 8 jours avant le terme »."""
    if day < start:
        return f"{words.plural((start - day).days, 'jour', 'jours')} avant le terme"
    months = (day.year - start.year) * MONTHS_A_YEAR + day.month - start.month
    years, rest = divmod(months - (day.day < start.day), MONTHS_A_YEAR)
    if not years and not rest:
        return words.plural((day - start).days, "jour", "jours")
    if not years:
        return f"{rest} mois"
    said_ = words.plural(years, "an", "ans")
    return f"{said_} et {rest} mois" if rest else said_


def _described(points: list[Point], unit: str, name: str) -> str:
    if not points:
        return f"Aucune valeur à ces âges. {_lines_said(name)}"
    newest = points[-1]
    count = words.plural(len(points), "valeur", "valeurs")
    age = age_words(newest.start, newest.day)
    last = f"{said.of_numbers([newest.number], '')} {unit}, à {age}"
    return f"{count}. Dernière valeur : {last}. {_lines_said(name)}"


def _lines_said(name: str) -> str:
    return f"Courbes de référence : {name}." if name else f"{said.NO_REFERENCE}."


def _address(path: str, request: web.Request, **changed: str) -> str:
    kept = {name: request.query.get(name, "") for name in ("courbe", "lignes", "age")}
    return address_of(f"{path}/croissance", **(kept | changed))


def _ages(path: str, request: web.Request, *, corrected: bool) -> list[tuple[str, str, bool]]:
    return [
        (_address(path, request, age=""), "Âge réel", not corrected),
        (_address(path, request, age=CORRECTED), "Âge corrigé", corrected),
    ]
