"""What a phone keeps of these pages when they are installed on it (VAULT UIX-03): the shell.

The worker bears the addresses of the files that it keeps; they change with the files, so a new
version is another worker.
"""

import hashlib
from functools import cache

from aiohttp import web

from gateway.vault.headers import WORKER_CSP
from gateway.vault.rendering import Face, html, static_address, static_bytes
from gateway.vault.visit import VISIT

KEPT = ("app.css", "app.js", "favicon.svg")
WORKER, OFFLINE = "/worker.js", "/hors-ligne"


@cache
def worker_bytes() -> bytes:
    files = [static_address(name) for name in KEPT]
    version = hashlib.sha256("".join(files).encode() + static_bytes("worker.js")).hexdigest()[:12]
    text = static_bytes("worker.js").decode()
    return text.replace("{version}", version).replace("{files}", '", "'.join(files)).encode()


async def worker(_request: web.Request) -> web.Response:
    """Never kept, as by default: a browser learns of a new version by its bytes."""
    response = web.Response(body=worker_bytes(), content_type="text/javascript", charset="utf-8")
    response.headers["Content-Security-Policy"] = WORKER_CSP
    return response


async def offline_page(request: web.Request) -> web.Response:
    """The page of nobody, whoever asks: it is kept on the device."""
    look = request[VISIT].face.look
    face = Face(css=static_address("app.css"), js=static_address("app.js"), look=look)
    return html(
        "open/offline.html",
        face=face,
        title="Pas de connexion",
        current="",
        data_page=OFFLINE[1:],
        wide=False,
        errors={},
    )
