"""What any HTTP door owes its clients (RFC 9110), and repeating in safety."""

from conformance.bench import CDA, Bench, Fate, fate_of_reply
from conformance.check import Chapter
from conformance.made.cda import Paper, paper
from conformance.requirement import Level, Volet
from conformance.verdict import expect
from conformance.wire.http import Reply

HTTP = Chapter(Volet.HTTP, "RFC 9110")
KEY = Chapter(Volet.HTTP, "IETF draft, The Idempotency-Key HTTP Header Field")
FATE = ("receipt", "verdict", "documents", "findings")
HUGE_BYTES = 500_000_000


def made(bench: Bench) -> Paper:
    return paper(bench.who, bench.serial)


def told(reply: Reply) -> object:
    """What an answer says of a deposit; a date of its making may stand beside it. The whole body
    where it says nothing in these words."""
    said = reply.json if isinstance(reply.json, dict) else {}
    known = {name: said[name] for name in FATE if name in said}
    return known or reply.body


def asked(bench: Bench, method: str = "POST", path: str = "", **headers: str) -> Reply:
    """Without a token unless `headers` has one."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    body = made(bench).cda() if method == "POST" else None
    return bench.web.ask(method, path or bench.target.documents, body, more)


@HTTP.asks(
    "HTTP-01",
    "No token: 401 with WWW-Authenticate",
    fix="Say how to sign in: WWW-Authenticate: Bearer.",
    source="RFC 9110, 15.5.2 and 11.6.1",
)
def no_token(bench: Bench) -> None:
    reply = asked(bench, Content_Type=CDA)
    expect(reply.status == 401, f"HTTP {reply.status}")
    expect("www-authenticate" in reply.headers, "no WWW-Authenticate")


@HTTP.asks(
    "HTTP-02",
    "A wrong token: 401",
    fix="The same answer for unknown, expired and disabled tokens.",
    source="RFC 9110, 15.5.2; RFC 6750, 3.1",
)
def wrong_token(bench: Bench) -> None:
    reply = asked(bench, Content_Type=CDA, Authorization="Bearer rien-de-vrai")
    expect(reply.status == 401, f"HTTP {reply.status}")


@HTTP.asks(
    "HTTP-03",
    "A type that is not taken: 415",
    fix="Answer 415, and name the types that are.",
    source="RFC 9110, 15.5.16",
)
def wrong_type(bench: Bench) -> None:
    reply = bench.post(b"GIF89a", "image/gif")
    expect(reply.status == 415, f"HTTP {reply.status}")


@HTTP.asks(
    "HTTP-04",
    "An empty body: 400",
    fix="Nothing is no document.",
    source="RFC 9110, 15.5.1",
)
def empty(bench: Bench) -> None:
    reply = bench.post(b"")
    expect(reply.status in (400, 411, 422), f"HTTP {reply.status}")


@HTTP.asks(
    "HTTP-05",
    "A body over the limit: 413 before it is read",
    fix="Look at Content-Length first.",
    source="RFC 9110, 15.5.14",
)
def too_large(bench: Bench) -> None:
    headers = bench.sender | {"Content-Type": CDA, "Content-Length": str(HUGE_BYTES)}
    reply = bench.web.ask("POST", bench.target.documents, b"<a/>", headers)
    expect(reply.status == 413, f"HTTP {reply.status}")


@HTTP.asks(
    "HTTP-06",
    "A method that is not offered: 405 with Allow",
    fix="Answer 405 and list the methods in Allow.",
    source="RFC 9110, 15.5.6",
)
def wrong_method(bench: Bench) -> None:
    reply = asked(bench, "DELETE", **bench.sender)
    expect(reply.status == 405 and "allow" in reply.headers, f"HTTP {reply.status}")


@HTTP.asks(
    "HTTP-07",
    "A new document: 201",
    fix="201 when something was created; Location says where it is.",
    source="RFC 9110, 15.3.2",
)
def created(bench: Bench) -> None:
    reply = bench.post(made(bench).cda())
    expect(reply.status == 201, f"HTTP {reply.status}")
    expect("location" in reply.headers, "no Location")


@HTTP.asks(
    "HTTP-08",
    "A refusal says what to fix",
    fix="Give a body with the place and the reason, not a bare status.",
    source="RFC 9110, 15.5 (explanation of the error)",
    level=Level.SHOULD,
)
def reasons(bench: Bench) -> None:
    reply = bench.post(b"<ClinicalDocument")
    expect(400 <= reply.status < 500, f"HTTP {reply.status}")
    expect(len(reply.body) > 20, "no reason in the body")


@HTTP.asks(
    "HTTP-09",
    "A refusal holds no identity",
    fix="Name the field, not its value.",
    source="RGPD, article 5 (minimisation)",
)
def no_identity(bench: Bench) -> None:
    what = made(bench)
    reply = bench.post(what.cda().replace(b'code="FR"', b'code="US"', 1))
    expect(400 <= reply.status < 500, f"HTTP {reply.status}")
    traits = (what.who.ins, what.who.family, what.who.birth)
    expect(not any(one.encode() in reply.body for one in traits), "a trait of the patient is in it")


@HTTP.asks(
    "HTTP-10",
    "text/xml and application/xml are the same",
    fix="Take both, with or without a charset parameter.",
    source="RFC 7303, 9.2",
)
def both_types(bench: Bench) -> None:
    for kind in ("text/xml", "application/xml; charset=utf-8"):
        fate = fate_of_reply(bench.post(made(bench).cda(), kind))
        expect(fate.accepted, f"{kind}: {fate}")


@HTTP.asks(
    "HTTP-11",
    "The fate of a deposit can be asked later",
    fix="Answer GET on the Location of a deposit to its sender.",
    source="RFC 9110, 15.3.2 (Location)",
    level=Level.SHOULD,
)
def fate_later(bench: Bench) -> None:
    place = bench.post(made(bench).cda()).headers.get("location", "")
    expect(place, "no Location")
    reply = bench.web.ask("GET", place, headers=bench.sender)
    expect(reply.status == 200, f"HTTP {reply.status}")


@HTTP.asks(
    "HTTP-12",
    "The fate of a deposit is nobody else's",
    fix="401 without a token, and the same 404 for a receipt of another and for none.",
    source="RFC 9110, 15.5.5; OWASP, broken object level authorization",
)
def not_others(bench: Bench) -> None:
    place = bench.post(made(bench).cda()).headers.get("location", "")
    expect(place, "no Location")
    mine = told(bench.web.ask("GET", place, headers=bench.sender))
    reply = bench.web.ask("GET", place, headers=bench.reader)
    expect(reply.status in (401, 403, 404), f"HTTP {reply.status} to another's token")
    nobody = bench.web.ask("GET", place)
    shown = nobody.status == 200 and told(nobody) == mine
    expect(not shown, "shown to one without a token")
    none = bench.web.ask("GET", f"{place.rpartition('/')[0]}/rien", headers=bench.reader)
    expect(none.status == reply.status, f"HTTP {reply.status}, and {none.status} for none")


@KEY.asks(
    "HTTP-20",
    "The same key with the same body: the first answer",
    fix="Keep the answer under the key; create nothing again.",
)
def same_key(bench: Bench) -> None:
    body, key = made(bench).cda(), bench.serial.control()
    replies = [bench.post(body, Idempotency_Key=key) for _ in range(2)]
    first, second = (fate_of_reply(one) for one in replies)
    expect(first.accepted and second.accepted, f"{first}, then {second}")
    same = told(replies[0]) == told(replies[1])
    expect(same, f"{first}, then {second} of another deposit")


@KEY.asks(
    "HTTP-21",
    "The same key with another body: 422",
    fix="Refuse a key that was used for something else.",
)
def other_body(bench: Bench) -> None:
    key = bench.serial.control()
    first = fate(bench, made(bench).cda(), key)
    second = fate(bench, made(bench).cda(), key)
    expect(first.accepted and second.verdict == "refused", f"{first}, then {second}")


def fate(bench: Bench, body: bytes, key: str) -> Fate:
    return fate_of_reply(bench.post(body, Idempotency_Key=key))


@HTTP.asks(
    "HTTP-22",
    "Health is told without a token",
    fix="GET /health/ready: 200 when documents can be taken, 503 when not.",
    source="practice of orchestrators (readiness)",
    level=Level.SHOULD,
)
def health(bench: Bench) -> None:
    reply = asked(bench, "GET", "/health/ready")
    expect(reply.status == 200, f"HTTP {reply.status}")


@HTTP.asks(
    "HTTP-23",
    "What is sent as one type is not read as another",
    fix="A declared type that the bytes contradict is refused.",
    source="RFC 9110, 8.3",
)
def false_type(bench: Bench) -> None:
    reply = bench.post(made(bench).cda(), "application/zip")
    expect(400 <= reply.status < 500, f"HTTP {reply.status}")
