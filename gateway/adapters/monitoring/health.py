"""`/health/live` says that the process answers, `/health/ready` that it can store."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from gateway.records.readers.callers import Caller, open_to

Check = Callable[[], Awaitable[str | None]]
"""Why the house is not ready, in a few words; None when it is."""


def health_routes(check: Check) -> list[web.RouteDef]:
    async def live(_request: web.Request) -> web.Response:
        return web.json_response({"status": "live"})

    async def ready(_request: web.Request) -> web.Response:
        reason = await check()
        if reason is None:
            return web.json_response({"status": "ready"})
        return web.json_response({"status": "not ready", "reason": reason}, status=503)

    anyone = Caller.ANYONE
    return [
        web.get("/health/live", open_to(live, anyone)),
        web.get("/health/ready", open_to(ready, anyone)),
    ]
