"""An ID token proves who signed in, or is refused for one reason."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from psc_peer import CLIENT, ISSUER, claims_at, curve, public, rsa, signed

from gateway.access.professions import professions
from gateway.mapping.oidc.person import professionals_of
from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.mapping.oidc.token import goes_with, read_id_token

NOW = datetime(2026, 3, 12, 13, 5, tzinfo=UTC)
AT = int(NOW.timestamp())
KEYS = public(rsa(), curve())
HOSTILE = Path(__file__).resolve().parents[5] / "shared" / "corpus" / "hostile" / "auth"
TOKENS = sorted(HOSTILE.glob("*.jwt"))
RECIPES = sorted(HOSTILE.glob("auth-claim-*.json"))


def read(token: str, keys: list[dict[str, Any]] = KEYS) -> dict[str, Any]:
    return read_id_token(token, keys, client=CLIENT, nonce="n1", now=NOW)


def why(token: str, keys: list[dict[str, Any]] = KEYS) -> Why:
    with pytest.raises(NotProvedError) as raised:
        read(token, keys)
    return raised.value.why


@pytest.mark.parametrize("key", [rsa(), curve()], ids=["RS256", "ES256"])
def test_a_token_of_our_issuer_for_us_is_read(key: Any) -> None:
    assert read(signed(claims_at(AT), key))["sub"].startswith("f:1:")
    assert read(signed(claims_at(AT, aud=["gateway"]), key, typ="JWT"))


def test_a_token_without_kid_needs_a_single_key() -> None:
    bare = jws.serialize_compact({"alg": "RS256"}, json.dumps(claims_at(AT)), rsa())
    assert read(bare, public(rsa()))
    assert why(bare, public(rsa(), rsa("psc-9"))) is Why.KEY


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://other.test"}, Why.ISSUER),
        ({"iss": ISSUER + "/"}, Why.ISSUER),
        ({"aud": "other"}, Why.AUDIENCE),
        ({"aud": ["gateway", "other"]}, Why.AUDIENCE),
        ({"aud": []}, Why.AUDIENCE),
        ({"aud": None}, Why.AUDIENCE),
        ({"azp": "other"}, Why.AUDIENCE),
        ({"nonce": "n2"}, Why.NONCE),
        ({"nonce": None}, Why.NONCE),
        ({"nonce": ["n1"]}, Why.NONCE),
        ({"acr": None}, Why.ACR),
        ({"acr": "eidas0"}, Why.ACR),
        ({"exp": AT - 60}, Why.TIME),
        ({"exp": None}, Why.TIME),
        ({"exp": str(AT + 60)}, Why.TIME),
        ({"exp": True}, Why.TIME),
        ({"exp": AT + 60.5}, Why.TIME),
        ({"iat": AT + 61}, Why.TIME),
        ({"iat": None}, Why.TIME),
        ({"nbf": AT + 61}, Why.TIME),
        ({"sub": None}, Why.CLAIM),
        ({"sub": 1}, Why.CLAIM),
    ],
)
def test_a_claim_that_is_not_ours_is_refused(changes: dict[str, Any], reason: Why) -> None:
    assert why(signed(claims_at(AT, **changes))) is reason


@pytest.mark.parametrize("changes", [{"exp": AT - 59}, {"iat": AT + 60}, {"nbf": AT + 60}])
def test_clocks_may_differ_by_a_minute(changes: dict[str, Any]) -> None:
    assert read(signed(claims_at(AT, **changes)))


def test_a_higher_level_is_let_in() -> None:
    assert read(signed(claims_at(AT, acr="eidas3")))


def test_the_public_key_is_no_shared_secret() -> None:
    """RS256 swapped for HS256, signed with the public key as secret (RFC 8725, 2.1)."""
    token = replaced(signed(claims_at(AT)), header={"alg": "HS256", "kid": "psc-1"})
    content = token.rpartition(".")[0]
    mac = hmac.digest(rsa().as_pem(private=False), content.encode(), "sha256")
    signature = base64.urlsafe_b64encode(mac).decode().rstrip("=")
    assert why(f"{content}.{signature}") is Why.ALGORITHM


@pytest.mark.parametrize(
    "header",
    [
        {"jwk": {"kty": "RSA"}},
        {"jku": "http://127.0.0.1:9/keys"},
        {"x5u": "http://127.0.0.1:9/c.pem"},
        {"x5c": ["AA"]},
        {"zip": "DEF"},
        {"crit": ["b64"], "b64": True},
        {"p2c": 2147483647},
    ],
)
def test_a_header_that_brings_its_own_means_is_refused(header: dict[str, Any]) -> None:
    top = {"alg": "RS256", "kid": "psc-1", **header}
    assert why(replaced(signed(claims_at(AT)), header=top)) is Why.HEADER


@pytest.mark.parametrize("kid", ["../../../../dev/null", "x' UNION SELECT 'k", "", "psc-7"])
def test_a_kid_is_only_ever_compared(kid: str) -> None:
    assert why(replaced(signed(claims_at(AT)), header={"alg": "RS256", "kid": kid})) is Why.KEY


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", "", "RS512", "HS256", "dir", 1, None])
def test_only_three_algorithms_exist(alg: object) -> None:
    assert why(replaced(signed(claims_at(AT)), header={"alg": alg})) is Why.ALGORITHM


@pytest.mark.parametrize("token", ["", ".", "..", "...", "a.b.c", "é.é.é", "A" * 100_000 + ".A.A"])
def test_what_is_no_token_is_refused(token: str) -> None:
    assert why(token) is Why.TOKEN


def test_claims_changed_after_signing_are_refused() -> None:
    token = signed(claims_at(AT))
    assert why(replaced(token, claims=claims_at(AT, sub="f:1:899700000001"))) is Why.SIGNATURE
    assert why(token[:-8] + "AAAAAAAA") is Why.SIGNATURE
    assert why(signed(claims_at(AT), rsa("psc-8")), public(rsa())) is Why.KEY


def test_a_key_for_another_use_or_too_short_signs_nothing() -> None:
    token = signed(claims_at(AT))
    key = public(rsa())[0]
    assert why(token, [{**key, "use": "enc"}]) is Why.KEY
    assert why(token, [{**key, "alg": "PS256"}]) is Why.KEY
    assert why(token, [{**key, "n": "AQ"}]) in (Why.KEY, Why.SIGNATURE)
    assert why(token, [{"kty": "RSA", "kid": "psc-1"}]) is Why.KEY


def test_a_twice_written_claim_is_refused() -> None:
    text = json.dumps(claims_at(AT))[:-1] + ', "aud": "gateway"}'
    token = jws.serialize_compact({"alg": "RS256", "kid": "psc-1"}, text, rsa())
    assert why(token) is Why.TOKEN


def test_an_access_token_goes_with_its_id_token() -> None:
    half = hashlib.sha256(b"access").digest()[:16]
    at_hash = base64.urlsafe_b64encode(half).decode().rstrip("=")
    goes_with({}, "access")
    goes_with({"at_hash": at_hash}, "access")
    for wrong in (at_hash[:-1] + "_", 1):
        with pytest.raises(NotProvedError):
            goes_with({"at_hash": wrong}, "access")


@pytest.mark.skipif(not TOKENS, reason="the shared corpus is not here")
@pytest.mark.parametrize("file", TOKENS, ids=lambda file: file.stem)
def test_a_hostile_token_is_refused_before_a_key_is_used(file: Path) -> None:
    assert why(file.read_text().strip()) in (Why.TOKEN, Why.ALGORITHM, Why.HEADER)


@pytest.mark.skipif(not RECIPES, reason="the shared corpus is not here")
@pytest.mark.parametrize("file", RECIPES, ids=lambda file: file.stem)
def test_a_hostile_claim_is_refused_though_well_signed(file: Path) -> None:
    recipe = json.loads(file.read_text())
    with pytest.raises(NotProvedError):
        professionals_of(read(signed(recipe["claims"], **recipe["header"])), professions())


def test_the_control_of_the_hostile_corpus_is_let_in() -> None:
    file = HOSTILE / "auth-ctl-valid.json"
    if not file.is_file():
        pytest.skip("the shared corpus is not here")
    recipe = json.loads(file.read_text())
    (one,) = professionals_of(read(signed(recipe["claims"], **recipe["header"])), professions())
    assert (one.id, one.profession) == ("899700000000", "G15_10")


def replaced(token: str, *, header: Any = None, claims: Any = None) -> str:
    """The same signature under another header or other claims."""
    parts = token.split(".")
    for place, value in enumerate((header, claims)):
        if value is not None:
            raw = base64.urlsafe_b64encode(json.dumps(value).encode())
            parts[place] = raw.decode().rstrip("=")
    return ".".join(parts)
