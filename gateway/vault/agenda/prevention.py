"""`/agenda/prevention`: what is asked by age, and what people say of it (VAULT AGE-05, AGE-08)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.agenda.listing import LISTED
from gateway.flows.prevention.listing import Prevented
from gateway.flows.prevention.room import Prevention
from gateway.flows.prevention.saying import OVER, BadDayError
from gateway.mapping.prevention.examinations.lines import VACCINE, Line, State
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.vault.agenda import prevention_words as words
from gateway.vault.agenda.room import PATH, room_of
from gateway.vault.days import read_day
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

HERE = f"{PATH}/prevention"
EXAMINATION = "examen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line in a list; `document` and `shown_on` of what proposes that it is done. `whose` is
    the profile's name on the family's page, with the number of its colour; `typed` is a day that
    was wrong."""

    id: str
    rule: str
    title: str
    kind: str
    state: State
    opens: date
    closes: date | None
    done_on: date | None
    why: str
    if_concerned: bool
    silent: bool
    document: str = ""
    shown_on: date | None = None
    whose: str = ""
    colour: int = 0
    typed: str = ""

    @property
    def mark(self) -> tuple[str, str, str]:
        return words.STATES[self.state]

    @property
    def is_examination(self) -> bool:
        return self.kind == EXAMINATION

    @property
    def is_over(self) -> bool:
        return self.state in OVER


def rows_of(found: Prevented, lines: list[Line], name: str = "") -> list[Row]:
    """`name`: whose profile it is, where that is another person's."""
    return [_row(found, one, name) for one in lines]


def _row(found: Prevented, line: Line, name: str) -> Row:
    proposal = found.proposals.get(line.id)
    return Row(
        id=line.id,
        rule=line.rule,
        title=line.title,
        kind=VACCINE if line.kind == VACCINE else EXAMINATION,
        state=line.state,
        opens=line.opens,
        closes=line.closes,
        done_on=line.done_on,
        why=words.because(line.from_age, name),
        if_concerned=line.sex_unknown,
        silent=line.silent,
        document=proposal.document if proposal else "",
        shown_on=proposal.day if proposal else None,
    )


async def under_way(request: web.Request) -> list[Row]:
    """For the page of the agenda, whose entry in the log tells of it."""
    visit = request[VISIT]
    patient, reader = visit.holder()
    found = await _room(request).list(reader, patient, within=LISTED)
    return rows_of(found, found.under_way, _name(request))


async def list_page(request: web.Request) -> web.Response:
    return await _list(request, done=words.DONE_WORDS.get(request.query.get("fait", ""), ""))


async def _list(
    request: web.Request,
    *,
    status: int = 200,
    done: str = "",
    wrong: tuple[str, str, str] | None = None,
) -> web.Response:
    """`wrong`: of which rule the day was wrong, as typed, and what is said of it."""
    visit = request[VISIT]
    patient, reader = visit.holder()
    found = await _room(request).list(reader, patient)
    name = _name(request)
    rows = rows_of(found, list(found.lines or ()), name)
    errors: dict[str, str] = {}
    if wrong is not None:
        rule, typed, said = wrong
        rows = [replace(one, typed=typed) if one.rule == rule else one for one in rows]
        asked = [one for one in rows if one.rule == rule and one.state is not State.DONE]
        errors = {f"date-{one.id}": said for one in asked[:1]} or {"": said}
    return html(
        "agenda/prevention.html",
        status=status,
        face=visit.face,
        title=words.TITLE_OF.format(name=name) if name else words.TITLE,
        current=PATH,
        data_page=HERE[1:],
        errors=errors,
        done=done,
        known=found.lines is not None,
        parts=_parts(rows, found.today),
        words=words,
        today=found.today,
    )


def _parts(rows: list[Row], today: date) -> list[tuple[str, list[Row]]]:
    """By what there is to do; what nobody wants to hear of stands apart."""
    heard = [one for one in rows if not one.silent]
    planned = [one for one in heard if one.state is State.PLANNED]
    parts = [
        ("À planifier maintenant", [one for one in planned if one.opens <= today]),
        ("À venir dans l'année", [one for one in planned if one.opens > today]),
        ("Réalisés", [one for one in reversed(heard) if one.state is State.DONE]),
        ("Périodes passées", [one for one in reversed(heard) if one.is_over]),
        ("Sans rappel", [one for one in rows if one.silent]),
    ]
    return [(title, found) for title, found in parts if found]


async def done(request: web.Request) -> web.Response:
    """Fields `examen`, `date`."""
    visit = request[VISIT]
    patient, reader = visit.holder()
    rule, typed = await _rule(request), (await field(request, "date")).strip()
    day = read_day(typed)
    if day is None:
        return await _list(request, status=422, wrong=(rule, typed, words.GIVE_DATE))
    try:
        await _room(request).say.done(reader, patient, rule, day)
    except BadDayError:
        return await _list(request, status=422, wrong=(rule, typed, words.BAD_DAY))
    return see_other(f"{HERE}?fait=fait")


async def undone(request: web.Request) -> web.Response:
    """Fields `examen`, `date`: that it was done on this day is taken back."""
    say = _room(request).say
    return await _of_day(request, "date", say.undone, "retire")


async def not_done(request: web.Request) -> web.Response:
    """Fields `examen`, `debut`: the first day of the period that is over."""
    say = _room(request).say
    return await _of_day(request, "debut", say.not_done, "pas-fait")


async def _of_day(
    request: web.Request,
    name: str,
    say: Callable[[Reader, PatientKey, str, date], Awaitable[None]],
    said: str,
) -> web.Response:
    patient, reader = request[VISIT].holder()
    rule, day = await _rule(request), read_day(await field(request, name))
    if day is None:
        raise RefusedError(f"{name} is a day")
    await say(reader, patient, rule, day)
    return see_other(f"{HERE}?fait={said}")


async def remind(request: web.Request) -> web.Response:
    """Fields `examen`, `rappel` (oui, non)."""
    patient, reader = request[VISIT].holder()
    rule, silent = await _rule(request), await field(request, "rappel") != "oui"
    await _room(request).say.silence(reader, patient, rule, silent=silent)
    return see_other(f"{HERE}?fait={'sans' if silent else 'avec'}-rappel")


async def not_this(request: web.Request) -> web.Response:
    """Fields `examen`, `document`."""
    patient, reader = request[VISIT].holder()
    rule, document = await _rule(request), await field(request, "document")
    await _room(request).say.not_this(reader, patient, rule, document)
    return see_other(f"{HERE}?fait=ecarte")


async def _rule(request: web.Request) -> str:
    return await field(request, EXAMINATION)


def _room(request: web.Request) -> Prevention:
    return room_of(request).prevention


def _name(request: web.Request) -> str:
    face = request[VISIT].face
    return face.profile_name if face.of else ""
