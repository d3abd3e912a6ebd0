"""Access tokens bound to a certificate (RFC 8705) or to a key that DPoP proves (RFC 9449)."""

from typing import Any

import pytest
from joserfc.jwk import ECKey
from psc_peer import signed
from token_house import (
    AT,
    FINGERPRINT,
    SEARCH,
    WHO,
    TokenHouse,
    access,
    agreed,
    asked,
    bearer,
    proof,
)
from vault_house import visiting

from gateway.mapping.oidc.base64url import digest
from gateway.mapping.oidc.refusal import Why


async def test_a_token_bound_to_a_certificate_comes_with_it() -> None:
    house = agreed(TokenHouse())
    bound = bearer(access(cnf={"x5t#S256": "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s"}))
    async with visiting(house) as client:
        assert (await asked(client, bound | {"X-SSL-Client-SHA256": FINGERPRINT}))[0] == 401
        house.certificate = FINGERPRINT
    async with visiting(house) as client:
        assert (await asked(client, bound))[0] == 200
        assert (await asked(client, bearer()))[0] == 200


DPOP = ECKey.generate_key("P-256")
BOUND = signed(access(cnf={"jkt": DPOP.thumbprint()}))


def dpop(*proofs: str, token: str = BOUND) -> list[tuple[str, str]]:
    return [("Authorization", f"DPoP {token}"), *(("DPoP", one) for one in proofs)]


async def test_a_token_bound_to_a_key_comes_with_a_proof_that_serves_once() -> None:
    house = agreed(TokenHouse())
    async with visiting(house) as client:
        first = proof(DPOP, BOUND)
        for headers, status in (
            (dpop(first), 200),
            (dpop(first), 401),
            (dpop(proof(DPOP, BOUND, jti="j2")), 200),
            (dpop(proof(DPOP, BOUND, jti="j3"), proof(DPOP, BOUND, jti="j4")), 401),
            (dpop(), 401),
        ):
            answer = await client.get(SEARCH, params=WHO, headers=headers)
            assert answer.status == status
            assert status == 200 or 'DPoP realm="fhir"' in str(answer.headers)
    assert house.reasons() == ["token-replay", "token-binding", "token-binding"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"htm": "POST"}, Why.BINDING),
        ({"htu": "https://other.test/fhir/DocumentReference"}, Why.BINDING),
        ({"htu": "https://vault.test/fhir/Binary/1"}, Why.BINDING),
        ({"htu": "https://[vault.test"}, Why.BINDING),
        ({"htu": None}, Why.BINDING),
        ({"ath": None}, Why.BINDING),
        ({"ath": digest(b"another token")}, Why.BINDING),
        ({"iat": AT - 61}, Why.TIME),
        ({"iat": AT + 61}, Why.TIME),
        ({"iat": None}, Why.TIME),
        ({"iat": -1}, Why.TIME),
        ({"jti": None}, Why.CLAIM),
        ({"jti": "a b"}, Why.CLAIM),
        ({"typ": "jwt"}, Why.BINDING),
    ],
)
async def test_a_proof_of_another_request(changes: dict[str, Any], why: Why) -> None:
    house = agreed(TokenHouse())
    async with visiting(house) as client:
        answer = await client.get(SEARCH, params=WHO, headers=dpop(proof(DPOP, BOUND, **changes)))
        assert answer.status == 401
    assert house.reasons() == [f"token-{why}"]


async def test_a_proof_names_our_address_in_any_of_its_spellings() -> None:
    house = agreed(TokenHouse())
    async with visiting(house) as client:
        for number, htu in enumerate(
            (
                "https://VAULT.test/fhir/DocumentReference",
                "https://vault.test:443/fhir/DocumentReference?patient=1#x",
            )
        ):
            shown = proof(DPOP, BOUND, htu=htu, jti=f"n{number}")
            answer = await client.get(SEARCH, params=WHO, headers=dpop(shown))
            assert answer.status == 200


async def test_another_key_or_no_bound_token_proves_nothing() -> None:
    house = agreed(TokenHouse())
    other = ECKey.generate_key("P-256")
    async with visiting(house) as client:
        for headers in (
            dpop(proof(other, BOUND)),
            dpop(proof(DPOP, signed(access())), token=signed(access())),
            [("Authorization", f"Bearer {BOUND}"), ("DPoP", proof(DPOP, BOUND, jti="j9"))],
        ):
            assert (await client.get(SEARCH, params=WHO, headers=headers)).status == 401
    assert set(house.reasons()) == {"token-binding"}
