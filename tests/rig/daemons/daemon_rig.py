"""One real daemon as a subprocess on free ports, and how senders and readers speak to it."""

import contextlib
import http.client
import json
import re
import signal
import smtplib
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlencode, urlsplit

from answers import ANSWER_SECONDS, Ack, Line, Reply
from furnished import furnish
from papers import Person
from warm import Forked, nursery

START_SECONDS, STOP_SECONDS = 180.0, 120.0
POLL, POLL_SECONDS = Event(), 0.02
FREE = [f"--{door}=127.0.0.1:0" for door in ("http", "mllp", "smtp", "metrics")]
FHIR = "application/fhir+json"
FORM = "application/x-www-form-urlencoded"


def eventually(look: Callable[[], Any], *, seconds: float = ANSWER_SECONDS) -> Any:
    """The first true value that `look` gives, within a deadline."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():
            return found
        POLL.wait(POLL_SECONDS)
    raise AssertionError(f"not within {seconds} s")


@contextmanager
def watched(folder: Path, *, cold: bool = False) -> Iterator["Daemon"]:
    """A demo whose log holds nothing private at its end; `cold` starts it as at a user's."""
    daemon = Daemon(folder, cold=cold).start()
    try:
        yield daemon
        assert daemon.stop() == 0
        assert daemon.leaks() == set()
    finally:
        daemon.end()


@dataclass
class Daemon:
    """`words` are those of `gateway serve`; the same folder may be started again."""

    folder: Path
    words: list[str] = field(default_factory=list)
    cold: bool = False
    process: subprocess.Popen[bytes] | Forked | None = None
    places: dict[str, Any] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        return self.folder / "stderr"

    def start(self) -> "Daemon":
        ready = self.folder / "ready.json"
        ready.unlink(missing_ok=True)
        words = self.words or self._demo()
        process = self.process = self._started(["serve", *words, "--ready-file", str(ready)])
        eventually(lambda: ready.exists() or process.poll() is not None, seconds=START_SECONDS)
        assert ready.exists(), self.log.read_text()[-2_000:]
        self.places = json.loads(ready.read_text())
        return self

    def _demo(self) -> list[str]:
        """The words of a demo of this folder, furnished unless it shall start as at a user's."""
        data = self.folder / "data"
        if not self.cold:
            furnish(data)
        return ["--demo", "--data", str(data), *FREE]

    def _started(self, words: list[str]) -> subprocess.Popen[bytes] | Forked:
        said = self.folder / "stdout"
        if not self.cold:
            return nursery().start(words, out=said, log=self.log)
        with self.log.open("ab") as log, said.open("ab") as out:
            command = [sys.executable, "-m", "gateway", *words]
            return subprocess.Popen(command, stdout=out, stderr=log)

    def kill(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        assert self.process
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)

    def end(self) -> None:
        """However the test left it."""
        if self.process is not None and self.process.poll() is None:
            self.kill()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def demo(self) -> dict[str, Any]:
        return dict(self.places["demo"])

    def line(self, tls: ssl.SSLContext | None = None) -> Line:
        return Line(self.places["mllp"], tls)

    def mllp(self, raw: bytes) -> Ack:
        with contextlib.closing(self.line()) as line:
            return line.ask(raw)

    def http(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Reply:
        place = urlsplit(self.places["http"])
        connection = http.client.HTTPConnection(str(place.netloc), timeout=ANSWER_SECONDS)
        try:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            given = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, given, answer.read())
        finally:
            connection.close()

    def sender(self, token: str = "") -> dict[str, str]:
        return {"Authorization": f"Bearer {token or self.demo['sender_token']}"}

    def post(self, body: bytes, kind: str = "application/xml", **more: str) -> Reply:
        """`POST /documents`; `more`: `token`, or `key` for the Idempotency-Key."""
        headers = self.sender(more.get("token", "")) | {"Content-Type": kind}
        if "key" in more:
            headers["Idempotency-Key"] = more["key"]
        return self.http("POST", "/documents", body, headers)

    def fate(self, receipt: str) -> Reply:
        return self.http("GET", f"/documents/{receipt}", headers=self.sender())

    @contextlib.contextmanager
    def smtp(self) -> Iterator[smtplib.SMTP]:
        host, _, port = self.places["smtp"].rpartition(":")
        with smtplib.SMTP(host, int(port), "labo.exemple.test", ANSWER_SECONDS) as client:
            yield client

    def lines(self, account: str = "active", *, login: bool | None = None) -> list[dict[str, Any]]:
        """Patients of the ready file in this state, with or without a login."""
        return [
            one
            for one in self.demo["patients"]
            if one["account"] == account and (login is None or bool(one["login"]) is login)
        ]

    def person(self, account: str = "active") -> Person:
        return Person.of(self.lines(account)[0])

    def professional(self, profession: str = "G15_10/SM26") -> dict[str, str]:
        tokens = {one["profession"]: one["token"] for one in self.demo["professionals"]}
        return {"Authorization": f"Bearer {tokens[profession]}", "Accept": FHIR}

    def search(self, who: Person, **more: str) -> list[dict[str, Any]]:
        """DocumentReferences that the médecin traitant is shown."""
        words = {"patient.identifier": f"urn:oid:{who.oid}|{who.ins}", "_count": "200"} | more
        reply = self.http("GET", f"/fhir/DocumentReference?{urlencode(words)}", headers=self.doctor)
        assert reply.status == 200, reply.body[:500]
        return [one["resource"] for one in reply.json.get("entry", [])]

    @property
    def doctor(self) -> dict[str, str]:
        return self.professional()

    def filed(self, who: Person, unique_id: str) -> list[dict[str, Any]]:
        """Every current document that bears this id, as master identifier or otherwise."""
        return [one for one in self.search(who, status="current") if unique_id in json.dumps(one)]

    def content(self, resource: dict[str, Any]) -> bytes:
        """The bytes behind a DocumentReference, as its reader gets them."""
        url = resource["content"][0]["attachment"]["url"]
        path = url if url.startswith("/") else urlsplit(url).path
        path = path if path.startswith("/fhir") else f"/fhir/{path.lstrip('/')}"
        headers = {name: value for name, value in self.doctor.items() if name != "Accept"}
        return self.http("GET", path, headers=headers).body

    def metrics(self) -> str:
        place = urlsplit(self.places["metrics"])
        connection = http.client.HTTPConnection(str(place.netloc), timeout=ANSWER_SECONDS)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        return text

    def leaks(self, text: str = "") -> set[str]:
        """Traits, INS and secrets of the demo that stand in this text, or else in the log."""
        text = text or self.log.read_text("utf-8", "replace")
        return {one for one in self._private() if re.search(rf"(?<!\w){re.escape(one)}", text)}

    def _private(self) -> set[str]:
        demo = self.demo
        names = ("ins", "birth_family", "birth_date", "email", "mobile", "login", "password")
        words = {one[name] for one in demo["patients"] for name in names if one[name]}
        words |= {one["birth_date"].replace("-", "") for one in demo["patients"]}
        words |= {one["token"] for one in demo["professionals"]}
        words |= {one["password"] for one in demo["operators"]}
        return words | {demo["sender_token"]}


