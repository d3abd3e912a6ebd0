"""What a client signs is read the narrow way (RFC 7523, 3; SMART App Launch 2)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from client_keys import SIGNING, assertion, jwk_of, rsa_key
from joserfc.jwk import ECKey, OctKey

from gateway.mapping.oidc.claims import LEEWAY
from gateway.mapping.oidc.client_assertion import (
    LONGEST,
    Shown,
    prove,
    read_client_assertion,
    thumbprint_of,
)
from gateway.mapping.oidc.refusal import NotProvedError, Why

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
AT = int(NOW.timestamp())
AUDIENCE = "https://coffre.example/oauth/token"
KEYS = (jwk_of(SIGNING), jwk_of(rsa_key()))
LEAST, MOST = int(LEEWAY.total_seconds()), int(LONGEST.total_seconds())


def proved(said: str, keys: tuple[dict[str, str], ...] = KEYS) -> Shown:
    return prove(read_client_assertion(said), keys, audience=AUDIENCE, now=NOW)


@pytest.mark.parametrize("key", [SIGNING, rsa_key()], ids=["ES384", "RS384"])
def test_what_one_of_its_keys_signed_is_taken(key: Any) -> None:
    shown = proved(assertion(AUDIENCE, AT, key=key, jti="j-1"))
    assert shown == Shown(jti="j-1", until=NOW + timedelta(seconds=240) + LEEWAY)


GOOD: dict[str, dict[str, Any]] = {
    "one audience in a list": {"aud": [AUDIENCE]},
    "with the instant of its making": {"iat": AT, "nbf": AT},
    "at the longest": {"exp": AT + MOST + LEAST},
    "just over, within the clocks": {"exp": AT - LEAST + 1},
}


@pytest.mark.parametrize("case", GOOD)
def test_what_is_allowed_is_taken(case: str) -> None:
    assert proved(assertion(AUDIENCE, AT, **GOOD[case]))


BAD: dict[str, tuple[Why, dict[str, Any]]] = {
    "another server": (Why.AUDIENCE, {"aud": "https://ailleurs.example/oauth/token"}),
    "two servers": (Why.AUDIENCE, {"aud": [AUDIENCE, "https://ailleurs.example"]}),
    "the server and not its door": (Why.AUDIENCE, {"aud": "https://coffre.example"}),
    "no server": (Why.AUDIENCE, {"aud": None}),
    "over": (Why.TIME, {"exp": AT - LEAST}),
    "for too long": (Why.TIME, {"exp": AT + MOST + LEAST + 1}),
    "for ever": (Why.TIME, {"exp": None}),
    "an end in text": (Why.TIME, {"exp": str(AT + 60)}),
    "not yet": (Why.TIME, {"nbf": AT + LEAST + 1}),
    "of tomorrow": (Why.TIME, {"iat": AT + LEAST + 1}),
    "no name": (Why.CLAIM, {"jti": None}),
    "a name that is no text": (Why.CLAIM, {"jti": 3}),
    "a name that is too long": (Why.CLAIM, {"jti": "j" * 201}),
    "a name with a space": (Why.CLAIM, {"jti": "j 1"}),
    "of somebody for another": (Why.CLAIM, {"sub": "autre"}),
    "of nobody": (Why.CLAIM, {"iss": None, "sub": None}),
    "no subject": (Why.CLAIM, {"sub": None}),
    "no name of the key": (Why.HEADER, {"header": {"kid": None}}),
    "no type": (Why.HEADER, {"header": {"typ": None}}),
    "another type": (Why.HEADER, {"header": {"typ": "at+jwt"}}),
    "an address of keys": (Why.HEADER, {"header": {"jku": "https://evil.example/cles"}}),
    "a key of its own": (Why.HEADER, {"header": {"jwk": jwk_of(SIGNING)}}),
    "a certificate of its own": (Why.HEADER, {"header": {"x5c": ["AAAA"]}}),
    "another's name of the key": (Why.KEY, {"header": {"kid": "cle-9"}}),
    "the name of a key of another kind": (Why.KEY, {"header": {"kid": "cle-2"}}),
}


@pytest.mark.parametrize("case", BAD)
def test_what_proves_nothing_is_refused_with_why(case: str) -> None:
    why, changes = BAD[case]
    with pytest.raises(NotProvedError) as refused:
        proved(assertion(AUDIENCE, AT, **changes))
    assert refused.value.why is why


def test_another_key_under_the_same_name_signed_nothing() -> None:
    stolen = ECKey.generate_key("P-384", {"kid": "cle-1"})
    with pytest.raises(NotProvedError) as refused:
        proved(assertion(AUDIENCE, AT, key=stolen))
    assert refused.value.why is Why.SIGNATURE


def test_what_was_altered_is_refused() -> None:
    head, body, seal = assertion(AUDIENCE, AT).split(".")
    other = assertion(AUDIENCE, AT + 1).split(".")[1]
    assert body != other
    with pytest.raises(NotProvedError) as refused:
        proved(f"{head}.{other}.{seal}")
    assert refused.value.why is Why.SIGNATURE


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("HS384", OctKey.generate_key(384, {"kid": "cle-1"})),
        ("RS256", rsa_key()),
        ("PS384", rsa_key()),
        ("ES256", ECKey.generate_key("P-256", {"kid": "cle-1"})),
    ],
)
def test_another_algorithm_is_not_looked_at(algorithm: str, key: Any) -> None:
    with pytest.raises(NotProvedError) as refused:
        proved(assertion(AUDIENCE, AT, key=key, header={"alg": algorithm, "kid": "cle-1"}))
    assert refused.value.why is Why.ALGORITHM


def test_what_nobody_signed_is_refused() -> None:
    body = assertion(AUDIENCE, AT).split(".")[1]
    for said in ("", "a.b", f"eyJhbGciOiJub25lIn0.{body}.", f"eyJhbGciOiJub25lIn0.{body}.AA"):
        with pytest.raises(NotProvedError):
            proved(said)


def test_a_client_without_keys_is_proved_by_nothing() -> None:
    with pytest.raises(NotProvedError):
        proved(assertion(AUDIENCE, AT), ())


def test_a_thumbprint_is_that_of_the_standard() -> None:
    """The example of RFC 7638, 3.1."""
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJ"
        "ECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW"
        "2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQ"
        "Fh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    assert thumbprint_of({"kty": "RSA", "n": modulus, "e": "AQAB", "kid": "2011-04-29"}) == (
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    )
