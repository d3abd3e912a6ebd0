"""A form of a session that ran out while it was filled: what was typed may be kept (decision 047).

« Votre session est terminée. Reconnectez-vous : rien n'est perdu. » (PAGES 2, rule 11)
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web

from gateway.errors import DeniedError, RefusedError
from gateway.flows.signing_in.late import run_out
from gateway.records.patients.account import SignedIn
from gateway.vault.forms import came_from_here, is_shown_to, of_this_profile
from gateway.vault.rooms import VaultRooms
from gateway.vault.visit import SESSION_COOKIE, Visit, cookie_name, patient_visit

Late = Callable[[web.Request, Visit], Awaitable[None]]
"""Keeps what was typed and answers nothing; the visit is that of the session that ran out."""


async def keep_late(request: web.Request, rooms: VaultRooms, late: Late, *, upload: int) -> None:
    """Only a form that is ours, and was shown in that session and profile, and to a patient."""
    visit = await _late_visit(request, rooms)
    if visit is None or visit.patient is None:
        return
    with suppress(RefusedError, DeniedError, web.HTTPException):
        ours = await came_from_here(request, upload=upload)
        if ours and is_shown_to(request, visit.secret) and of_this_profile(request, visit):
            await late(request, visit)


async def _late_visit(request: web.Request, rooms: VaultRooms) -> Visit | None:
    secret, sign_in = request.cookies.get(cookie_name(rooms, SESSION_COOKIE), ""), rooms.sign_in
    session = await run_out(sign_in.sessions, sign_in.clock, secret) if secret else None
    if session is None or session.who is not SignedIn.PATIENT:
        return None
    return await patient_visit(request, rooms, secret, session)