Make = Callable[..., Daemon]
"""The fixture `make_gateway`: more words of `gateway serve`, or a folder to start again in."""


class Visitor:
    """A patient with a browser's cookies and forms, and nothing else of a browser."""

    def __init__(self, daemon: Daemon, cookies: Mapping[str, str] | None = None) -> None:
        self._daemon = daemon
        self._cookies = dict(cookies or {})

    def get(self, path: str) -> Reply:
        return self._ask("GET", path)

    @property
    def cookies(self) -> dict[str, str]:
        """Those of the session, for a real browser."""
        return dict(self._cookies)

    def sign_in(self, line: dict[str, Any]) -> "Visitor":
        page = self.get("/connexion")
        fields = {"identifiant": line["login"], "mot_de_passe": line["password"]}
        outbox = Path(self._daemon.demo["outbox"])
        before = set(outbox.glob("*.json"))
        page = self._send("/connexion", page, fields)
        code = eventually(lambda: _code(set(outbox.glob("*.json")) - before))
        page = self._send("/connexion/code", self.get("/connexion/code"), {"otp": code})
        assert page.status == 303, page.body[:500]
        return self

    def fill(self, page: str, action: str, *, expects: int = 303, **fields: str) -> Reply:
        """Opens a page and sends one of its forms."""
        return self._send(action, self.get(page), fields, expects=expects)

    def _send(self, path: str, page: Reply, fields: dict[str, str], *, expects: int = 303) -> Reply:
        found = re.search(r'name="jeton" value="([^"]*)"', page.body.decode())
        assert found, page.body[:500]
        form = urlencode(fields | {"jeton": found[1]}).encode()
        reply = self._ask("POST", path, form, {"Content-Type": FORM})
        said = re.findall(r'class="error"[^>]*>(.*?)<', reply.body.decode())
        assert reply.status == expects, said
        return reply

    def _ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Reply:
        jar = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        reply = self._daemon.http(method, path, body, {**(headers or {}), "Cookie": jar})
        self._keep(reply.headers.get("set-cookie", ""))
        return reply

    def _keep(self, cookie: str) -> None:
        name, equals, rest = cookie.partition("=")
        if equals:
            self._cookies[name.strip()] = rest.partition(";")[0]


def _code(letters: set[Path]) -> str:
    for letter in letters:
        if found := re.search(r"\b(\d{6})\b", json.loads(letter.read_text())["body"]):
            return found[1]
    return ""
