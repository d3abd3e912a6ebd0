"""`/connexion/oublie`: a login or password that was lost. Every answer is alike for who is not
known here, until a code was right that only a known contact could have received."""

from aiohttp import web

from gateway.flows.entering import recover
from gateway.flows.entering.rules import Flaw, is_nir, nir_of, password_flaw
from gateway.mapping.identity import INS_CHARACTERS
from gateway.records.patients.account import Login, Session
from gateway.records.patients.activation import Aim
from gateway.vault import words as common
from gateway.vault.days import read_day
from gateway.vault.entering import words
from gateway.vault.entering.steps import CODE, ENDS, on_its_way, step
from gateway.vault.porch import see_other, set_cookie
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import address_of, field
from gateway.vault.visit import SESSION_COOKIE, VISIT


async def lost_page(request: web.Request) -> web.Response:
    if request[VISIT].own is not None:
        return see_other("/")
    notice = common.SESSION_OVER if request.query.get("fin") == "session" else ""
    return _lost(request, {"nir": "", "naissance": ""}, notice=notice)


def _lost(
    request: web.Request,
    typed: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    notice: str = "",
) -> web.Response:
    return step(request, "lost", words.RECOVER, errors=errors, typed=typed, notice=notice)


async def lost(request: web.Request) -> web.Response:
    rooms = request[ROOMS]
    came = rooms.quiet.came()
    typed = {name: (await field(request, name)).strip() for name in ("nir", "naissance")}
    nir, born = nir_of(typed["nir"]), read_day(typed["naissance"])
    errors = {}
    if len(nir) != INS_CHARACTERS:
        errors["nir"] = common.NIR_LENGTH
    elif not is_nir(nir):
        errors["nir"] = words.NIR_WRONG
    if born is None:
        errors["naissance"] = common.BAD_DATE if typed["naissance"] else words.BORN_MISSING
    if errors or born is None:
        return _lost(request, typed, errors=errors)
    ticket = await recover.begin(rooms.entrance, nir, born, address=address_of(request))
    await rooms.quiet.leave(came)
    response = see_other(CODE[Aim.RECOVERY])
    set_cookie(response, rooms, SESSION_COOKIE, ticket.secret)
    return response


async def password_page(request: web.Request) -> web.Response:
    found = await _whose(request)
    return found if isinstance(found, web.Response) else _password(request, found[1])


def _password(
    request: web.Request, login: Login, errors: dict[str, str] | None = None
) -> web.Response:
    return step(request, "password", words.RECOVER, errors=errors, identifiant=login.login)


async def password(request: web.Request) -> web.Response:
    found = await _whose(request)
    if isinstance(found, web.Response):
        return found
    session, login = found
    entrance = request[ROOMS].entrance
    person = await entrance.people.person(login.patient)
    chosen = await field(request, "mot_de_passe")
    flaw = password_flaw(chosen, person.identity, login.login) if person else Flaw.LENGTH
    if flaw is None and await recover.is_former(entrance, login, chosen):
        flaw = Flaw.FORMER
    errors = {} if flaw is None else {"mot_de_passe": words.FLAWS[flaw]}
    if not errors and chosen != await field(request, "mot_de_passe2"):
        errors["mot_de_passe2"] = words.NOT_SAME
    if errors:
        return _password(request, login, errors)
    if await recover.finish(entrance, session, login, chosen):
        return see_other(ENDS[Aim.RECOVERY])
    await entrance.sessions.close(session.id_hash)
    return _lost(request, {"nir": "", "naissance": ""}, errors={"nir": words.NOT_RENEWED})


async def _whose(request: web.Request) -> tuple[Session, Login] | web.Response:
    found = on_its_way(request, Aim.RECOVERY)
    if isinstance(found, web.Response):
        return found
    session, draft = found
    login = await recover.login_of(request[ROOMS].entrance, draft)
    return (session, login) if login is not None else see_other("/connexion/oublie")


async def end_page(request: web.Request) -> web.Response:
    found = on_its_way(request, Aim.RECOVERY)
    if isinstance(found, web.Response):
        return found
    return step(request, "renewed", words.RECOVER, identifiant=found[1].login)
