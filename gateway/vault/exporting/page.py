"""`/parametres/telecharger`: ask for a copy, see what became of it, download it (VAULT EXP-01)."""

from aiohttp import hdrs, web

from gateway.errors import DeferredError
from gateway.flows.exporting.ask import UnderWayError, ask, latest
from gateway.flows.exporting.room import ASKED
from gateway.flows.exporting.take import NoLongerError, ready, take
from gateway.flows.leaving.leave import prove_again
from gateway.flows.signing_in.tries import WrongError
from gateway.records.patients.export import LINK, MOST_DOWNLOADS
from gateway.vault.exporting import words
from gateway.vault.exporting.ranges import UnsatisfiableError, asked_for, begin, pour
from gateway.vault.fhir.porch import base_of
from gateway.vault.leaving.words import PASSWORD_EMPTY, PASSWORD_WRONG
from gateway.vault.porch import see_other, sorry
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS, exporting_of
from gateway.vault.signing_in.signin import address_of, field
from gateway.vault.visit import VISIT

PATH = "/parametres/telecharger"
BACK = (PATH, words.BACK)
RANGE_NOT_SATISFIABLE, GONE, NO_STORAGE = 416, 410, 507


async def export_page(request: web.Request) -> web.Response:
    return await _page(request)


async def _page(
    request: web.Request,
    errors: dict[str, str] | None = None,
    *,
    status: int = 200,
    refusal: str = "",
    said: str = "",
) -> web.Response:
    """`refusal` is the code of what is `said`, where nothing was done."""
    visit, room = request[VISIT], exporting_of(request)
    patient, _ = visit.holder()
    me, _ = visit.myself()
    found = await latest(room, patient, me.key)
    return html(
        "exporting/page.html",
        status=422 if errors else status,
        face=visit.face,
        title=words.TITLE.format(of=of) if (of := visit.face.of) else words.OWN_TITLE,
        current="/parametres",
        data_page=PATH[1:],
        errors=errors or {},
        refusal=refusal,
        said=said,
        export=found,
        path=PATH,
        left=MOST_DOWNLOADS - found.downloads if found else 0,
        most=MOST_DOWNLOADS,
        days=LINK.days,
    )


async def ask_export(request: web.Request) -> web.Response:
    """Field `mot_de_passe`."""
    visit, rooms, room = request[VISIT], request[ROOMS], exporting_of(request)
    patient, reader = visit.holder()
    me, _ = visit.myself()
    password = await field(request, "mot_de_passe")
    if not password:
        return await _page(request, {"mot_de_passe": PASSWORD_EMPTY})
    try:
        address = address_of(request)
        await prove_again(
            rooms.leaving, reader, patient, me.key, password, address=address, act=ASKED
        )
        await ask(room, reader, patient, me.key, base=base_of(request))
    except WrongError:
        return await _page(request, {"mot_de_passe": PASSWORD_WRONG})
    except UnderWayError:
        return await _page(request, status=409, refusal="copie", said=words.UNDER_WAY)
    except DeferredError as error:
        if not error.disk_full:
            raise
        return await _page(request, status=NO_STORAGE, refusal="place", said=words.NO_ROOM)
    return see_other(PATH)


async def download_export(request: web.Request) -> web.StreamResponse:
    """The zip, whole or from any byte on (RFC 9110 section 14). HEAD takes nothing, so it counts
    for nothing, and has no range (section 9.3.2, 14.2)."""
    visit, room = request[VISIT], exporting_of(request)
    patient, reader = visit.holder()
    me, _ = visit.myself()
    export = await ready(room, reader, patient, me.key, request.match_info["id"])
    if request.method == hdrs.METH_HEAD:
        return begin(export, 0, export.size)
    try:
        start, stop = asked_for(request, export)
        taken = await take(room, reader, patient, export, goes_on=start > 0)
    except UnsatisfiableError:
        headers = {"Content-Range": f"bytes */{export.size}"}
        return web.Response(status=RANGE_NOT_SATISFIABLE, headers=headers)
    except (NoLongerError, LookupError) as error:
        spent = isinstance(error, NoLongerError) and error.spent
        said = words.SPENT.format(count=MOST_DOWNLOADS) if spent else words.NO_LONGER
        return sorry(visit, GONE, said, refusal="copie", back=BACK)
    response = begin(export, start, stop)
    return await pour(request, response, taken.octets(start, stop))
