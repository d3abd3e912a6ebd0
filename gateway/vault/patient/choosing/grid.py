"""« La grille, profession par profession »: the types each may read, with its version (CHO-09)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from gateway.access.professions import profession_name
from gateway.flows.choices.foreseen.column import TypeLine, column_of
from gateway.mapping.identity import in_capitals
from gateway.mapping.labels import display_of
from gateway.vault import words
from gateway.vault.patient.choosing.page import ADDRESS
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    name: str
    line: TypeLine


async def grid_page(request: web.Request) -> web.Response:
    """By GET: `profession` is a code of the grid; without it the page only asks for one."""
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    codes = rooms.read.grid.professions()
    chosen = request.query.get("profession", "")
    errors = {"profession": words.CHOOSE_READER} if chosen and chosen not in codes else {}
    lines: list[TypeLine] = []
    if chosen and not errors:
        lines = await column_of(rooms.read, reader, patient, chosen)
    return html(
        "choosing/grid.html",
        status=422 if errors else 200,
        face=visit.face,
        title="La grille, profession par profession",
        current=ADDRESS,
        data_page="parametres/acces/grille",
        errors=errors,
        place=f"{ADDRESS}/grille",
        chosen=chosen,
        of=profession_name(chosen) if lines else "",
        professions=sorted((profession_name(code), code) for code in codes),
        reads=_by_name([line for line in lines if line.decision.permitted]),
        reads_not=_by_name([line for line in lines if not line.decision.permitted]),
        digest=rooms.read.grid.digest,
        since=await _since(request),
    )


def _by_name(lines: Sequence[TypeLine]) -> list[Shown]:
    shown = [Shown(name=display_of(line.type_code) or line.type_code, line=line) for line in lines]
    return sorted(shown, key=lambda one: (in_capitals(one.name), one.line.type_code))


async def _since(request: web.Request) -> datetime | None:
    """Since when this gateway decides by the version in force."""
    rooms = request[ROOMS]
    kept = rooms.desk.grids if rooms.desk is not None else None
    versions = await kept.versions() if kept is not None else []
    return next((one.since for one in versions if one.digest == rooms.read.grid.digest), None)
