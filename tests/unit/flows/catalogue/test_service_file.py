"""The file of a service is read strictly, and each refusal says what to mend (VAULT APP-02)."""

import json
from typing import Any

import pytest
from client_keys import SIGNING, jwk_of, rsa_key
from joserfc.jwk import ECKey

from gateway.errors import RefusedError
from gateway.flows.catalogue.reading import is_redirect, read_file
from gateway.records.catalogue.files import Criterion

GOOD: dict[str, Any] = {
    "id": "glycosuivi",
    "name": "GlycoSuivi",
    "publisher": "Éditions du Carnet",
    "description": "Suivre sa glycémie.",
    "themes": ["suivre une maladie chronique"],
    "price": "gratuit",
    "regions": ["France entière"],
    "languages": ["français"],
    "terms": "https://glycosuivi.example/cgu",
    "privacy": "https://glycosuivi.example/donnees",
    "scopes": ["patient/Observation.c"],
    "redirects": ["https://glycosuivi.example/retour"],
    "judgements": [
        {
            "criterion": "sécurité",
            "referee": "Agence",
            "since": "2026-01-01",
            "until": "2028-12-31",
        }
    ],
}


def written(**changes: object) -> bytes:
    said = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return json.dumps(said).encode()


def test_a_good_file_is_read_whole() -> None:
    file = read_file(written(secret_sha256="a" * 64))
    assert (file.id, file.judgements[0].criterion) == ("glycosuivi", Criterion.SECURITY)
    assert file.scopes == ("patient/Observation.c",)


def test_public_keys_of_both_kinds_are_read() -> None:
    keys = [jwk_of(SIGNING), jwk_of(rsa_key(), alg="RS384")]
    assert list(read_file(written(keys=keys)).keys) == keys


BAD: dict[str, dict[str, object]] = {
    "a key that nobody knows": {"secret": "en clair"},
    "no name": {"name": None},
    "an empty name": {"name": " "},
    "a name that is none": {"name": 3},
    "an id with a slash": {"id": "a/b"},
    "an id that is an address of ours": {"id": "autoriser"},
    "no address of return": {"redirects": []},
    "an address of return that is open": {"redirects": ["http://glycosuivi.example/retour"]},
    "a scope that is none": {"scopes": ["patient/*.cruds"]},
    "a page of terms that runs": {"terms": "javascript:alert(1)"},
    "a page of terms in clear": {"terms": "http://glycosuivi.example/cgu"},
    "a secret that is no digest": {"secret_sha256": "a" * 63},
    "a criterion that is none": {"judgements": [GOOD["judgements"][0] | {"criterion": "prix"}]},
    "a criterion twice": {"judgements": GOOD["judgements"] * 2},
    "an end before its beginning": {
        "judgements": [GOOD["judgements"][0] | {"until": "2025-12-31"}]
    },
    "a day that is none": {"judgements": [GOOD["judgements"][0] | {"since": "2026-02-30"}]},
    "a secret and a key": {"secret_sha256": "a" * 64, "keys": [jwk_of(SIGNING)]},
    "a key that is private": {"keys": [SIGNING.as_dict(private=True)]},
    "a key without a name": {"keys": [jwk_of(SIGNING, kid=None)]},
    "a name twice": {"keys": [jwk_of(SIGNING), jwk_of(rsa_key(), kid=SIGNING.kid)]},
    "a curve that is too small": {"keys": [jwk_of(ECKey.generate_key("P-256", {"kid": "k"}))]},
    "a key for another algorithm": {"keys": [jwk_of(SIGNING, alg="ES256")]},
    "a key to encipher with": {"keys": [jwk_of(SIGNING, use="enc")]},
    "a key that two could share": {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "k"}]},
    "a key of another kind": {
        "keys": [{"kty": "OKP", "crv": "Ed25519", "x": "a" * 43, "kid": "k"}]
    },
    "a point that is on no curve": {"keys": [jwk_of(SIGNING, x="A" * 64)]},
    "a key that is fetched": {"keys": [{"jwks_uri": "https://glycosuivi.example/cles"}]},
    "an empty key": {"keys": [{}]},
    "a list of no keys": {"keys": "https://glycosuivi.example/cles"},
    "too many keys": {"keys": [jwk_of(SIGNING, kid=f"k{one}") for one in range(5)]},
    "no referee": {"judgements": [GOOD["judgements"][0] | {"referee": ""}]},
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_with_what_to_mend(case: str) -> None:
    with pytest.raises(RefusedError, match=r"\w"):
        read_file(written(**BAD[case]))


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_an_rsa_key_that_is_too_small_is_refused() -> None:
    with pytest.raises(RefusedError, match="2048"):
        read_file(written(keys=[jwk_of(rsa_key("k", bits=1024))]))


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"x" * 70_000, b'{"id": 1, "id": 2}'])
def test_what_is_no_file_is_refused(raw: bytes) -> None:
    with pytest.raises(RefusedError):
        read_file(raw)


@pytest.mark.parametrize(
    ("said", "may"),
    [
        ("https://a.example/retour", True),
        ("https://a.example:8443/retour?x=1", True),
        ("http://127.0.0.1:8909/retour", True),
        ("http://[::1]:8909/retour", True),
        ("fr.editeur.glycosuivi:/retour", True),
        ("http://localhost:8909/retour", False),
        ("http://127.0.0.1.evil.example/retour", False),
        ("https://a.example/retour#x", False),
        ("https://claire@a.example/retour", False),
        ("https:///retour", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example/retour", False),
        ("/retour", False),
        ("https://a.example/re tour", False),
        ("https://a.example/re\ntour", False),
        ("https://a.example:x/retour", False),
        ("", False),
    ],
)
def test_where_an_answer_may_be_sent(said: str, *, may: bool) -> None:
    assert is_redirect(said) is may
