"""One appointment: shown, added, changed, cancelled, as a file (VAULT AGE-01, AGE-09)."""

from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.agenda.taking import Taken
from gateway.flows.agenda.writing import NotOwnError, StaleError
from gateway.mapping.agenda.calendar import CALENDAR_TYPE
from gateway.vault.agenda import words
from gateway.vault.agenda.form import (
    Filled,
    errors_in,
    filled_of,
    filled_with,
    written_by,
)
from gateway.vault.agenda.listing import row_of
from gateway.vault.agenda.room import PATH, room_of
from gateway.vault.document.listing import row_of as row_of_document
from gateway.vault.forms import fields_of
from gateway.vault.porch import see_other, sorry
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT
from gateway.vault.words import CHANGED_MEANWHILE

SHOWN_DOCUMENTS = 50
CHANGED: Mapping[str, str] = {"": CHANGED_MEANWHILE}


async def one_page(request: web.Request) -> web.Response:
    visit = request[VISIT]
    patient, reader = visit.holder()
    one, cards = await room_of(request).opened(reader, patient, request.match_info["id"])
    return html(
        "agenda/one.html",
        face=visit.face,
        title=f"Rendez-vous : {one.meeting.who}",
        current=PATH,
        data_page=f"{PATH[1:]}/{one.id}",
        done=words.DONE.get(request.query.get("fait", ""), ""),
        row=row_of(one),
        reason=one.meeting.reason,
        note=one.beside.note_of(reader.id or ""),
        ahead=words.AHEAD[one.beside.ahead],
        own=one.source is None,
        is_ahead=one.is_ahead,
        cards=[row_of_document(card) for card in cards],
        not_own=words.NOT_OWN,
    )


async def add_page(request: web.Request) -> web.Response:
    return await _form(request, Filled())


async def change_page(request: web.Request) -> web.Response:
    patient, reader = request[VISIT].holder()
    one, _ = await room_of(request).opened(reader, patient, request.match_info["id"])
    filled = filled_with(one, reader.id or "")
    return await _form(request, filled, appointment=one.id, beside_only=one.source is not None)


async def add(request: web.Request) -> web.Response:
    """303 to the appointment once it is durable; a second click is the first one again."""
    patient, reader = request[VISIT].holder()
    filled = filled_of(request)
    errors = errors_in(filled)
    if errors:
        return await _form(request, filled, errors=errors)
    write = room_of(request).write
    identifier = await write.add(reader, patient, written_by(filled), key=filled.cle)
    return see_other(f"{PATH}/{identifier}?fait=ajoute")


async def change(request: web.Request) -> web.Response:
    """Of what a sender told only what stands beside it: a form that says more is refused (403)."""
    patient, reader = request[VISIT].holder()
    filled, appointment = filled_of(request), request.match_info["id"]
    beside_only = "date" not in fields_of(request)
    errors = errors_in(filled, beside_only=beside_only)
    if errors:
        await room_of(request).opened(reader, patient, appointment)
        return await _form(
            request, filled, errors=errors, appointment=appointment, beside_only=beside_only
        )
    written = written_by(filled, beside_only=beside_only)
    try:
        await room_of(request).write.change(
            reader, patient, appointment, written, version=filled.version
        )
    except StaleError:
        one, _ = await room_of(request).opened(reader, patient, appointment)
        return await _form(
            request,
            replace(filled, version=one.version),
            errors=CHANGED,
            appointment=appointment,
            beside_only=beside_only,
        )
    except RefusedError as error:
        return _refused(request, error, appointment)
    return see_other(f"{PATH}/{appointment}?fait=modifie")


async def cancel_page(request: web.Request) -> web.Response:
    visit = request[VISIT]
    patient, reader = visit.holder()
    one, _ = await room_of(request).opened(reader, patient, request.match_info["id"])
    return html(
        "agenda/cancel.html",
        face=visit.face,
        title=words.CANCEL,
        current=PATH,
        data_page=f"{PATH[1:]}/{one.id}/annuler",
        row=row_of(one),
        version=one.version,
        effects=words.CANCEL_EFFECTS,
    )


async def cancel(request: web.Request) -> web.Response:
    patient, reader = request[VISIT].holder()
    appointment = request.match_info["id"]
    version = filled_of(request).version
    try:
        await room_of(request).write.cancel(reader, patient, appointment, version=version)
    except RefusedError as error:
        return _refused(request, error, appointment)
    return see_other(f"{PATH}/{appointment}?fait=annule")


async def one_file(request: web.Request) -> web.Response:
    patient, reader = request[VISIT].holder()
    taken = await room_of(request).take.one(reader, patient, request.match_info["id"])
    return calendar_file(taken, "rendez-vous.ics")


async def whole_file(request: web.Request) -> web.Response:
    patient, reader = request[VISIT].holder()
    return calendar_file(await room_of(request).take.all(reader, patient), "agenda.ics")


def calendar_file(taken: Taken, name: str) -> web.Response:
    return web.Response(
        body=taken.body,
        content_type=CALENDAR_TYPE,
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _refused(request: web.Request, error: RefusedError, appointment: str) -> web.Response:
    visit, back = request[VISIT], (f"{PATH}/{appointment}", "Voir ce rendez-vous")
    if isinstance(error, NotOwnError):
        return sorry(visit, 403, words.NOT_OWN, refusal="professionnel", back=back)
    if isinstance(error, StaleError):
        return sorry(visit, 409, words.STALE, refusal="version", back=back)
    raise error


async def _form(
    request: web.Request,
    filled: Filled,
    *,
    errors: Mapping[str, str] | None = None,
    appointment: str = "",
    beside_only: bool = False,
) -> web.Response:
    stale = errors is CHANGED
    visit = request[VISIT]
    patient, reader = visit.holder()
    cards = await room_of(request).choosable(reader, patient)
    chosen = [card for card in cards if card.id in filled.documents]
    others = [card for card in cards if card.id not in filled.documents]
    address = f"{PATH}/{appointment}/modifier" if appointment else f"{PATH}/ajouter"
    return html(
        "agenda/form.html",
        status=409 if stale else 422 if errors else 200,
        refusal="version" if stale else "",
        face=visit.face,
        title="Modifier ce rendez-vous" if appointment else "Ajouter un rendez-vous",
        current=PATH,
        data_page=address[1:],
        errors=errors or {},
        address=address,
        back=f"{PATH}/{appointment}" if appointment else PATH,
        appointment=appointment,
        beside_only=beside_only,
        filled=filled,
        cle=filled.cle or request[ROOMS].ids.secret(),
        zones=words.ZONES,
        ahead=words.AHEAD,
        cards=[*chosen, *others][:SHOWN_DOCUMENTS],
        total=len(cards),
        words=words,
    )
