"""« Simulateur » : an invented case, its decision and why; never on a real record."""

from collections.abc import Mapping
from datetime import date, datetime

import orjson
from aiohttp import web
from multidict import MultiMapping

from gateway.access.lines.synthetic import ADULT_AGE, Case, noon_of, scenario_of
from gateway.access.professions import professions
from gateway.flows.desk.explain import explain
from gateway.mapping.labels import display_of
from gateway.records.numbers import whole
from gateway.vault import words
from gateway.vault.days import LAST_YEAR, read_day
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.rules import simulator_words as said
from gateway.vault.rooms import ROOMS

PLACE = "/desk/simulateur"
OLDEST = 120
FIRST_YEAR = 1900
MAX_TEXT = 60
DEFAULT_TYPE = "11502-2"
TICKS = {
    "depose": "own_deposit",
    "par_patient": "by_patient",
    "cache": "hidden",
    "bloque": "blocked",
    "traitant": "treating",
    "administrateur": "administrator",
    "centre15": "centre15",
    "samu_non": "samu_off",
    "urgence_non": "professionals_off",
    "urgence_masques": "masked_in_emergency",
}
"""Boxes of the form by the fields of the case."""


async def simulator_page(request: web.Request) -> web.Response:
    """A GET form: the address is the case, and may be handed on."""
    query, rooms = request.query, request[ROOMS]
    now = rooms.clock.now()
    errors = _errors(query)
    line, found = b"", None
    if query and not errors:
        line = orjson.dumps(scenario_of(_case(query, now)))
        found = explain(line, rooms.read.grid)
    return desk_html(
        request,
        "simulator",
        title="Simulateur",
        place=PLACE,
        errors=errors,
        query=query,
        said=said,
        types=display_of(query.get("type", DEFAULT_TYPE)) or "",
        professions=_professions(),
        activities={code: name for code, name in professions().items() if "GENR" in code},
        default_type=DEFAULT_TYPE,
        default_age=ADULT_AGE,
        today=now.astimezone(words.PARIS).date().isoformat(),
        line=line.decode(),
        found=found,
        grid=rooms.read.grid.digest,
    )


def _errors(query: MultiMapping[str]) -> Mapping[str, str]:
    errors = {name: words.BAD_DATE for name in ("le", "depot") if not _is_date(query.get(name, ""))}
    age = whole(query.get("age", str(ADULT_AGE)))
    if age is None or age > OLDEST:
        errors["age"] = words.BAD_AGE
    if query and not query.get("type", "").strip():
        errors["type"] = words.FILL_IN_ONE.format(label="Type")
    return errors


def _case(query: MultiMapping[str], now: datetime) -> Case:
    ticked = {name: query.get(box) == "oui" for box, name in TICKS.items()}
    day = _date(query.get("le", ""))
    return Case(
        now=noon_of(day) if day else now.replace(microsecond=0),
        action=_one_of(query, "acte", said.ACTIONS),
        kind=_one_of(query, "lecteur", said.READERS),
        profession=_text(query, "profession"),
        activity=_text(query, "activite"),
        function=_text(query, "fonction"),
        type_code=_text(query, "type"),
        codes=tuple(code for code in said.CODES if code in query.getall("code", [])),
        status=_one_of(query, "statut", said.STATUSES),
        deposited=_date(query.get("depot", "")),
        agreement=_one_of(query, "accord", said.AGREEMENTS),
        tied=query.get("lien", "oui") == "oui",
        mode=_one_of(query, "mode", said.MODES),
        reason=_text(query, "motif"),
        age=int(query.get("age", str(ADULT_AGE))),
        account=_one_of(query, "compte", said.ACCOUNTS),
        qualified=query.get("identite", "oui") == "oui",
        switches=_switches(query),
        **ticked,
    )


def _switches(query: MultiMapping[str]) -> dict[str, object]:
    """Those that are not left as they are by default."""
    chosen = {name: query.get(name, "") for name in said.SWITCHES}
    return {
        name: said.VALUES.get(value, value)
        for name, value in chosen.items()
        if value and value in said.SWITCHES[name]
    }


def _one_of(query: MultiMapping[str], name: str, options: Mapping[str, str]) -> str:
    """The first option where it says none of them."""
    value = query.get(name, "")
    return value if value in options else next(iter(options))


def _text(query: MultiMapping[str], name: str) -> str:
    return query.get(name, "").strip()[:MAX_TEXT]


def _is_date(text: str) -> bool:
    try:
        _date(text)
    except ValueError:
        return False
    return True


def _date(text: str) -> date | None:
    """None where nothing is said. Raises ValueError, also for a year that no case is of."""
    if not text.strip():
        return None
    day = read_day(text.strip())
    if day is None:
        raise ValueError(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(day.year)
    return day


def _professions() -> dict[str, str]:
    return {code: name for code, name in professions().items() if not code.startswith("GENR")}
