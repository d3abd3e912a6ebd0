"""What the two pages show, made of the results that a reader may read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway.flows.reading.coded.results import Found
from gateway.mapping.biology.analyses import (
    Analysis,
    Placed,
    Point,
    Series,
    analyses_of,
    series_of,
)
from gateway.mapping.biology.specimens import specimen_words
from gateway.records.documents.result import Result
from gateway.vault import words
from gateway.vault.document.listing import page_of
from gateway.vault.document.units import unit_words
from gateway.vault.trends import said
from gateway.vault.trends.chart import chart_of
from gateway.vault.trends.plot import Chart

RESULTS_A_PAGE = 200
LOOKED_AT = 20
"""Newest results of an analysis among which the one before the last of its series is looked for."""
PERIODS = {"mois": 31, "semestre": 183, "annee": 366}
PERIOD_WORDS = (("mois", "Mois"), ("semestre", "Semestre"), ("annee", "Année"), ("", "Tout"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisRow:
    """One analysis of the list: its last value, and how it stands to the one before."""

    key: str
    name: str
    laboratory: str
    value: str
    range: str
    flag: str
    status: str
    dated: str
    when: str
    arrow: str
    trend: str
    count: int
    document: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """`documents` are those of which a value is shown."""

    rows: list[AnalysisRow]
    documents: list[str]
    total: int
    page: int
    pages: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What a result said before it was corrected or made final."""

    value: str
    status: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One result of a table; `written` is the value in the laboratory's own unit where the table
    shows another."""

    dated: str
    when: str
    value: str
    written: str
    range: str
    flag: str
    status: str
    state: str
    document: str
    title: str
    earlier: list[Earlier]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """One series: `first` and `last` are the ends of its chart, which is None for one value."""

    heading: str
    caption: str
    converted: str
    chart: Chart | None
    description: str
    first: str
    last: str
    rows: list[ResultRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisView:
    """One analysis; `name` is "" where this reader has no result of it."""

    name: str = ""
    laboratory: str = ""
    series: list[SeriesView] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    total: int = 0
    page: int = 1
    pages: int = 1
    left: int = 0


def list_view(found: Found, asked: str, page: int) -> ListView:
    """The analyses whose names hold the words asked for, newest first."""
    every = [one for one in analyses_of(found.results) if said.agrees(one, asked)]
    some, page, pages = page_of(every, page)
    made = [_analysis_row(one) for one in some]
    return ListView(
        rows=[row for row, _ in made],
        documents=[name for _, names in made for name in names],
        total=len(every),
        page=page,
        pages=pages,
        left=found.left,
    )


def analysis_view(found: Found, key: str, *, since: datetime | None, page: int) -> AnalysisView:
    """The results of one analysis, of a page of them at most; empty for a key of no analysis."""
    analysis = next((one for one in analyses_of(found.results) if one.key == key), None)
    if analysis is None:
        return AnalysisView(left=found.left)
    wanted = [one for one in analysis.placed if since is None or one.at >= since]
    some, page, pages = page_of(wanted, page, at_once=RESULTS_A_PAGE)
    return AnalysisView(
        name=said.name_of(analysis),
        laboratory=said.cut(analysis.laboratory),
        series=_series_views(series_of(some)),
        documents=[name for one in some for name in _documents(one.result)],
        total=len(wanted),
        page=page,
        pages=pages,
        left=found.left,
    )


def begin_of(period: str, now: datetime) -> datetime | None:
    """Where a period begins that ends now; None for all of it."""
    days = PERIODS.get(period)
    return now - timedelta(days=days) if days else None


def _documents(result: Result) -> list[str]:
    return [result.card.id, *(one.card.id for one in result.before)]


def _analysis_row(analysis: Analysis) -> tuple[AnalysisRow, list[str]]:
    """And the documents of the values that it is made of."""
    newest = analysis.newest
    series, point = _series_with(newest, series_of(analysis.placed[:LOOKED_AT], most=2))
    before = series.points[1] if len(series.points) > 1 else None
    way = said.direction(point, before) if before else ""
    one, card = newest.result.row, newest.result.card
    row = AnalysisRow(
        key=analysis.key,
        name=said.name_of(analysis),
        laboratory=said.cut(analysis.laboratory),
        value=said.value_of(point, series.unit),
        range=said.range_of(one),
        flag=said.flag_of(one),
        status=said.status_of(one),
        dated=newest.dated,
        when=said.when(newest),
        arrow=said.ARROWS.get(way, ""),
        trend=_trend(way, before),
        count=len(analysis.placed),
        document=card.id,
        title=said.cut(card.title) or words.UNTITLED,
    )
    return row, [card.id, *([before.placed.result.card.id] if before and way else [])]


def _series_with(placed: Placed, every: Sequence[Series]) -> tuple[Series, Point]:
    """The newest result is the first of its series."""
    found = next(one for one in every if one.points[0].placed is placed)
    return found, found.points[0]


def _trend(way: str, before: Point | None) -> str:
    if before is None or not way:
        return ""
    return f"{way} que le {said.day(before.placed)}"


def _series_views(every: Sequence[Series]) -> list[SeriesView]:
    return [_series_view(one, is_alone=len(every) == 1) for one in every]


def _series_view(series: Series, *, is_alone: bool) -> SeriesView:
    points = series.points
    chart = chart_of(series) if series.is_drawn else None
    specimen, unit = specimen_words(series.specimen), said.cut(unit_words(series.unit))
    told = ", ".join(part for part in (unit and f"en {unit}", said.cut(specimen)) if part)
    apart = "sans unité" if series.is_drawn else "Résultats sans courbe"
    return SeriesView(
        heading="" if is_alone and not told else (f"Valeurs {told}" if told else apart),
        caption=f"Résultats {told}".strip(),
        converted=_converted(series, unit),
        chart=chart,
        description=said.described(series) if chart else "",
        first=said.day(points[-1].placed),
        last=said.day(points[0].placed),
        rows=[_row(one, series.unit) for one in points],
    )


def _converted(series: Series, unit: str) -> str:
    """« Les valeurs en g/dL sont converties en g/L. »"""
    others = [said.cut(unit_words(one)) or "sans unité" for one in series.units]
    if not others:
        return ""
    return f"Les valeurs données en {', '.join(others)} sont converties en {unit}."


def _row(point: Point, unit: str) -> ResultRow:
    result = point.placed.result
    one, card = result.row, result.card
    return ResultRow(
        dated=point.placed.dated,
        when=said.when(point.placed),
        value=said.value_of(point, unit),
        written=said.written(one) if point.was_converted else "",
        range=said.range_of(one),
        flag=said.flag_of(one),
        status=said.status_of(one),
        state=one.status or "F",
        document=card.id,
        title=said.cut(card.title) or words.UNTITLED,
        earlier=[_earlier(before) for before in result.before if _differs(before, result)],
    )


def _differs(before: Result, now: Result) -> bool:
    return bool(before.row.value) and (before.row.value, before.row.unit) != (
        now.row.value,
        now.row.unit,
    )


def _earlier(before: Result) -> Earlier:
    return Earlier(
        value=said.written(before.row), status=said.status_of(before.row), document=before.card.id
    )
