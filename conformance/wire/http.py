"""One HTTP request at a time, on a connection of its own."""

import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from conformance.wire.deadline import Answering
from conformance.wire.mllp import NoAnswerError, SilentError
from conformance.wire.patience import Patience

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
    """`base` is the address of the door, without a slash at its end.

    Patience is kept for the first name of a path: who hangs at FHIR may answer elsewhere.
    """

    base: str
    timeout: float
    tls: ssl.SSLContext | None = None
    patience: Patience = field(default_factory=Patience)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """`path` may be a whole address below `base`. Raises NoAnswerError."""
        target = path if path.startswith("/") else path.removeprefix(self.base)
        room = "/".join(target.partition("?")[0].split("/")[:2])
        with self.patience.at(f"http {room}") as heard:
            reply = self._asked(method, target, body, headers or {})
            heard()
            return reply

    def _asked(
        self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        parts = urlsplit(self.base)
        connection = self._connection(parts.scheme, parts.netloc)
        try:
            connection.request(method, parts.path + target, body, dict(headers))
            answer = connection.getresponse()
            given = {name.lower(): value for name, value in answer.getheaders()}
            found = answer.read(MAX_BODY_BYTES + 1)
        except TimeoutError:
            asked = f"{method} {target[:80]}"
            raise SilentError(f"{asked}: no whole answer within {self.timeout:g} s") from None
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswerError(f"{method} {target[:80]}: {error!r}") from error
        finally:
            connection.close()
        if len(found) > MAX_BODY_BYTES:
            raise NoAnswerError(f"{method} {target[:80]}: the answer has no end")
        return Reply(answer.status, given, found)

    def _connection(self, scheme: str, place: str) -> http.client.HTTPConnection:
        made = (
            http.client.HTTPSConnection(place, timeout=self.timeout, context=self.tls)
            if scheme == "https"
            else http.client.HTTPConnection(place, timeout=self.timeout)
        )
        made.response_class = partial(read_until, self.timeout)  # type: ignore[assignment]  # a maker
        return made


def read_until(
    timeout: float, plain: socket.socket, *_: Any, method: str | None = None
) -> http.client.HTTPResponse:
    """The answer of http.client, which has to be there whole before the deadline."""
    answering: Any = Answering(plain, timeout)
    return http.client.HTTPResponse(answering, method=method)
