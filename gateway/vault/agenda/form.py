"""The forms of an appointment and of a reminder as they were filled (VAULT GEN-10), checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from aiohttp import web

from gateway.access.time import civil_date
from gateway.flows.agenda.writing import Written
from gateway.records.agenda.appointment import PARIS_ZONE, Ahead, Appointment, Meeting
from gateway.records.agenda.reminder import Repeats
from gateway.records.numbers import whole
from gateway.vault import words as common
from gateway.vault.agenda import words
from gateway.vault.days import read_day
from gateway.vault.forms import FORM_KEY, Fields, fields_of
from gateway.vault.words import number

HOUR = re.compile(r"(\d{1,2})\s*[:hH]\s*(\d{2})?", re.ASCII)
MAX_WORD_CHARACTERS, MAX_NOTE_CHARACTERS = 200, 3_000
FIRST_YEAR = 1900


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """As typed, by the names of the fields; `version` of what the form was shown upon."""

    date: str = ""
    heure: str = ""
    avec: str = ""
    profession: str = ""
    lieu: str = ""
    motif: str = ""
    note: str = ""
    rappel: str = Ahead.DAY.value
    fuseau: str = PARIS_ZONE
    documents: tuple[str, ...] = ()
    version: int = 0
    cle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledReminder:
    titre: str = ""
    date: str = ""
    repetition: str = Repeats.NEVER.value
    cle: str = ""


def filled_of(request: web.Request) -> Filled:
    fields = fields_of(request)
    version = _word(fields, "version")
    return Filled(
        date=_word(fields, "date"),
        heure=_word(fields, "heure"),
        avec=_word(fields, "avec"),
        profession=_word(fields, "profession"),
        lieu=_word(fields, "lieu"),
        motif=_word(fields, "motif"),
        note=_text(fields, "note"),
        rappel=_word(fields, "rappel") or Ahead.DAY.value,
        fuseau=_word(fields, "fuseau") or PARIS_ZONE,
        documents=tuple(one for one in fields.getall("documents", []) if isinstance(one, str)),
        version=whole(version) or 0,
        cle=_key(fields),
    )


def filled_with(one: Appointment, person: str) -> Filled:
    """An appointment, to be changed by this person (a key in hexadecimal)."""
    meeting = one.meeting
    return Filled(
        date=meeting.wall.date().isoformat(),
        heure=f"{meeting.wall:%H:%M}",
        avec=meeting.who,
        profession=meeting.profession,
        lieu=meeting.place,
        motif=meeting.reason,
        note=one.beside.note_of(person),
        rappel=one.beside.ahead.value,
        fuseau=meeting.zone,
        documents=one.beside.documents,
        version=one.version,
    )


def errors_in(filled: Filled, *, beside_only: bool = False) -> dict[str, str]:
    """Words by field, in the order of the form."""
    found = {} if beside_only else _errors_of_meeting(filled)
    found["note"] = _too_long(filled.note, MAX_NOTE_CHARACTERS)
    found["rappel"] = "" if filled.rappel in set(Ahead) else words.CHOOSE
    return {name: said for name, said in found.items() if said}


def _errors_of_meeting(filled: Filled) -> dict[str, str]:
    day = _day(filled.date)
    found = {
        "date": "" if day else common.BAD_DATE if filled.date else words.GIVE_DATE,
        "heure": "" if _hour(filled.heure) else words.GIVE_HOUR,
        "fuseau": "" if filled.fuseau in words.ZONES else words.CHOOSE,
    }
    texts: Mapping[str, str] = {
        "avec": filled.avec,
        "profession": filled.profession,
        "lieu": filled.lieu,
        "motif": filled.motif,
    }
    found |= {name: _too_long(text, MAX_WORD_CHARACTERS) for name, text in texts.items()}
    found["avec"] = found["avec"] or ("" if filled.avec else words.GIVE_WHO)
    return found


def written_by(filled: Filled, *, beside_only: bool = False) -> Written:
    """Of a form without errors."""
    return Written(
        meeting=None if beside_only else _meeting(filled),
        ahead=Ahead(filled.rappel),
        note=filled.note,
        documents=filled.documents,
    )


def _meeting(filled: Filled) -> Meeting:
    day, hour = _day(filled.date), _hour(filled.heure)
    return Meeting(
        wall=datetime.combine(day or date.min, hour or time()),
        zone=filled.fuseau,
        who=filled.avec,
        profession=filled.profession,
        place=filled.lieu,
        reason=filled.motif,
    )


def filled_reminder(request: web.Request) -> FilledReminder:
    fields = fields_of(request)
    return FilledReminder(
        titre=_word(fields, "titre"),
        date=_word(fields, "date"),
        repetition=_word(fields, "repetition") or Repeats.NEVER.value,
        cle=_key(fields),
    )


def reminder_errors(filled: FilledReminder, now: datetime) -> dict[str, str]:
    day = _day(filled.date)
    wrong_day = common.BAD_DATE if filled.date else words.REMINDER_DATE
    if day is not None:
        wrong_day = words.IN_PAST if day < civil_date(now) else ""
    found = {
        "titre": _too_long(filled.titre, MAX_WORD_CHARACTERS)
        or ("" if filled.titre else words.GIVE_TITLE),
        "date": wrong_day,
        "repetition": "" if filled.repetition in set(Repeats) else words.CHOOSE,
    }
    return {name: said for name, said in found.items() if said}


def _day(said: str) -> date | None:
    day = read_day(said)
    return day if day is not None and day.year >= FIRST_YEAR else None


def _hour(said: str) -> time | None:
    """14:05 as a field of hours sends it, and 14 h 05 or 14h as people write it."""
    found = HOUR.fullmatch(said)
    try:
        return time(int(found[1]), int(found[2] or 0)) if found else None
    except ValueError:
        return None


def _too_long(text: str, most: int) -> str:
    if len(text) <= most:
        return ""
    return words.TOO_LONG.format(count=number(len(text)), most=number(most))


def _key(fields: Fields) -> str:
    """By which a second click is known; "" for what no form of ours bears."""
    key = _word(fields, "cle")
    return key if FORM_KEY.fullmatch(key) else ""


def _word(fields: Fields, name: str) -> str:
    """One line."""
    return " ".join(_text(fields, name).split())


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name, "")
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""
