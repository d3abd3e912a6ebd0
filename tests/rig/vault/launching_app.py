"""A service's software, as it launches at the gateway of a test."""

import base64
import hashlib
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from catalogue_twins import GLYCEMIA, REDIRECT, SECRET
from vault_house import Browser, token_of

VERIFIER = "v" * 43
READ, WRITE = f"patient/Observation.rs?{GLYCEMIA}", "patient/Observation.c"
ASKED = f"launch/patient {READ} {WRITE}"


def challenge(verifier: str = VERIFIER) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def query(client: Browser, **changes: str) -> str:
    """A request to authorise, as it should be but for these; "" leaves one out."""
    said = {
        "response_type": "code",
        "client_id": "glycosuivi",
        "redirect_uri": REDIRECT,
        "scope": ASKED,
        "state": "état-1".encode("ascii", "ignore").decode(),
        "aud": f"{root(client)}/fhir",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
    } | changes
    return urlencode({name: value for name, value in said.items() if value})


def root(client: Browser) -> str:
    return str(client.make_url("")).rstrip("/")


@dataclass(frozen=True)
class Answer:
    """What a form led to: status, the body, and what the address of return says."""

    status: int
    place: str
    body: str

    @property
    def said(self) -> dict[str, str]:
        return {name: one for name, (one,) in parse_qs(urlsplit(self.place).query).items()}


async def ask(client: Browser, **changes: str) -> Answer:
    """Opens the page of consent."""
    return await _answer(client, "GET", f"/autoriser?{query(client, **changes)}")


async def _answer(client: Browser, method: str, path: str, **more: object) -> Answer:
    answer = await client.request(method, path, allow_redirects=False, **more)  # type: ignore[arg-type]
    return Answer(answer.status, answer.headers.get("Location", ""), await answer.text())


def boxes(page: str) -> dict[str, str]:
    """The words of each box by its place."""
    found = re.findall(r'name="scope" value="(\d+)"( checked)?> <span>([^<]+)', page)
    assert not any(checked for _, checked, _ in found)
    return {place: words for place, _, words in found}


async def agree(
    client: Browser,
    patient: str,
    *ticked: str,
    decision: str = "oui",
    end: str = "",
    **changes: str,
) -> Answer:
    """Ticks these boxes for this profile and sends the form; `jeton` may be another's."""
    asked = query(client, **{name: one for name, one in changes.items() if name != "jeton"})
    form = [
        ("jeton", changes.get("jeton") or await token_of(client, f"/autoriser?{asked}")),
        ("demande", asked),
        ("profil", patient),
        ("fin", end),
        ("decision", decision),
        *(("scope", one) for one in ticked),
    ]
    return await _answer(client, "POST", "/autoriser", data=form)


def basic(secret: str = SECRET, name: str = "glycosuivi") -> dict[str, str]:
    said = urlencode({"": name})[1:] + ":" + urlencode({"": secret})[1:]
    return {"Authorization": "Basic " + base64.b64encode(said.encode()).decode()}


async def exchange(
    client: Browser, code: str, *, headers: dict[str, str] | None = None, **changes: str
) -> tuple[int, dict[str, str]]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    } | changes
    return await token(client, form, headers=headers)


async def token(
    client: Browser, form: dict[str, str], *, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str]]:
    shown = basic() if headers is None else headers
    answer = await client.post("/oauth/token", data=form, headers=shown)
    return answer.status, await answer.json()


async def fhir(client: Browser, access: str, path: str, *, method: str = "GET") -> int:
    headers = {"Authorization": f"Bearer {access}"}
    answer = await client.request(method, f"/fhir/{path}", headers=headers)
    return answer.status
