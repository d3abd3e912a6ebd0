"""`/activer/sans-code`: who has no provisional code proves the contact that is known (VAULT ACC-06,
POL-05)."""

from aiohttp import web

from gateway.flows.entering import by_contact as flow
from gateway.flows.entering.activate import UsedCodeError
from gateway.flows.entering.rules import nir_of, serial_of
from gateway.flows.signing_in.tries import WrongError
from gateway.records.patients.activation import Helper
from gateway.vault.entering import words
from gateway.vault.entering.activation import HELPERS, PLACE, WITHOUT_CODE, card_errors, is_open
from gateway.vault.entering.renewal import PLACE as RENEWAL
from gateway.vault.entering.steps import place_of, step
from gateway.vault.porch import see_other, set_cookie
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import address_of, field
from gateway.vault.visit import SESSION_COOKIE, VISIT

FIELDS = ("nir", "serie", "canal", "assiste_par")


async def without_code_page(request: web.Request) -> web.Response:
    if request[VISIT].own is not None:
        return see_other("/")
    if not is_open(request, WITHOUT_CODE):
        return see_other(PLACE)
    return _form(request, dict.fromkeys(FIELDS, "") | {"assiste_par": Helper.ALONE.value})


def _form(
    request: web.Request, typed: dict[str, str], *, errors: dict[str, str] | None = None
) -> web.Response:
    return step(
        request,
        "without_code",
        words.ACTIVATE,
        errors=errors,
        typed=typed,
        channels=words.CHANNELS,
        helpers={one.value: said for one, said in words.HELPERS.items()},
        with_code=is_open(request, PLACE),
    )


async def without_code(request: web.Request) -> web.Response:
    """What cannot be right is said before anybody is looked for, then whatever is wrong alike."""
    if not is_open(request, WITHOUT_CODE):
        return see_other(PLACE)
    rooms = request[ROOMS]
    came = rooms.quiet.came()
    typed = {name: (await field(request, name)).strip() for name in FIELDS}
    nir, serial = nir_of(typed["nir"]), serial_of(typed["serie"])
    errors = card_errors(typed | {"code": "-"}, nir, serial)
    if typed["canal"] not in words.CHANNELS:
        errors["canal"] = words.CHANNEL_MISSING
    if errors:
        return _form(request, typed, errors=errors)
    helper = HELPERS.get(typed["assiste_par"], Helper.ALONE)
    sought = flow.Sought(nir=nir, serial=serial or "", channel=typed["canal"], helper=helper)
    try:
        ticket = await flow.identify(rooms.entrance, sought, address=address_of(request))
    except WrongError:
        await rooms.quiet.leave(came)
        return _form(request, typed, errors={"nir": words.UNIDENTIFIED})
    except UsedCodeError:
        return _form(request, typed, errors={"nir": words.ALREADY_MADE})
    if ticket is None or ticket.session.draft is None:
        return see_other(f"{RENEWAL}?inconnu={typed['canal']}")
    response = see_other(place_of(ticket.session.draft))
    set_cookie(response, rooms, SESSION_COOKIE, ticket.secret)
    return response
