"""Writing: sending, keeping a draft, choosing what is sent along (VAULT MSG-04 to MSG-08)."""

from aiohttp import hdrs, web

from gateway.flows.corresponding.refusal import UnwrittenError
from gateway.records.correspondence.conversation import Conversation, Unwritten
from gateway.vault.messaging.conversation import conversation_view
from gateway.vault.messaging.form import Typed, Wrong, draft_of, left_out, refused, typed_of
from gateway.vault.messaging.room import PATH, room_of
from gateway.vault.messaging.sheet import ATTACH, sheet_of
from gateway.vault.porch import see_other
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT, Visit
from gateway.vault.words import moment


async def sheet_page(request: web.Request) -> web.Response:
    """By GET, with the correspondent and the documents that a link names."""
    typed = Typed(
        destinataire=request.query.get("destinataire", ""),
        documents=tuple(dict.fromkeys(request.query.getall("documents", []))),
    )
    return await sheet_of(request, typed)


async def send(request: web.Request) -> web.Response:
    """Fields `fil destinataire objet texte documents`."""
    patient, reader = request[VISIT].holder()
    typed = typed_of(request)
    about = await _about(request, typed)
    first = about is None or not about.count
    if first and (wrong := left_out(typed)):
        return await _again(request, typed, wrong)
    try:
        sent = await room_of(request).write(reader, patient, draft_of(typed), key=typed.cle)
    except UnwrittenError as error:
        return await _refused(request, typed, about, error.code)
    return see_other(f"{PATH}/{sent}?fait=envoye")


async def save(request: web.Request) -> web.Response:
    """Keeps the draft; our script asks for it in JSON, every few seconds."""
    quietly = request.headers.get(hdrs.ACCEPT, "") == "application/json"
    typed = typed_of(request)
    try:
        kept = await _keep(request, typed)
    except UnwrittenError as error:
        return await _refused(request, typed, await _about(request, typed), error.code)
    if quietly:
        at = moment(request[ROOMS].clock.now())
        return web.json_response({"fil": kept, "dit": f"Brouillon enregistré le {at}."})
    return see_other(f"{PATH}/{kept}?fait=brouillon")


async def keep_late(request: web.Request, visit: Visit) -> None:
    """As a draft: nothing is sent by who is not signed in any more."""
    patient, reader = visit.holder()
    typed = typed_of(request)
    if not typed.is_blank:
        await room_of(request).save_draft(reader, patient, draft_of(typed))


async def attach(request: web.Request) -> web.Response:
    """« Joindre des documents »: what is typed is kept, and the documents are shown."""
    typed = typed_of(request)
    try:
        kept = await _keep(request, typed)
    except UnwrittenError as error:
        return await _refused(request, typed, await _about(request, typed), error.code)
    return see_other(f"{PATH}/{kept}?{ATTACH}=oui#documents")


async def _keep(request: web.Request, typed: Typed) -> str:
    patient, reader = request[VISIT].holder()
    return await room_of(request).save_draft(reader, patient, draft_of(typed))


async def _about(request: web.Request, typed: Typed) -> Conversation | None:
    """Of the conversation that is answered. Raises DeniedError for none of this reader's."""
    if not typed.fil:
        return None
    patient, reader = request[VISIT].holder()
    return await room_of(request).about(reader, patient, typed.fil)


async def _refused(
    request: web.Request, typed: Typed, about: Conversation | None, code: Unwritten
) -> web.Response:
    name = about.correspondent.name if about and about.count else typed.destinataire
    wrong = refused(code, typed, room_of(request).limits, name, request[VISIT].face.of)
    return await _again(request, typed, wrong)


async def _again(request: web.Request, typed: Typed, wrong: Wrong) -> web.Response:
    """The form once more, with what was typed."""
    if typed.fil:
        return await conversation_view(request, typed.fil, typed=typed, wrong=wrong)
    return await sheet_of(request, typed, wrong=wrong)
