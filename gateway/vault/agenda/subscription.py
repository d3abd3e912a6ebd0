"""The address at which a phone's calendar reads an agenda again and again (VAULT AGE-09)."""

from aiohttp import web

from gateway.errors import DeniedError
from gateway.vault.agenda import words
from gateway.vault.agenda.one import calendar_file
from gateway.vault.agenda.room import PATH, room_of
from gateway.vault.fhir.porch import origin_of
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT, peer_of

PLACE = f"{PATH}/abonnement"
SECRET = r"[A-Za-z0-9_-]{43}"  # noqa: S105 — how it looks, not one
YES = "oui"


async def subscription_page(request: web.Request) -> web.Response:
    return await _page(request, done=words.DONE.get(request.query.get("fait", ""), ""))


async def subscribe(request: web.Request) -> web.Response:
    """Field `details` (oui). The address is shown on the page that answers, and never again."""
    patient, reader = request[VISIT].holder()
    detailed = await field(request, "details") == YES
    secret = await room_of(request).take.subscribe(reader, patient, detailed=detailed)
    return await _page(request, address=f"{origin_of(request)}{PLACE}/{secret}.ics")


async def unsubscribe(request: web.Request) -> web.Response:
    patient, reader = request[VISIT].holder()
    await room_of(request).take.unsubscribe(reader, patient)
    return see_other(f"{PLACE}?fait=abonnement-supprime")


async def feed(request: web.Request) -> web.Response:
    """Asked by a program, without a session: the secret of the address stands for it."""
    rooms = request[ROOMS]
    if rooms.agenda is None:
        raise DeniedError("there is no agenda here")
    secret = request.match_info["secret"]
    taken = await rooms.agenda.take.read(secret, peer_of(request, rooms))
    tag = f'"{taken.tag}"'
    if any(one.value == taken.tag for one in request.if_none_match or ()):
        return web.Response(status=304, headers={"ETag": tag})
    response = calendar_file(taken, "agenda.ics")
    response.headers["ETag"] = tag
    return response


async def _page(request: web.Request, *, done: str = "", address: str = "") -> web.Response:
    visit = request[VISIT]
    patient, reader = visit.holder()
    feeds = await room_of(request).take.feeds(reader, patient)
    return html(
        "agenda/subscription.html",
        face=visit.face,
        title="S'abonner à cet agenda",
        current=PATH,
        data_page=PLACE[1:],
        done=done,
        address=address,
        feed=next(iter(feeds), None),
    )
