"""Somebody of the desk with a browser's cookies and forms."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from answers import Reply
from daemon_rig import FORM, Daemon

ANY_PAGE = "/desk/aide"


class Agent:
    """`fill` and `wind` give back whatever the desk answers."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._cookies: dict[str, str] = {}

    def sign_in(self, line: dict[str, Any] | None = None) -> "Agent":
        """By a line of the ready file; without one, the first operator."""
        line = line or self._daemon.demo["operators"][0]
        fields = {"identifiant": line["login"], "mot_de_passe": line["password"]}
        reply = self.fill("/desk", "/desk/connexion", **fields)
        assert (reply.status, reply.headers["location"]) == (303, "/desk"), reply.body[:500]
        return self

    def get(self, path: str) -> Reply:
        return self._ask("GET", path)

    def fill(self, page: str, action: str, **fields: str) -> Reply:
        return self.fill_all(page, action, fields.items())

    def fill_all(self, page: str, action: str, fields: Iterable[tuple[str, str]]) -> Reply:
        """Where a field stands more than once."""
        found = re.search(r'name="jeton" value="([^"]*)"', self.get(page).body.decode())
        assert found
        form = urlencode([*fields, ("jeton", found[1])]).encode()
        return self._ask("POST", action, form, {"Content-Type": FORM})

    def wind(self, duration: str) -> Reply:
        """Moves the demo's clock."""
        return self.fill(ANY_PAGE, "/desk/clock", advance=duration)

    def _ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Reply:
        jar = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        reply = self._daemon.http(method, path, body, {**(headers or {}), "Cookie": jar})
        name, equals, rest = reply.headers.get("set-cookie", "").partition("=")
        if equals:
            self._cookies[name.strip()] = rest.partition(";")[0]
        return reply
