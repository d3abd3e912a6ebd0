"""`/parametres/fermer`: what it does, what to take along first, and one page that confirms it
(VAULT ACC-15; PAGES 2, rule 8)."""

from aiohttp import web

from gateway.flows.exporting.ask import latest
from gateway.flows.leaving.leave import WORD, close, prove_again
from gateway.flows.leaving.room import OverError
from gateway.flows.signing_in.tries import WrongError
from gateway.records.patients.export import Export
from gateway.vault.family import profiles
from gateway.vault.leaving import words
from gateway.vault.porch import drop_cookie, see_other, sorry
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import address_of, field
from gateway.vault.visit import SESSION_COOKIE, VISIT

PATH = "/parametres/fermer"
CONFIRM = f"{PATH}/confirmer"


async def effect_page(request: web.Request) -> web.Response:
    """With the copy that is offered first, and whether it is ready (VAULT ACC-15)."""
    visit, room = request[VISIT], request[ROOMS].exporting
    patient, _ = visit.holder()
    me, _ = visit.myself()
    return _page(
        request, "effect", PATH, export=await latest(room, patient, me.key) if room else None
    )


async def confirm_page(request: web.Request) -> web.Response:
    return _page(request, "close", CONFIRM)


def _page(
    request: web.Request,
    name: str,
    path: str,
    *,
    errors: dict[str, str] | None = None,
    typed: str = "",
    export: Export | None = None,
) -> web.Response:
    of = request[VISIT].face.of
    return html(
        f"leaving/{name}.html",
        status=422 if errors else 200,
        face=request[VISIT].face,
        title=_title(path, of),
        current="/parametres",
        data_page=path[1:],
        errors=errors or {},
        typed=typed,
        word=WORD,
        export=export,
    )


def _title(path: str, of: str) -> str:
    if path == CONFIRM:
        return f"{words.CONFIRM} de l'espace {of}" if of else words.CONFIRM
    return f"Fermer l'espace {of}" if of else words.CLOSE


async def close_space(request: web.Request) -> web.Response:
    """Fields `mot_de_passe`, and `suppression`: the word, or nothing."""
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    me, _ = visit.myself()
    password, typed = await field(request, "mot_de_passe"), await field(request, "suppression")
    errors = {} if password else {"mot_de_passe": words.PASSWORD_EMPTY}
    if (said := typed.strip()) not in ("", WORD):
        errors["suppression"] = words.TYPE_WORD_OR_NOTHING
    if errors:
        return _page(request, "close", CONFIRM, errors=errors, typed=typed)
    try:
        await prove_again(
            rooms.leaving, reader, patient, me.key, password, address=address_of(request)
        )
        await close(rooms.leaving, reader, patient, asks_deletion=said == WORD)
    except WrongError:
        wrong = {"mot_de_passe": words.PASSWORD_WRONG}
        return _page(request, "close", CONFIRM, errors=wrong, typed=typed)
    except OverError as error:
        return sorry(visit, 409, words.over_words(error), refusal="espace")
    if visit.profile is not None:
        end = "ferme-suppression" if said else "ferme"
        return see_other(f"{profiles.PATH}?fait={end}")
    response = see_other(f"/connexion?fin={'suppression' if said else 'fermeture'}")
    drop_cookie(response, rooms, SESSION_COOKIE)
    return response
