"""`/profils/activer`: a parent who has an own space activates that of a child (VAULT REP-02)."""

from aiohttp import web

from gateway.flows.entering.activate import BeingErasedError, OldCodeError, UsedCodeError
from gateway.flows.entering.of_a_child import ChildCard, activate_child
from gateway.flows.entering.rules import serial_of
from gateway.flows.signing_in.tries import WrongError
from gateway.vault import words as common
from gateway.vault.days import read_day
from gateway.vault.entering import words
from gateway.vault.entering.activation import erased_words
from gateway.vault.family.profiles import PATH
from gateway.vault.porch import see_other, sorry
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import address_of, field
from gateway.vault.visit import VISIT

FIELDS = ("code", "serie", "naissance", "representant", "accord")
PLACE = f"{PATH}/activer"
TICKS = {"representant": words.CERTIFY, "accord": words.OTHER_PARENT}


async def child_page(request: web.Request) -> web.Response:
    return _form(request, dict.fromkeys(FIELDS, ""))


def _form(
    request: web.Request, typed: dict[str, str], errors: dict[str, str] | None = None
) -> web.Response:
    return html(
        "entering/child.html",
        status=422 if errors else 200,
        face=request[VISIT].face,
        title=words.ACTIVATE_CHILD,
        current=PATH,
        data_page="profils/activer",
        errors=errors or {},
        typed=typed,
    )


async def activate(request: web.Request) -> web.Response:
    """Fields `code`, `serie` (of the parent's card), `naissance` (of the child), and the two ticks
    `representant` and `accord`: without them 422, and nobody is looked for."""
    visit, rooms = request[VISIT], request[ROOMS]
    me, own = visit.myself()
    came = rooms.quiet.came()
    typed = {name: (await field(request, name)).strip() for name in FIELDS}
    serial, born = serial_of(typed["serie"]), read_day(typed["naissance"])
    kept = typed | {"code": ""}
    errors = _errors(typed)
    if errors or born is None or serial is None:
        return _form(request, kept, errors)
    card = ChildCard(code=typed["code"], serial=serial, born=born)
    ties = await rooms.ties.ties(me.key)
    try:
        await activate_child(rooms.entrance, me, own, ties, card, address=address_of(request))
    except WrongError:
        await rooms.quiet.leave(came)
        return _form(request, kept, {"code": words.CHILD_UNIDENTIFIED})
    except OldCodeError:
        return _form(request, kept, {"code": words.CHILD_CODE_OVER})
    except UsedCodeError as error:
        if error.is_active:
            return see_other(f"{PATH}?fait=deja-active")
        return _form(request, kept, {"code": words.CHILD_CODE_USED})
    except BeingErasedError as error:
        return sorry(visit, 409, erased_words(error), refusal="suppression")
    return see_other(f"{PATH}?fait=active")


def _errors(typed: dict[str, str]) -> dict[str, str]:
    """What is missing or cannot be right, by field."""
    errors = {} if typed["code"] else {"code": words.CODE_MISSING}
    if serial_of(typed["serie"]) is None:
        errors["serie"] = words.SERIAL_WRONG
    if read_day(typed["naissance"]) is None:
        errors["naissance"] = common.BAD_DATE if typed["naissance"] else words.CHILD_BORN_MISSING
    return errors | {name: said for name, said in TICKS.items() if typed[name] != "oui"}
