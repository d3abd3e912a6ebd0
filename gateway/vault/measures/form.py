"""The form of a measure as it was filled (fields of VAULT GEN-10), checked field by field."""

import re
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from gateway.mapping.measures.judged import Wrong, WrongPart
from gateway.mapping.measures.kinds import MAX_DAYS, MOMENTS, Kind, kind_of
from gateway.mapping.measures.made import (
    COMMENT_CHARACTERS,
    Told,
    When,
    is_in_life,
    made,
    was_converted,
    when_of,
)
from gateway.mapping.measures.typed import read_typed
from gateway.records.days import wall_of
from gateway.records.entries.measure import Measure
from gateway.records.numbers import whole
from gateway.vault import words
from gateway.vault.days import read_day
from gateway.vault.forms import FORM_KEY
from gateway.vault.measures import said
from gateway.vault.signing_in.signin import field

_HOUR = re.compile(r"(.*?)[T ]+(?:à\s+)?(\d{1,2})\s*[:h]\s*(\d{2})(?::\d{2})?", re.ASCII)
_DAYS = re.compile(r"\d{1,4}", re.ASCII)
VALUES = ("valeur", "valeur2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """As typed; `motif` is the reason, `moment` of a glycémie, `jours` of a mean."""

    code: str = ""
    valeur: str = ""
    valeur2: str = ""
    unite: str = ""
    date: str = ""
    commentaire: str = ""
    motif: str = ""
    moment: str = ""
    jours: str = ""
    cle: str = ""
    version: str = ""

    @property
    def kind(self) -> Kind | None:
        return kind_of(self.code)


async def filled_of(request: web.Request, *, code: str = "") -> Filled:
    """`code` is that of the address, where it names the measure."""
    said_ = {name: await _typed(request, name) for name in Filled.__dataclass_fields__}
    return Filled(**(said_ | ({"code": code} if code else {})))


async def _typed(request: web.Request, name: str) -> str:
    """A browser sends each end of a line as two characters."""
    return (await field(request, name)).replace("\r\n", "\n").strip()


def filled_with(one: Measure, version: int) -> Filled:
    """A measure, to be corrected: as it was typed."""
    kept = was_converted(one)
    values = (one.sent_value, one.sent_value2) if kept else (one.value, one.value2)
    return Filled(
        code=one.code,
        valeur=values[0].replace(".", ","),
        valeur2=values[1].replace(".", ","),
        unite=one.sent_unit if kept else one.unit,
        date=one.time.date().isoformat() if one.is_day else shown_moment(one.time),
        commentaire=one.comment,
        motif=one.reason,
        moment=one.moment,
        jours=str(one.days or ""),
        version=str(version),
    )


def shown_moment(instant: datetime) -> str:
    """As a field of date and time shows it, in Paris."""
    return f"{wall_of(instant):%Y-%m-%dT%H:%M}"


def read_moment(text: str) -> When | None:
    """A day, or a day and an hour in Paris: as a field sends it or as people write it."""
    found = _HOUR.fullmatch(text)
    day = read_day((found[1] if found else text).strip().rstrip(","))
    if day is None:
        return None
    if found is None:
        return when_of(day.isoformat())
    try:
        wall = datetime(day.year, day.month, day.day, int(found[2]), int(found[3]))  # noqa: DTZ001 - put in Paris below
    except ValueError:
        return None
    return when_of(wall.replace(tzinfo=words.PARIS).isoformat())


def read(filled: Filled, *, birth: str, now: datetime) -> tuple[Measure | None, dict[str, str]]:
    """The measure, or words by field in the order of the form."""
    kind = filled.kind
    if kind is None:
        return None, {"code": said.CHOOSE}
    typed = read_typed(kind, filled.valeur, filled.valeur2, filled.unite)
    when = read_moment(filled.date)
    days = whole(filled.jours) or 0
    wrong = typed if isinstance(typed, WrongPart) else None
    found = {
        _field_of(wrong): said.wrong_words(kind, wrong) if wrong else "",
        "jours": said.DAYS if kind.has_days and not 0 < days <= MAX_DAYS else "",
        "date": _date_error(filled, when, birth=birth, now=now),
        "motif": said.REASON_TOO_LONG if len(filled.motif) > COMMENT_CHARACTERS else "",
        "commentaire": said.COMMENT_TOO_LONG
        if len(filled.commentaire) > COMMENT_CHARACTERS
        else "",
        "": "" if filled.version or FORM_KEY.fullmatch(filled.cle) else said.NOT_SENT,
    }
    errors = {name: text for name, text in found.items() if text}
    if errors or when is None or isinstance(typed, WrongPart):
        return None, errors
    told = Told(
        moment=filled.moment if filled.moment in MOMENTS else "",
        days=days or None,
        reason=filled.motif,
        comment=filled.commentaire,
    )
    return made(kind, typed.numbers, when, sent=typed.said, unit=typed.unit, told=told), {}


def _field_of(wrong: WrongPart | None) -> str:
    if wrong is None or wrong.wrong is Wrong.COMPUTED:
        return "code" if wrong else VALUES[0]
    return "unite" if wrong.wrong is Wrong.UNIT else VALUES[wrong.part]


def _date_error(filled: Filled, when: When | None, *, birth: str, now: datetime) -> str:
    if when is None:
        return words.BAD_DATE if filled.date else said.GIVE_DATE
    return "" if is_in_life(when, birth=birth, now=now) else said.NOT_IN_LIFE
