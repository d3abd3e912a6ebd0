"""`/opposition`: who waits for no space says so, with code and carte Vitale (VAULT ACC-11)."""

from aiohttp import web

from gateway.flows.entering.activate import OldCodeError, UsedCodeError
from gateway.flows.entering.rules import nir_of, serial_of
from gateway.flows.leaving import oppose as flow
from gateway.flows.leaving.proof import Proof
from gateway.flows.leaving.room import OverError
from gateway.flows.signing_in.tries import WrongError
from gateway.mapping.files.pdf.card import Box, CardText, card_pdf
from gateway.records.patients.account import Person
from gateway.records.patients.activation import Aim
from gateway.vault import words as common
from gateway.vault.called import born, full_name
from gateway.vault.entering.activation import card_errors
from gateway.vault.entering.steps import PROOF, on_its_way, place_of, step
from gateway.vault.entering.words import CODE_OVER, CODE_USED, UNIDENTIFIED
from gateway.vault.leaving import words
from gateway.vault.porch import see_other, set_cookie, sorry
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import address_of, field
from gateway.vault.visit import SESSION_COOKIE, VISIT

FIELDS = ("code", "nir", "serie")
FILE = "preuve-mon-espace-sante.pdf"


async def opposition_page(request: web.Request) -> web.Response:
    if request[VISIT].own is not None:
        return see_other("/parametres/fermer")
    notice = common.SESSION_OVER if request.query.get("fin") == "session" else ""
    return _form(request, dict.fromkeys(FIELDS, ""), notice=notice)


def _form(
    request: web.Request,
    typed: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    notice: str = "",
) -> web.Response:
    return step(
        request,
        "opposition",
        words.OPPOSE,
        room="leaving",
        errors=errors,
        typed=typed,
        notice=notice,
        effect=words.NO_CHANGE,
    )


async def oppose(request: web.Request) -> web.Response:
    """Fields `code`, `nir`, `serie`."""
    rooms = request[ROOMS]
    came = rooms.quiet.came()
    typed = {name: (await field(request, name)).strip() for name in FIELDS}
    nir, serial = nir_of(typed["nir"]), serial_of(typed["serie"])
    kept = typed | {"code": ""}
    if errors := card_errors(typed, nir, serial):
        return _form(request, kept, errors=errors)
    said = flow.Said(code=typed["code"], nir=nir, serial=serial or "")
    try:
        ticket = await flow.identify(rooms.leaving, said, address=address_of(request))
    except WrongError:
        await rooms.quiet.leave(came)
        return _form(request, kept, errors={"code": UNIDENTIFIED})
    except (OldCodeError, UsedCodeError, flow.ClosedError) as error:
        return _form(request, kept, errors={"code": _why(error)})
    draft = ticket.session.draft
    response = see_other(place_of(draft) if draft else PROOF)
    set_cookie(response, rooms, SESSION_COOKIE, ticket.secret)
    return response


def _why(error: Exception) -> str:
    if isinstance(error, flow.ClosedError):
        if error.at is None:
            return words.IS_CLOSED
        return words.IS_CLOSED_SINCE.format(day=common.date_of(error.at))
    if isinstance(error, UsedCodeError):
        return f"{words.IS_MADE} {words.TO_CLOSE}" if error.is_active else CODE_USED
    return CODE_OVER


async def close_page(request: web.Request) -> web.Response:
    """The space was made meanwhile: it may be closed."""
    found = on_its_way(request, Aim.OPPOSITION)
    if isinstance(found, web.Response):
        return found
    return step(request, "not_activated", words.CLOSE, room="leaving")


async def close(request: web.Request) -> web.Response:
    found = on_its_way(request, Aim.OPPOSITION)
    if isinstance(found, web.Response):
        return found
    try:
        await flow.close_unactivated(request[ROOMS].leaving, *found)
    except OverError as error:
        return sorry(request[VISIT], 409, words.over_words(error), refusal="espace")
    return see_other(PROOF)


async def proof_page(request: web.Request) -> web.Response:
    found = await _proof(request)
    if isinstance(found, web.Response):
        return found
    proof, person = found
    return step(
        request,
        "proof",
        words.PROOF_TITLES[proof.act],
        room="leaving",
        proof=proof,
        who=_who(person),
        says=words.PROOF_SAYS[proof.act],
        effects=words.PROOF_EFFECTS[proof.act],
    )


async def proof_file(request: web.Request) -> web.Response:
    """The same on one page, in PDF; the same bytes whenever it is asked for."""
    found = await _proof(request)
    if isinstance(found, web.Response):
        return found
    return web.Response(
        body=card_pdf(_card(*found)),
        headers={
            "Content-Type": "application/pdf",
            "Content-Disposition": f'attachment; filename="{FILE}"',
        },
    )


def _card(proof: Proof, person: Person) -> CardText:
    return CardText(
        title=f"Mon espace santé : {words.PROOF_TITLES[proof.act].lower()}",
        under=f"{_who(person)} · le {common.moment(proof.at)} · référence {proof.reference}",
        boxes=(
            Box(title="Ce que dit cette preuve", lines=words.PROOF_SAYS[proof.act]),
            Box(title="Ce que cela change", lines=words.PROOF_EFFECTS[proof.act]),
        ),
        foot=words.PROOF_FOOT,
    )


def _who(person: Person) -> str:
    return ", ".join(part for part in (full_name(person), born(person)) if part)


async def _proof(request: web.Request) -> tuple[Proof, Person] | web.Response:
    found = on_its_way(request, Aim.OPPOSITION, page=PROOF)
    if isinstance(found, web.Response):
        return found
    leaving, (session, draft) = request[ROOMS].leaving, found
    person = await leaving.entrance.person_of(draft)
    proof = await flow.proof_for(leaving, draft)
    if proof is None or person is None:
        await leaving.entrance.sessions.close(session.id_hash)
        return see_other("/opposition")
    return proof, person
