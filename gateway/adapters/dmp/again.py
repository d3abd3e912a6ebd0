"""The same message again gets the first answer again (XDS.md section 2, idempotence).

Of what writes only, in the memory of one process: a reading is decided and traced each time. Who
sends is the same token, certificate or address, and the message the same to the byte.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from gateway.adapters.http.senders import bearer_of, certificate_of
from gateway.clock import Clock
from gateway.flows.signing_in.tries import hash_secret

KEPT_SECONDS = 900.0
MAX_KEPT = 1_000
MAX_ANSWER_BYTES = 65_536
Made = tuple[int, str, bytes]
"""Status, Content-Type and body."""
Key = tuple[str, bytes]


@dataclass(slots=True)
class _Answer:
    until: float
    made: "asyncio.Future[Made | None]"


@dataclass(slots=True)
class Repeats:
    """Answers by who sent the message and what it hashes to."""

    clock: Clock
    _kept: OrderedDict[Key, _Answer] = field(default_factory=OrderedDict)

    async def answered(self, key: Key, make: Callable[[], Awaitable[web.Response]]) -> web.Response:
        """The first answer, or what `make` gives; a copy waits for the one that is in work. What
        was not done (a fault, an error) is done when it comes again."""
        self._forget()
        while (found := self._kept.get(key)) is not None:
            if (made := await asyncio.shield(found.made)) is not None:
                status, kind, body = made
                headers = {"Content-Type": kind, "Cache-Control": "no-store"}
                return web.Response(status=status, body=body, headers=headers)
        begun = _Answer(
            self.clock.monotonic() + KEPT_SECONDS, asyncio.get_running_loop().create_future()
        )
        self._kept[key] = begun
        return await self._made(key, begun, make)

    async def _made(
        self, key: Key, begun: _Answer, make: Callable[[], Awaitable[web.Response]]
    ) -> web.Response:
        made: Made | None = None
        try:
            response = await make()
            body = response.body
            if response.status == 200 and isinstance(body, bytes) and len(body) < MAX_ANSWER_BYTES:
                made = response.status, response.headers["Content-Type"], body
        finally:
            begun.made.set_result(made)
            if made is None and self._kept.get(key) is begun:
                del self._kept[key]
        return response

    def _forget(self) -> None:
        now = self.clock.monotonic()
        while self._kept:
            key, oldest = next(iter(self._kept.items()))
            if oldest.until > now and len(self._kept) < MAX_KEPT:
                return
            del self._kept[key]


def repeat_key(request: web.Request, entity: bytes, peer: str) -> Key:
    """Who sends, as far as the request proves it, and what."""
    if token := bearer_of(request):
        return hash_secret(token).hex(), hashlib.sha256(entity).digest()
    return certificate_of(request) or peer, hashlib.sha256(entity).digest()
