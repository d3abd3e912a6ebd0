"""What the pages of measures show, made of those that a reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gateway.flows.measures.reading import Seen
from gateway.mapping.measures.kinds import BMI, HBA1C, KINDS, Kind
from gateway.mapping.measures.mass import MassIndex
from gateway.records.entries.entry import Entry, EntryState, WriterRole
from gateway.records.entries.measure import Measure
from gateway.records.entries.measure_choices import MeasureChoices
from gateway.records.readers.access import AccessAction, ReaderKind
from gateway.vault import words
from gateway.vault.document.listing import page_of
from gateway.vault.measures import said
from gateway.vault.measures.chart import chart_of
from gateway.vault.trends.plot import Chart

ROWS_A_PAGE = 200
STATES = {EntryState.HIDDEN: "masque", EntryState.PROPOSED: "document"}
Placed = tuple[datetime, tuple[Decimal, ...]]
COMPUTED = "calculé du poids et de la taille"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure. `id` is "" of what is computed; `document` the id of what it was read in;
    `acts` are the ends of the addresses of what this reader may do with it."""

    id: str
    version: int
    state: str
    value: str
    sent: str
    dated: str
    when: str
    beside: str
    source: str
    document: str
    device: str
    reason: str
    comment: str
    is_corrected: bool
    acts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """The last value of one measure; `last` None where there is none."""

    code: str
    label: str
    last: Row | None
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailView:
    """One measure over a period: `caption` of its table, `first` and `last` the ends of the chart,
    which shows the numbers of the rows."""

    rows: list[Row]
    total: int
    page: int
    pages: int
    chart: Chart | None
    caption: str
    description: str
    first: str
    last: str


def tiles_of(seen: Seen, *, every: bool = False) -> list[Tile]:
    """In the order of the person's choice; without those that are hidden, unless `every`."""
    choices = seen.choices
    order = {code: place for place, code in enumerate(choices.order)}
    kinds = sorted(KINDS, key=lambda kind: order.get(kind.code, len(order)))
    shown = [kind for kind in kinds if every or kind.code not in choices.hidden]
    return [
        Tile(
            code=kind.code,
            label=kind.label,
            last=next(iter(rows_of(seen, kind, most=1)), None),
            target=target_of(kind, choices),
        )
        for kind in shown
    ]


def target_of(kind: Kind, choices: MeasureChoices) -> str:
    """« 7 % », of the HbA1c alone (MEA-05)."""
    if kind.code != HBA1C or not choices.hba1c_target:
        return ""
    return said.of_numbers([Decimal(choices.hba1c_target)], kind.unit)


def rows_of(seen: Seen, kind: Kind, *, most: int | None = None) -> list[Row]:
    """The latest first; at most so many."""
    if kind.code == BMI:
        return [_computed(one, kind) for one in seen.mass_indexes()[:most]]
    return [row_of(seen, entry, one) for entry, one in seen.of(kind.code)[:most]]


def row_of(seen: Seen, entry: Entry, one: Measure) -> Row:
    reader = seen.listed.sight.gate.reader
    document = entry.source.document
    return Row(
        id=entry.id,
        version=entry.version,
        state=STATES.get(entry.state, "visible"),
        value=said.value_of(one),
        sent=said.sent_of(one),
        dated=said.iso_of(one),
        when=said.when_of(one),
        beside=", ".join(said.beside_of(one)),
        source=said.source_of(entry, own=reader.kind is ReaderKind.PATIENT),
        document=document,
        device=one.device,
        reason=one.reason,
        comment=one.comment,
        is_corrected=entry.version > 1 and entry.state is not EntryState.HIDDEN,
        acts=_acts(seen, entry),
    )


def _acts(seen: Seen, entry: Entry) -> frozenset[str]:
    listed = seen.listed
    if entry.state is EntryState.PROPOSED:
        return frozenset({"retirer"} if listed.may_add(entry.kind) else ())
    may = {
        "modifier": AccessAction.REPLACE,
        "supprimer": AccessAction.DELETE,
        "masquer": AccessAction.MASK,
    }
    if not may_correct(entry):
        del may["modifier"]
    return frozenset(name for name, action in may.items() if listed.may(entry, action))


def may_correct(entry: Entry) -> bool:
    """What an application or a document brought is hidden or taken away, never changed (MEA-03)."""
    return entry.writer.role not in (WriterRole.APPLICATION, WriterRole.DOCUMENT)


def _computed(one: MassIndex, kind: Kind) -> Row:
    return Row(
        id="",
        version=0,
        state="calcule",
        value=said.of_numbers([one.number], kind.unit),
        sent="",
        dated=one.day.isoformat(),
        when=words.day(one.day.isoformat()),
        beside="",
        source=COMPUTED,
        document="",
        device="",
        reason="",
        comment="",
        is_corrected=False,
        acts=frozenset(),
    )


def detail_of(seen: Seen, kind: Kind, *, since: datetime | None, page: int) -> DetailView:
    """A page of the measures of one kind, newest first, with the curve of that page."""
    if kind.code == BMI:
        made = [one for one in seen.mass_indexes() if since is None or one.day >= since.date()]
        found, page, pages = page_of(made, page, at_once=ROWS_A_PAGE)
        rows = [_computed(one, kind) for one in found]
        drawn: list[Placed] = [(datetime.fromisoformat(one.at), (one.number,)) for one in found]
        return _detail(rows, drawn, kind, seen.choices, len(made), page, pages)
    pairs = seen.of(kind.code)
    some, page, pages = page_of(pairs, page, at_once=ROWS_A_PAGE)
    rows = [row_of(seen, entry, one) for entry, one in some]
    points = [(one.time, said.numbers_of(one)) for _, one in some]
    return _detail(rows, points, kind, seen.choices, len(pairs), page, pages)


def _detail(
    rows: list[Row],
    points: Sequence[Placed],
    kind: Kind,
    choices: MeasureChoices,
    total: int,
    page: int,
    pages: int,
) -> DetailView:
    target = choices.hba1c_target if kind.code == HBA1C else ""
    chart = chart_of(points[::-1], aim=Decimal(target) if target else None)
    unit = said.units_said(kind.unit)
    return DetailView(
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        chart=chart,
        caption=f"Valeurs en {unit}" if unit else "Valeurs",
        description=_described(rows, points) if chart else "",
        first=rows[-1].when if rows else "",
        last=rows[0].when if rows else "",
    )


def _described(rows: Sequence[Row], points: Sequence[Placed]) -> str:
    """Last, lowest, highest and direction, in words (PAGES rule 12)."""
    count = words.plural(len(rows), "valeur", "valeurs")
    numbers = [numbers[0] for _, numbers in points]
    lowest = rows[min(range(len(rows)), key=numbers.__getitem__)]
    highest = rows[max(range(len(rows)), key=numbers.__getitem__)]
    way = _way(numbers[0], numbers[1])
    return (
        f"{count}, du {rows[-1].when} au {rows[0].when}. "
        f"Dernière valeur : {rows[0].value}, le {rows[0].when}. "
        f"La plus basse : {lowest.value}, le {lowest.when}. "
        f"La plus haute : {highest.value}, le {highest.when}. "
        f"La dernière valeur est {way} la précédente."
    )


def _way(last: Decimal, before: Decimal) -> str:
    if last == before:
        return "la même que"
    return "plus haute que" if last > before else "plus basse que"
