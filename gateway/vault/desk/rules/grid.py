"""« Grille » : the version in force, how sure it is, its next change, and what versions changed."""

from collections import Counter
from datetime import date, datetime

from aiohttp import web

from gateway.access.grid import Grid, GridError, read_grid
from gateway.access.grid_check import Change, differences, shares
from gateway.access.professions import profession_name
from gateway.access.time import civil_date
from gateway.mapping.labels import display_of
from gateway.records.grids import GridVersion
from gateway.vault import words
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.rules.simulator_words import STATUS_WORDS
from gateway.vault.desk.signin import desk_of
from gateway.vault.rooms import ROOMS

PLACE = "/desk/grille"
MAX_CHANGES = 300
SAYS = {True: "a accès", False: "n'a pas accès", None: "absente, donc pas d'accès"}
"""A cell of a version; None where it has none."""


async def grid_page(request: web.Request) -> web.Response:
    """`avant` and `apres` are beginnings of digests of versions that were kept."""
    rooms, query = request[ROOMS], request.query
    grid, now = rooms.read.grid, rooms.clock.now()
    versions = await _versions(request)
    before, after = query.get("avant", ""), query.get("apres", "")
    changes: list[Change] = []
    errors = {}
    if before or after:
        old, new = await _kept(request, before), await _kept(request, after)
        if old is None or new is None:
            errors["avant" if old is None else "apres"] = words.UNKNOWN_VERSION
        else:
            changes = differences(old, new, now)
    counts = shares(grid)
    total = sum(counts.values())
    return desk_html(
        request,
        "grid",
        title="Grille",
        place=PLACE,
        errors=errors,
        digest=grid.digest,
        since=next((one.since for one in versions if one.digest == grid.digest), None),
        total=total,
        columns=len(grid.professions()),
        shares=[
            (
                STATUS_WORDS.get(status, status),
                count,
                f"{100 * count / total:.1f}".replace(".", ","),
            )
            for status, count in counts.most_common()
        ],
        following=next_change(grid, now),
        versions=versions,
        before=before,
        after=after,
        compared=bool(before or after) and not errors,
        changes=[_in_words(one) for one in changes[:MAX_CHANGES]],
        more=max(0, len(changes) - MAX_CHANGES),
        moved=_moved(changes),
    )


def next_change(grid: Grid, now: datetime) -> tuple[date, int] | None:
    """The next civil day on which a cell begins or ends, and how many do."""
    today = civil_date(now)
    days = Counter(
        day
        for cell in grid
        for day in (cell.valid_from, cell.valid_to)
        if day is not None and day > today
    )
    return min(days.items()) if days else None


async def _versions(request: web.Request) -> list[GridVersion]:
    grids = desk_of(request).grids
    return await grids.versions() if grids is not None else []


async def _kept(request: web.Request, beginning: str) -> Grid | None:
    grids = desk_of(request).grids
    content = await grids.content(beginning) if grids is not None and beginning else None
    try:
        return read_grid(content) if content is not None else None
    except GridError:
        return None


def _part(count: int, total: int) -> str:
    return f"{100 * count / total:.1f}".replace(".", ",")


def _in_words(change: Change) -> dict[str, str]:
    return {
        "profession": f"{profession_name(change.profession)} ({change.profession})",
        "type": f"{display_of(change.type_code) or ''} ({change.type_code})".strip(),
        "before": SAYS[change.before],
        "after": SAYS[change.after],
    }


def _moved(changes: list[Change]) -> list[tuple[str, int, int]]:
    """By profession: how many types it gains and loses."""
    gains = Counter(one.profession for one in changes if one.after)
    losses = Counter(one.profession for one in changes if one.before and not one.after)
    codes = sorted(gains.keys() | losses.keys())
    return [(profession_name(code), gains[code], losses[code]) for code in codes]
