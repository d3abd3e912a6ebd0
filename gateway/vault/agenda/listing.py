"""`/agenda`: the list, a month as a table, and the family's (VAULT AGE-02, AGE-03)."""

import re
from calendar import monthcalendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from aiohttp import web

from gateway.access.time import civil_date
from gateway.flows.agenda.family import Kin
from gateway.flows.agenda.listing import PAGE
from gateway.records.agenda.appointment import Appointment
from gateway.records.days import MONTHS
from gateway.vault import words as common
from gateway.vault.agenda import prevention_words, words
from gateway.vault.agenda.form import FilledReminder
from gateway.vault.agenda.prevention import Row as Examination
from gateway.vault.agenda.prevention import rows_of, under_way
from gateway.vault.agenda.room import PATH, room_of
from gateway.vault.called import first_name
from gateway.vault.document.listing import MAX_SEARCH_CHARACTERS, page_number
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
EVERYBODY = "tous"
COLOURS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One appointment in a list. `whose` is the profile's name on the family's page, with the
    number of its colour; `place` where it is opened, "" for one of another profile."""

    id: str
    state: str
    status: str
    when: str
    hour: str
    at: str
    who: str
    profession: str
    where: str
    place: str = ""
    whose: str = ""
    colour: int = 0


def row_of(one: Appointment, *, whose: str = "", colour: int = 0, opens: bool = True) -> Row:
    meeting = one.meeting
    return Row(
        id=one.id,
        state=meeting.status.value,
        status=words.STATUSES[meeting.status],
        when=words.when(meeting.wall, meeting.zone),
        hour=words.hour(meeting.wall),
        at=meeting.starts_at.isoformat(),
        who=meeting.who,
        profession=meeting.profession,
        where=meeting.place,
        place=f"{PATH}/{one.id}" if opens else "",
        whose=whose,
        colour=colour,
    )


async def agenda_page(request: web.Request) -> web.Response:
    """Fields `q` and `page`; `profil` for the family's."""
    if request.query.get("profil"):
        return await _family_page(request, request.query["profil"])
    return await agenda_view(request, done=words.DONE.get(request.query.get("fait", ""), ""))


