"""« Se connecter avec Pro Santé Connect » in the demo, and software with a token of its issuer."""

import base64
import hashlib
import json
import re
import urllib.error
import urllib.request
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from daemon_rig import Daemon, Visitor
from papers import number, results

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()[:43]
BACK = "http://127.0.0.1:49152/retour"
ASKED = {
    "response_type": "code",
    "client_id": "logiciel",
    "redirect_uri": BACK,
    "scope": "openid scope_all",
    "state": "s1",
    "nonce": "n1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


OPENER = urllib.request.build_opener(Stay)


def call(address: str, **fields: str) -> tuple[int, str, str]:
    """Status, Location and body; POST where there are fields."""
    body = urlencode(fields).encode() if fields else None
    try:
        with OPENER.open(address, body, timeout=120) as answer:
            return answer.status, "", answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Location", ""), error.read().decode()


def roux(gateway: Daemon) -> dict[str, str]:
    found: list[dict[str, str]] = gateway.demo["professionals"]
    return next(one for one in found if "Roux" in one["name"])


def issuer(gateway: Daemon) -> str:
    return str(gateway.demo["psc"]["issuer"])


def chosen(address: str, who: str) -> str:
    """Where the issuer's page sends the browser back once this professional is chosen."""
    status, _, page = call(address)
    assert status == 200, page
    hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page)
    assert f'value="{who}"' in page
    fields = {name: unescape(value) for name, value in hidden}
    status, place, _ = call(f"http://{urlsplit(address).netloc}/auth", **fields, ps=who)
    assert status == 303
    return place


def signed_in(gateway: Daemon, who: str) -> Visitor:
    """As a browser does: to the issuer, the choice, and back with the answer."""
    desk = Visitor(gateway)
    desk.get("/pro")
    asked = desk.get("/pro/psc")
    place = chosen(asked.headers["location"], who)
    assert place.startswith(f"{gateway.places['http']}/pro/psc/retour?")
    back = urlsplit(place)
    assert desk.get(f"{back.path}?{back.query}").status == 303
    return desk


def token_of(gateway: Daemon, who: str) -> str:
    place = chosen(f"{issuer(gateway)}/auth?{urlencode(ASKED)}", who)
    answer = dict(parse_qsl(urlsplit(place).query))
    assert (answer["state"], answer["iss"]) == ("s1", issuer(gateway))
    status, _, body = call(
        f"{issuer(gateway)}/token",
        grant_type="authorization_code",
        client_id="logiciel",
        redirect_uri=BACK,
        code_verifier=VERIFIER,
        code=answer["code"],
    )
    assert status == 200, body
    return str(json.loads(body)["access_token"])


def test_a_newcomer_signs_in_as_a_professional_and_reads(gateway: Daemon) -> None:
    who = gateway.person()
    assert gateway.mllp(results(who, f"E2E{number()}")).code == "AA"
    doctor = roux(gateway)
    page = Visitor(gateway).get("/pro").body.decode()
    assert "Se connecter avec Pro Santé Connect" in page
    assert "Jeton de démonstration" in page
    desk = signed_in(gateway, doctor["id"])
    assert doctor["name"] in desk.get("/pro").body.decode()
    found = desk.fill("/pro", "/pro/patients", ins=who.ins)
    record = desk.get(found.headers["location"]).body.decode()
    assert "Résultats de biologie" in record
    again = Visitor(gateway)
    again.fill("/pro", "/pro/connexion", jeton_demonstration=doctor["token"])
    assert doctor["name"] in again.get("/pro").body.decode()


def test_a_choice_sent_twice_is_one_code_until_it_is_used(gateway: Daemon) -> None:
    address = f"{issuer(gateway)}/auth?{urlencode({**ASKED, 'state': 'twice'})}"
    who = roux(gateway)["id"]
    place = chosen(address, who)
    assert chosen(address, who) == place
    used = {"grant_type": "authorization_code", "client_id": "logiciel", "redirect_uri": BACK}
    used |= {"code_verifier": VERIFIER, "code": dict(parse_qsl(urlsplit(place).query))["code"]}
    token = f"{issuer(gateway)}/token"
    assert [call(token, **used)[0] for _ in range(2)] == [200, 400]
    assert chosen(address, who) != place


