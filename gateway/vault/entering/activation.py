"""`/activer`: the owner of a space that waits comes in with a code and the carte Vitale."""

from dataclasses import replace

from aiohttp import web

from gateway.flows.entering import activate
from gateway.flows.entering.activate import BeingErasedError, Card, OldCodeError, UsedCodeError
from gateway.flows.entering.entrance import Entrance, ask
from gateway.flows.entering.rules import (
    Flaw,
    email_of,
    is_nir,
    login_flaw,
    mobile_of,
    nir_of,
    password_flaw,
    serial_of,
)
from gateway.flows.signing_in.tries import WrongError
from gateway.mapping.identity import INS_CHARACTERS
from gateway.records.patients.account import Person, Session
from gateway.records.patients.activation import Activated, Aim, Draft, Helper
from gateway.records.patients.invitation import LETTER_PATH, OTP_PATH
from gateway.vault import words as common
from gateway.vault.entering import words
from gateway.vault.entering.steps import ENDS, LOGIN, on_its_way, place_of, step
from gateway.vault.porch import see_other, set_cookie, sorry
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import address_of, field
from gateway.vault.visit import SESSION_COOKIE, VISIT

FIELDS = ("code", "nir", "serie", "assiste_par")
TAKEN, CANCELLED = "pris", "suppression"
PLACE, WITHOUT_CODE = "/activer", "/activer/sans-code"
PATHS = {PLACE: LETTER_PATH, WITHOUT_CODE: OTP_PATH}
"""The pages of POL-05."""
HELPERS = {one.value: one for one in Helper}


async def start_page(request: web.Request) -> web.Response:
    if request[VISIT].own is not None:
        return see_other("/")
    if not is_open(request, PLACE):
        return see_other(WITHOUT_CODE)
    notice = common.SESSION_OVER if request.query.get("fin") == "session" else ""
    return _start(request, notice=notice)


def is_open(request: web.Request, page: str) -> bool:
    """Whether this way in is in force today."""
    entrance = request[ROOMS].entrance
    return PATHS[page] in entrance.policy.activation_paths.at(entrance.clock.now())


def _start(
    request: web.Request,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    notice: str = "",
) -> web.Response:
    known = dict.fromkeys(FIELDS, "") | {"assiste_par": Helper.ALONE.value} | (typed or {})
    return step(
        request,
        "start",
        words.ACTIVATE,
        errors=errors,
        typed=known,
        helpers={one.value: said for one, said in words.HELPERS.items()},
        notice=notice,
        without_code=is_open(request, WITHOUT_CODE),
    )


async def start(request: web.Request) -> web.Response:
    """A wrong NIR or serial number is said before anything is looked up (VAULT section 1)."""
    if not is_open(request, PLACE):
        return see_other(WITHOUT_CODE)
    rooms = request[ROOMS]
    came = rooms.quiet.came()
    typed = {name: (await field(request, name)).strip() for name in FIELDS}
    nir, serial = nir_of(typed["nir"]), serial_of(typed["serie"])
    kept = {name: typed[name] for name in FIELDS if name != "code"}
    if errors := card_errors(typed, nir, serial):
        return _start(request, errors=errors, typed=kept)
    helper = HELPERS.get(typed["assiste_par"], Helper.ALONE)
    card = Card(code=typed["code"], nir=nir, serial=serial or "", helper=helper)
    try:
        ticket = await activate.identify(rooms.entrance, card, address=address_of(request))
    except WrongError:
        await rooms.quiet.leave(came)
        return _start(request, errors={"code": words.UNIDENTIFIED}, typed=kept)
    except OldCodeError:
        return _start(request, errors={"code": words.CODE_OVER}, typed=kept)
    except UsedCodeError as error:
        said = words.ALREADY_MADE if error.is_active else words.CODE_USED
        return _start(request, errors={"code": said}, typed=kept)
    except BeingErasedError as error:
        return sorry(request[VISIT], 409, erased_words(error), refusal="suppression")
    response = see_other("/activer/coordonnees")
    set_cookie(response, rooms, SESSION_COOKIE, ticket.secret)
    return response


def card_errors(typed: dict[str, str], nir: str, serial: str | None) -> dict[str, str]:
    """What cannot be right, before anybody is looked for; `typed` has the code."""
    errors = {} if typed["code"] else {"code": words.CODE_MISSING}
    if len(nir) != INS_CHARACTERS:
        errors["nir"] = common.NIR_LENGTH
    elif not is_nir(nir):
        errors["nir"] = words.NIR_WRONG
    return errors if serial else errors | {"serie": words.SERIAL_WRONG}


def erased_words(error: BeingErasedError) -> str:
    said = words.BEING_ERASED
    return f"{said} {words.ERASED_BY.format(day=common.date_of(error.due))}" if error.due else said


