"""Own reminders: set and dropped on the page of the agenda (VAULT AGE-04)."""

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.agenda.writing import TooManyError
from gateway.records.agenda.reminder import Repeats
from gateway.vault.agenda import words
from gateway.vault.agenda.form import filled_reminder, reminder_errors
from gateway.vault.agenda.listing import agenda_view
from gateway.vault.agenda.room import PATH, room_of
from gateway.vault.days import read_day
from gateway.vault.porch import see_other
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT


async def remind(request: web.Request) -> web.Response:
    """Fields `titre`, `date`, `repetition`, and `cle`, by which a second click is known."""
    patient, reader = request[VISIT].holder()
    filled = filled_reminder(request)
    errors = reminder_errors(filled, request[ROOMS].clock.now())
    day = read_day(filled.date)
    if errors or day is None:
        return await agenda_view(request, status=422, errors=errors, filled=filled)
    try:
        await room_of(request).write.remind(
            reader,
            patient,
            title=filled.titre,
            day=day,
            repeats=Repeats(filled.repetition),
            key=filled.cle,
        )
    except TooManyError:
        too_many = {"date": words.TOO_MANY}
        return await agenda_view(request, status=422, errors=too_many, filled=filled)
    return see_other(f"{PATH}?fait=rappel")


async def forget(request: web.Request) -> web.Response:
    """Field `rappel`, its id."""
    patient, reader = request[VISIT].holder()
    said = await field(request, "rappel")
    if not said:
        raise RefusedError("rappel is the id of a reminder")
    await room_of(request).write.forget(reader, patient, said)
    return see_other(f"{PATH}?fait=rappel-supprime")