async def agenda_view(
    request: web.Request,
    *,
    status: int = 200,
    done: str = "",
    errors: dict[str, str] | None = None,
    filled: FilledReminder | None = None,
) -> web.Response:
    """Also with the form of a reminder and what is wrong with it."""
    visit, room = request[VISIT], room_of(request)
    patient, reader = visit.holder()
    asked, page = _words(request), page_number(request.query)
    found = await room.listing(reader, patient, words=asked, page=page)
    pages = max(1, -(-found.total // PAGE))
    return html(
        "agenda/list.html",
        status=status,
        face=visit.face,
        title=_title(visit.face.of),
        current=PATH,
        data_page=PATH[1:],
        errors=errors or {},
        done=done,
        asked=asked,
        ahead=[row_of(one) for one in found.ahead],
        over=[row_of(one) for one in found.over],
        sentence=_sentence(len(found.ahead), found.total, asked),
        reminders=await room.reminders(reader, patient),
        repeats=words.REPEATS,
        filled=filled or FilledReminder(),
        cle=(filled and filled.cle) or request[ROOMS].ids.secret(),
        words=words,
        prevention=await under_way(request),
        prevention_words=prevention_words,
        profiles=await _profiles(request),
        page=page,
        pages=pages,
        previous=_address(asked, page - 1) if page > 1 else "",
        following=_address(asked, page + 1) if page < pages else "",
    )


async def next_appointment(request: web.Request) -> Row | None:
    """For the home page (PAGES section 4)."""
    patient, reader = request[VISIT].holder()
    agenda = request[ROOMS].agenda
    found = await agenda.following(reader, patient) if agenda else None
    return row_of(found) if found else None


async def month_page(request: web.Request) -> web.Response:
    """Field `mois` (2026-12); this month where it is none."""
    visit, room = request[VISIT], room_of(request)
    patient, reader = visit.holder()
    first = _month(request.query.get("mois", ""), civil_date(request[ROOMS].clock.now()))
    found = await room.month(reader, patient, first)
    weeks = [
        [(day, [row_of(one) for one in found.days.get(day, [])]) for day in week]
        for week in monthcalendar(first.year, first.month)
    ]
    return html(
        "agenda/month.html",
        face=visit.face,
        title=f"{_title(visit.face.of)} : {_named(first)}",
        current=PATH,
        data_page=f"{PATH[1:]}/mois",
        wide=True,
        named=_named(first),
        weeks=weeks,
        days=words.DAYS_OF_WEEK,
        count=sum(map(len, found.days.values())),
        before=_shifted(first, -1),
        after=_shifted(first, 1),
        name_of=_named,
    )


async def _family_page(request: web.Request, asked: str) -> web.Response:
    """`tous`, or one of the profiles by its key."""
    visit = request[VISIT]
    me, came = visit.myself()
    text = _words(request)
    kin = await room_of(request).family(me, came, words=text)
    here = visit.patient
    shown = [
        (place % COLOURS, one)
        for place, one in enumerate(kin)
        if asked in (EVERYBODY, one.person.key.hex())
    ]
    rows = [
        row_of(one, whose=_name(each, me.key), colour=colour, opens=each.person.key == here)
        for colour, each in shown
        for one in each.page.ahead
    ]
    return html(
        "agenda/family.html",
        status=200 if shown else 404,
        face=visit.face,
        title="Agenda de la famille",
        current=PATH,
        data_page=PATH[1:],
        asked=asked,
        text=text,
        rows=sorted(rows, key=lambda row: (row.at, row.id)),
        prevention=_asked_of(shown, me.key),
        prevention_words=prevention_words,
        profiles=[(one.person.key.hex(), _name(one, me.key)) for one in kin],
        words=words,
    )


def _asked_of(shown: Sequence[tuple[int, Kin]], me: bytes) -> list[Examination]:
    """What prevention asks of each now."""
    rows = [
        replace(row, whose=_name(kin, me), colour=colour)
        for colour, kin in shown
        for row in rows_of(
            kin.prevented,
            kin.prevented.under_way,
            "" if kin.person.key == me else _name(kin, me),
        )
    ]
    return sorted(rows, key=lambda row: (row.opens, row.title))


async def _profiles(request: web.Request) -> bool:
    """Whether there is a family's agenda to offer: asked of the facts, not decided here."""
    me, _ = request[VISIT].myself()
    return bool(await request[ROOMS].ties.ties(me.key))


def _name(kin: Kin, me: bytes) -> str:
    return "Moi" if kin.person.key == me else first_name(kin.person) or "Ce profil"


def _title(of: str) -> str:
    return f"{words.AGENDA} {of}" if of else words.AGENDA


def _words(request: web.Request) -> str:
    return request.query.get("q", "").strip()[:MAX_SEARCH_CHARACTERS]


def _sentence(ahead: int, over: int, asked: str) -> str:
    """« 2 rendez-vous à venir, 1 passé : « cardiologue » »."""
    said = f"{ahead} rendez-vous à venir, {common.plural(over, 'passé', 'passés')}"
    return f"{said} : « {asked} »" if asked else said


def _address(asked: str, page: int) -> str:
    pairs = [("q", asked), ("page", str(page) if page > 1 else "")]
    kept = [(name, value) for name, value in pairs if value]
    return PATH + (f"?{urlencode(kept)}" if kept else "")


def _month(said: str, today: date) -> date:
    found = MONTH.fullmatch(said)
    try:
        return date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)


def _shifted(first: date, months: int) -> date | None:
    """The first day of another month; None past the years that there are."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1) if date.min.year < year < date.max.year else None


def _named(first: date) -> str:
    """« décembre 2026 »."""
    return f"{MONTHS[first.month - 1]} {first.year}"