async def contacts_page(request: web.Request) -> web.Response:
    found = on_its_way(request, Aim.ACTIVATION)
    if isinstance(found, web.Response):
        return found
    return _contacts(request, {"email": found[1].email, "mobile": found[1].mobile})


def _contacts(
    request: web.Request, typed: dict[str, str], errors: dict[str, str] | None = None
) -> web.Response:
    return step(request, "contacts", words.ACTIVATE, errors=errors, typed=typed)


async def contacts(request: web.Request) -> web.Response:
    found = on_its_way(request, Aim.ACTIVATION)
    if isinstance(found, web.Response):
        return found
    session, draft = found
    typed = {name: (await field(request, name)).strip() for name in ("email", "mobile")}
    email, mobile = email_of(typed["email"]), mobile_of(typed["mobile"])
    errors = {}
    if typed["email"] and email is None:
        errors["email"] = words.EMAIL_WRONG
    if typed["mobile"] and mobile is None:
        errors["mobile"] = words.MOBILE_WRONG
    if not typed["email"] and not typed["mobile"]:
        errors["email"] = words.NO_CONTACT
    if errors:
        return _contacts(request, typed, errors)
    reached = activate.reached_at(draft, email=email or "", mobile=mobile or "")
    await ask(request[ROOMS].entrance, session, reached)
    return see_other(place_of(reached))


async def login_page(request: web.Request) -> web.Response:
    found = on_its_way(request, Aim.ACTIVATION)
    if isinstance(found, web.Response):
        return found
    taken = {"identifiant": words.FLAWS[Flaw.LOGIN_TAKEN]} if TAKEN in request.query else {}
    return _login(request, "", taken)


def _login(request: web.Request, login: str, errors: dict[str, str] | None = None) -> web.Response:
    return step(request, "login", words.ACTIVATE, errors=errors, identifiant=login)


async def login(request: web.Request) -> web.Response:
    found = on_its_way(request, Aim.ACTIVATION)
    if isinstance(found, web.Response):
        return found
    session, draft = found
    entrance = request[ROOMS].entrance
    person = await entrance.person_of(draft)
    if person is None:
        return see_other("/activer")
    name = (await field(request, "identifiant")).strip()
    password = await field(request, "mot_de_passe")
    errors = await _login_errors(entrance, person, name, password)
    if not errors and password != await field(request, "mot_de_passe2"):
        errors["mot_de_passe2"] = words.NOT_SAME
    if errors:
        return _login(request, name, errors)
    chosen = replace(draft, login=name, password_hash=await entrance.hasher.hash(password))
    if chosen.agreed:  # the login of before was taken meanwhile
        chosen = activate.agreed(chosen)
    await ask(entrance, session, chosen)
    return see_other(place_of(chosen))


async def _login_errors(
    entrance: Entrance, person: Person, name: str, password: str
) -> dict[str, str]:
    errors, flaw = {}, login_flaw(name)
    if flaw is None and not await entrance.activations.is_free(name, person.key):
        flaw = Flaw.LOGIN_TAKEN
    if flaw is not None:
        errors["identifiant"] = words.FLAWS[flaw]
    if (weak := password_flaw(password, person.identity, name)) is not None:
        errors["mot_de_passe"] = words.FLAWS[weak]
    return errors


async def terms_page(request: web.Request) -> web.Response:
    found = on_its_way(request, Aim.ACTIVATION)
    return found if isinstance(found, web.Response) else step(request, "terms", words.ACTIVATE)


async def terms(request: web.Request) -> web.Response:
    found = on_its_way(request, Aim.ACTIVATION)
    if isinstance(found, web.Response):
        return found
    session, draft = found
    if await field(request, "cgu") != "oui":
        return step(request, "terms", words.ACTIVATE, errors={"cgu": words.AGREE})
    agreed = activate.agreed(draft)
    await ask(request[ROOMS].entrance, session, agreed)
    return see_other(place_of(agreed))


async def last_step(request: web.Request, session: Session, draft: Draft) -> web.Response:
    """After the last code: the space is active, or its page says why not."""
    entrance = request[ROOMS].entrance
    person = await entrance.person_of(draft)
    match await activate.finish(entrance, session, draft):
        case Activated.DONE:
            cancelled = person is not None and person.deletion_asked_at is not None
            return see_other(ENDS[Aim.ACTIVATION] + (f"?{CANCELLED}=annulee" if cancelled else ""))
        case Activated.TAKEN:
            await entrance.go_on(session, replace(draft, login="", password_hash=""))
            return see_other(f"{LOGIN}?{TAKEN}=oui")
        case Activated.GONE:
            await entrance.sessions.close(session.id_hash)
            return _start(request, errors={"code": words.GONE})


async def end_page(request: web.Request) -> web.Response:
    found = on_its_way(request, Aim.ACTIVATION)
    if isinstance(found, web.Response):
        return found
    return step(request, "made", words.ACTIVATE, cancelled=CANCELLED in request.query)
