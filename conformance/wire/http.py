"""One HTTP request at a time, on a connection of its own."""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from conformance.wire.mllp import NoAnswerError

MAX_BODY_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Reply:
    """`headers` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; None when it is not."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def kind(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Web:
    """`base` is the address of the door, without a slash at its end."""

    base: str
    timeout: float
    tls: ssl.SSLContext | None = None

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """`path` may be a whole address below `base`. Raises NoAnswerError."""
        parts = urlsplit(self.base)
        target = path if path.startswith("/") else path.removeprefix(self.base)
        connection = self._connection(parts.scheme, parts.netloc)
        try:
            connection.request(method, parts.path + target, body, dict(headers or {}))
            answer = connection.getresponse()
            given = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, given, answer.read(MAX_BODY_BYTES))
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswerError(f"{method} {target[:80]}: {error!r}") from error
        finally:
            connection.close()

    def _connection(self, scheme: str, place: str) -> http.client.HTTPConnection:
        if scheme == "https":
            return http.client.HTTPSConnection(place, timeout=self.timeout, context=self.tls)
        return http.client.HTTPConnection(place, timeout=self.timeout)
