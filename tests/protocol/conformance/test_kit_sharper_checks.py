"""Servers that keep the letter of a check and break what its title says are found out too."""

import http.server
import json
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from wrong_servers import ack, framed, serving
from wrong_servers import mllp as mllp_server
from wrong_servers import smtp as smtp_server

from conformance.bench import Bench
from conformance.catalogue import checks
from conformance.check import run
from conformance.made.person import invented
from conformance.made.serial import Serial
from conformance.requirement import Status
from conformance.target import Target
from conformance.wire.address import Address

CHECKS = {one.requirement.id: one for one in checks()}
PEOPLE = [invented(Serial(1, f"patient {number}")) for number in range(2)]
Answer = Callable[[str, str, bytes], tuple[int, Any]]
"""Method, token and body of a request, or its path -> status and JSON."""
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "invalid"}]}
WARNING = b"ERR|||101^x^HL70357|W\r"


def pages(answer: Answer) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = (
                self.rfile.read(int(self.headers.get("Content-Length") or 0)) or self.path.encode()
            )
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            status, told = answer(self.command, token or "nobody", body)
            self.send_response(status)
            self.send_header("Location", "/documents/r")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

    return Handler


def tried(
    name: str, answer: Answer, *, mllp: Address | None = None, smtp: Address | None = None
) -> tuple[Status, str]:
    with serving(pages(answer)) as page:
        target = Target(
            http=f"http://{page}", mllp=mllp, smtp=smtp, patient=PEOPLE[0], second=PEOPLE[1],
            token="sender", reader="reader", mail_from="labo@exemple.test", timeout=60.0,
        )  # fmt: skip
        found = run(CHECKS[name], Bench(target, Serial(7, name)))
    return found.status, found.saw


def found(documents: int) -> Answer:
    """Every search finds as many."""
    entries = [{"resource": {"resourceType": "DocumentReference"}} for _ in range(documents)]
    return lambda *_: (200, {"resourceType": "Bundle", "type": "searchset", "entry": entries})


def outcome_for_json_alone(_method: str, _token: str, body: bytes) -> tuple[int, Any]:
    return (400, OUTCOME) if body == b"{" else (422, {"error": "no"})


def shown_to(token: str) -> Answer:
    def answer(method: str, who: str, _body: bytes) -> tuple[int, Any]:
        if method == "POST":
            return 201, {}
        return (200, {"verdict": "accept"}) if who in ("sender", token) else (404, {})

    return answer


def numbered() -> Answer:
    """Another receipt for every request."""
    number = count()
    return lambda *_: (201, {"receipt": next(number)})


def test_every_refusal_is_looked_at_for_its_outcome() -> None:
    status, saw = tried("ITI-65-33", outcome_for_json_alone)
    assert (status, "422" in saw) == (Status.NOT_MET, True)


def test_a_fate_that_is_shown_without_a_token_is_found() -> None:
    assert tried("HTTP-12", shown_to("nobody"))[0] is Status.NOT_MET
    assert tried("HTTP-12", shown_to("sender"))[0] is Status.MET


def test_a_key_that_is_not_kept_is_found() -> None:
    assert tried("HTTP-20", numbered())[0] is Status.NOT_MET
    assert tried("HTTP-20", lambda *_: (201, {"receipt": 1}))[0] is Status.MET


def test_a_date_beside_the_fate_hides_nothing_and_makes_no_other_answer() -> None:
    second = count()

    def dated(method: str, _who: str, _body: bytes) -> tuple[int, Any]:
        told = {"receipt": "r", "verdict": "accept", "read_at": next(second)}
        return 201 if method == "POST" else 200, told

    assert tried("HTTP-12", dated)[0] is Status.NOT_MET
    assert tried("HTTP-20", dated)[0] is Status.MET


@pytest.mark.parametrize("name", ["MSS-01", "MSS-02", "MSS-05"])
@pytest.mark.parametrize(("documents", "status"), [(0, Status.NOT_MET), (1, Status.MET)])
def test_a_250_without_its_document_is_found(name: str, documents: int, status: Status) -> None:
    with serving(smtp_server(b"250")) as place:
        assert tried(name, found(documents), smtp=place)[0] is status


@pytest.mark.parametrize("name", ["INS-02", "INS-10", "INS-24", "INS-29"])
@pytest.mark.parametrize(("documents", "status"), [(1, Status.NOT_MET), (0, Status.MET)])
def test_what_is_said_to_be_held_is_looked_up(name: str, documents: int, status: Status) -> None:
    with serving(mllp_server(lambda message: framed(ack(message) + WARNING))) as place:
        assert tried(name, found(documents), mllp=place)[0] is status


def elsewhere(method: str, _who: str, asked: bytes) -> tuple[int, Any]:
    """Documents are found under everybody but the known patient."""
    known = PEOPLE[0].oid.encode() + b"%7C" + PEOPLE[0].ins.encode() + b"&"
    return found(0 if known in asked else 1)(method, "", asked)


def turned_away(method: str, _who: str, asked: bytes) -> tuple[int, Any]:
    """Only the known patient may be looked for."""
    known = PEOPLE[0].oid.encode() + b"%7C" + PEOPLE[0].ins.encode() + b"&"
    return found(0)(method, "", asked) if known in asked else (403, OUTCOME)


@pytest.mark.parametrize("name", ["INS-20", "INS-21", "INS-22", "INS-23", "INS-24", "INS-25"])
@pytest.mark.parametrize(
    ("answer", "status"), [(elsewhere, Status.NOT_MET), (turned_away, Status.MET)]
)
def test_a_refusal_that_files_under_the_number_it_refuses_is_found(
    name: str, answer: Answer, status: Status
) -> None:
    row = b"ERR|||207^x^HL70357|E|902\r"
    with serving(mllp_server(lambda message: framed(ack(message, b"AE") + row))) as place:
        assert tried(name, answer, mllp=place)[0] is status


@pytest.mark.parametrize(
    ("name", "error"), [("ERR-12", b"102"), ("ERR-18", b"102"), ("TDC-20", b"204")]
)
@pytest.mark.parametrize(("code", "status"), [(b"AR", Status.NOT_MET), (b"AE", Status.MET)])
def test_a_rejection_where_an_error_is_asked_is_found(
    name: str, error: bytes, code: bytes, status: Status
) -> None:
    row = b"ERR|||" + error + b"^x^HL70357|E\r"
    with serving(mllp_server(lambda message: framed(ack(message, code) + row))) as place:
        assert tried(name, found(0), mllp=place)[0] is status


def test_a_904_that_files_the_document_is_found() -> None:
    row = b"ERR|||207^x^HL70357|E|904\r"
    with serving(mllp_server(lambda message: framed(ack(message, b"AE") + row))) as place:
        assert tried("TDC-30", found(1), mllp=place)[0] is Status.NOT_MET
        assert tried("TDC-30", found(0), mllp=place)[0] is Status.MET
