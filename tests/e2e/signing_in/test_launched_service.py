"""« GlycoSuivi » launches in the demo, and does what Claire let it do (VAULT section 13)."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from daemon_rig import Daemon, Make, Visitor

VERIFIER = "v" * 43
SERVICES = "/parametres/services"


@pytest.fixture
def demo(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def request(demo: Daemon, service: dict[str, Any]) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
    said = {
        "response_type": "code",
        "client_id": service["client_id"],
        "redirect_uri": service["redirect_uris"][0],
        "scope": f"launch/patient {service['scopes'][0]} {service['scopes'][1]}",
        "state": "s",
        "aud": demo.places["http"] + "/fhir",
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    return urlencode(said)


def launched(demo: Daemon, claire: Visitor, patient: str) -> dict[str, Any]:
    """What the service is handed where Claire ticks « Écrire » alone."""
    service = demo.demo["applications"][0]
    asked = request(demo, service)
    page = f"/autoriser?{asked}"
    reply = claire.fill(
        page, "/autoriser", demande=asked, profil=patient, scope="1", decision="oui"
    )
    (code,) = parse_qs(urlsplit(reply.headers["location"]).query)["code"]
    packed = base64.b64encode(f"{service['client_id']}:{service['client_secret']}".encode())
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": service["redirect_uris"][0],
        "code_verifier": VERIFIER,
    }
    headers = {
        "Authorization": f"Basic {packed.decode()}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    told = demo.http("POST", "/oauth/token", urlencode(form).encode(), headers)
    assert told.status == 200, told.body
    found: dict[str, Any] = json.loads(told.body)
    return found


def test_claire_lets_it_write_and_it_reads_nothing_and_ends_when_she_says(demo: Daemon) -> None:
    line = next(one for one in demo.demo["patients"] if one["birth_given"] == "Claire")
    claire = Visitor(demo).sign_in(line)
    page = claire.get(f"/autoriser?{request(demo, demo.demo['applications'][0])}").body.decode()
    own = page.partition('name="profil" value="')[2].partition('"')[0]
    told = launched(demo, claire, own)
    assert told["scope"] == "patient/Observation.c"
    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    sent = bearer | {"Content-Type": "application/fhir+json"}
    search = f"/fhir/Observation?patient={told['patient']}&code=http://loinc.org%7C2345-7"
    assert demo.http("GET", search, headers=bearer).status == 403
    body = b'{"resourceType": "DocumentReference"}'
    assert demo.http("POST", "/fhir/DocumentReference", body, sent).status == 403
    body = b'{"resourceType": "Observation"}'
    assert demo.http("POST", "/fhir/Observation", body, sent).status not in (401, 403)
    demo.stop()
    demo.start()
    assert demo.http("GET", search, headers=bearer).status == 403  # the same token, known still
    claire.fill(SERVICES, f"{SERVICES}/arret", service="glycosuivi")
    assert demo.http("GET", search, headers=bearer).status == 401
    history = claire.get("/historique?moi=oui").body.decode()
    for act in ("a autorisé une application", "a reçu un accès", "a arrêté une application"):
        assert act in history
    assert demo.http("GET", "/catalogue/tensionote").status == 404
