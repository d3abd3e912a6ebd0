"""`/activer/code-provisoire` : « Générer un nouveau code provisoire » (VAULT ACC-04, ACC-05)."""

from datetime import date

from aiohttp import web

from gateway.flows.entering.activate import UsedCodeError
from gateway.flows.entering.renewal import Asked
from gateway.flows.entering.renewal import renew as renew_code
from gateway.flows.entering.rules import is_nir, nir_of, serial_of
from gateway.flows.signing_in.tries import WrongError
from gateway.mapping.identity import INS_CHARACTERS
from gateway.vault import words as common
from gateway.vault.days import read_day
from gateway.vault.entering import words
from gateway.vault.entering.steps import step
from gateway.vault.porch import see_other
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import address_of, field
from gateway.vault.visit import VISIT

PLACE = "/activer/code-provisoire"
FIELDS = ("nir", "serie", "naissance", "canal")


async def renewal_page(request: web.Request) -> web.Response:
    if request[VISIT].own is not None:
        return see_other("/")
    for name, said in (("parti", words.CODE_GONE_BY), ("inconnu", words.NO_SUCH_CONTACT)):
        if (told := said.get(request.query.get(name, ""))) is not None:
            sent = name == "parti"
            return step(request, "renewal_sent", words.NEW_CODE, told=told, sent=sent)
    return _form(request, dict.fromkeys(FIELDS, ""))


def _form(
    request: web.Request, typed: dict[str, str], *, errors: dict[str, str] | None = None
) -> web.Response:
    return step(
        request, "renewal", words.NEW_CODE, errors=errors, typed=typed, channels=words.CHANNELS
    )


async def renew(request: web.Request) -> web.Response:
    """What cannot be right is said before anybody is looked for, then whatever is wrong alike."""
    rooms = request[ROOMS]
    came = rooms.quiet.came()
    typed = {name: (await field(request, name)).strip() for name in FIELDS}
    asked, errors = _asked(typed)
    if asked is None:
        return _form(request, typed, errors=errors)
    try:
        sent = await renew_code(rooms.entrance, asked, address=address_of(request))
    except WrongError:
        await rooms.quiet.leave(came)
        return _form(request, typed, errors={"nir": words.UNIDENTIFIED})
    except UsedCodeError:
        return _form(request, typed, errors={"nir": words.ALREADY_MADE})
    return see_other(f"{PLACE}?{'parti' if sent else 'inconnu'}={asked.channel}")


def _asked(typed: dict[str, str]) -> tuple[Asked | None, dict[str, str]]:
    nir, serial = nir_of(typed["nir"]), serial_of(typed["serie"])
    born = read_day(typed["naissance"])
    errors: dict[str, str] = {}
    if len(nir) != INS_CHARACTERS:
        errors["nir"] = common.NIR_LENGTH
    elif not is_nir(nir):
        errors["nir"] = words.NIR_WRONG
    if serial is None:
        errors["serie"] = words.SERIAL_WRONG
    if born is None:
        errors["naissance"] = common.BAD_DATE if typed["naissance"] else words.BORN_MISSING
    if typed["canal"] not in words.CHANNELS:
        errors["canal"] = words.CHANNEL_MISSING
    if errors or serial is None or not isinstance(born, date):
        return None, errors
    return Asked(nir=nir, serial=serial, born=born, channel=typed["canal"]), {}
