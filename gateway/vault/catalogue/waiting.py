"""What a service asked of somebody who first has to sign in.

It waits in a cookie of this browser, and is judged anew when it comes back: it leads to our own
page only, whatever it says.
"""

import base64
import binascii
from datetime import timedelta

from aiohttp import web

from gateway.vault.porch import drop_cookie, see_other
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import cookie_name

AUTHORIZE = "/autoriser"
COOKIE = "demande"
WAITS = timedelta(minutes=10)
MAX_QUERY = 2_500
"""Characters, so that the cookie keeps below the 4,096 that every browser takes."""


def keep_request(request: web.Request, response: web.StreamResponse) -> None:
    """Until the person is signed in."""
    rooms = request[ROOMS]
    response.set_cookie(
        cookie_name(rooms, COOKIE),
        base64.urlsafe_b64encode(request.url.raw_query_string.encode()).decode(),
        max_age=int(WAITS.total_seconds()),
        path="/",
        secure=rooms.secure_cookies,
        httponly=True,
        samesite="Lax",
    )


def after_sign_in(request: web.Request) -> web.Response:
    """Home, or what a service asked before."""
    rooms = request[ROOMS]
    kept = request.cookies.get(cookie_name(rooms, COOKIE), "")
    if not kept:
        return see_other("/")
    response = see_other(_address(kept))
    drop_cookie(response, rooms, COOKIE)
    return response


def _address(kept: str) -> str:
    try:
        query = base64.urlsafe_b64decode(kept).decode("ascii")
    except (binascii.Error, ValueError):
        return "/"
    return f"{AUTHORIZE}?{query}" if query.isprintable() and len(query) <= MAX_QUERY else "/"
