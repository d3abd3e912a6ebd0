"""`/parametres/notifications`: by which way each kind leaves the space (VAULT NOT-01).

It is of the person, not of a profile: whoever manages several is told of all in the same way.
"""

from collections.abc import Mapping

from aiohttp import web

from gateway.flows.noticing.ways import choose_ways, ways_chosen
from gateway.records.notices import ALWAYS, Notice, Way
from gateway.vault.forms import fields_of
from gateway.vault.notices.words import ALWAYS_SENT, DONE, KINDS, NEVER_OFF, UNKNOWN, WAYS
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

PATH = "/parametres/notifications"
HIDDEN_FIELDS = frozenset({"jeton"})
FIELDS = {kind.value.lower(): kind for kind in Notice}


async def settings_page(request: web.Request) -> web.Response:
    return await _page(request, {})


async def change(request: web.Request) -> web.Response:
    """Fields `n1` to `n11`, each a `Way`; those that are absent stay as they are."""
    rooms, (person, own) = request[ROOMS], request[VISIT].myself()
    wanted, errors = _wanted(request)
    if errors:
        return await _page(request, errors)
    await choose_ways(rooms.read, own, person.key, wanted)
    return see_other(f"{PATH}?fait=envois")


def _wanted(request: web.Request) -> tuple[dict[Notice, Way], dict[str, str]]:
    wanted, errors = {}, {}
    for name, said in fields_of(request).items():
        if name in HIDDEN_FIELDS:
            continue
        kind, known = FIELDS.get(name), said in {way.value for way in Way}
        if kind is None or not known:
            errors[name if kind else ""] = UNKNOWN
        elif said == Way.NONE and kind in ALWAYS:
            errors[name] = NEVER_OFF
        else:
            wanted[kind] = Way(str(said))
    return wanted, errors


async def _page(request: web.Request, errors: Mapping[str, str]) -> web.Response:
    rooms, visit = request[ROOMS], request[VISIT]
    person, _own = visit.myself()
    chosen = ways_chosen(await rooms.people.choices(person.key), rooms.clock.now())
    login = await rooms.people.login_of(person.key)
    usual = Way.SMS if login is not None and not login.email and login.mobile else Way.EMAIL
    return html(
        "notices/settings.html",
        status=422 if errors else 200,
        face=visit.face,
        title="Envoi des notifications",
        current="/parametres",
        data_page=PATH[1:],
        errors=errors,
        done=DONE.get(request.query.get("fait", ""), ""),
        kinds=KINDS,
        ways=WAYS,
        chosen={kind: _shown(kind, chosen.get(kind, usual), usual) for kind in Notice},
        always=ALWAYS,
        always_sent=ALWAYS_SENT,
    )


def _shown(kind: Notice, chosen: Way, usual: Way) -> Way:
    """What was turned off while that could be is sent as usual."""
    return usual if chosen is Way.NONE and kind in ALWAYS else chosen