def test_software_reads_fhir_with_a_token_of_the_demo(gateway: Daemon) -> None:
    who = gateway.person()
    token = token_of(gateway, roux(gateway)["id"])
    asked = urlencode({"patient.identifier": f"urn:oid:{who.oid}|{who.ins}"})
    path = f"/fhir/DocumentReference?{asked}"
    answer = gateway.http("GET", path, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status, answer.json["resourceType"]) == (200, "Bundle")
    forged = token[:-6] + ("AAAAAA" if token[-6:] != "AAAAAA" else "BBBBBB")
    answer = gateway.http("GET", path, headers={"Authorization": f"Bearer {forged}"})
    assert (answer.status, answer.json["resourceType"]) == (401, "OperationOutcome")


def test_localhost_goes_on_under_the_name_that_its_answer_comes_back_to(gateway: Daemon) -> None:
    port = urlsplit(gateway.places["http"]).port
    status, place, _ = call(f"http://localhost:{port}/pro/psc")
    assert (status, place) == (303, f"{gateway.places['http']}/pro/psc")


@pytest.mark.parametrize(
    "redirect",
    [
        "https://app.test/cb/../evil",
        "https://app.test@evil.test/cb",
        "http://127.0.0.1@evil.test/retour",
        "http://127.0.0.1:1/retour?x=1",
        "http://127.0.0.1:1/retour#x",
        "http://127.0.0.1:1/retour/../evil",
        "http://localhost.evil.test/retour",
        "javascript:alert(1)",
        "http://[127.0.0.1/retour",
        "",
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(
    gateway: Daemon, redirect: str
) -> None:
    for client in ("logiciel", "passerelle", "nobody"):
        asked = ASKED | {"redirect_uri": redirect, "client_id": client}
        status, place, page = call(f"{issuer(gateway)}/auth?{urlencode(asked)}")
        assert (status, place, "evil" in page) == (400, "", False)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "email"}, "invalid_scope"),
        ({"nonce": "n" * 501}, "invalid_request"),
    ],
)
def test_a_request_without_pkce_goes_back_with_its_error(
    gateway: Daemon, changes: dict[str, str], error: str
) -> None:
    status, place, _ = call(f"{issuer(gateway)}/auth?{urlencode(ASKED | changes)}")
    assert (status, dict(parse_qsl(urlsplit(place).query))["error"]) == (303, error)
    assert place.startswith(BACK)


def test_a_code_serves_once_to_its_own_client_with_its_verifier(gateway: Daemon) -> None:
    fields = {
        "grant_type": "authorization_code",
        "client_id": "logiciel",
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    who = roux(gateway)["id"]
    for changes, error in (
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:1/retour"}, "invalid_grant"),
        ({"client_id": "passerelle"}, "invalid_client"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"code": "another"}, "invalid_grant"),
        ({}, ""),
    ):
        place = chosen(f"{issuer(gateway)}/auth?{urlencode(ASKED)}", who)
        code = dict(parse_qsl(urlsplit(place).query))["code"]
        status, _, body = call(f"{issuer(gateway)}/token", **{**fields, "code": code, **changes})
        assert json.loads(body).get("error", "") == error, status
        if not error:
            again, _, said = call(f"{issuer(gateway)}/token", **fields, code=code)
            assert (again, json.loads(said)["error"]) == (400, "invalid_grant")


def test_the_issuer_says_nothing_of_a_person_without_a_token(gateway: Daemon) -> None:
    assert call(f"{issuer(gateway)}/userinfo")[0] == 401
    status, _, body = call(f"{issuer(gateway)}/certs")
    (key,) = json.loads(body)["keys"]
    assert (status, "d" in key, key["kty"]) == (200, False, "EC")
    status, place, _ = call(f"{issuer(gateway)}/logout?post_logout_redirect_uri=https://evil.test")
    assert (status, place) == (200, "")
