"""What an issuer of ours says: signed tokens, its public keys, the claims of a professional.

Only the demo issues anything: a configured gateway believes the provider it is told to believe.
"""

from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws
from joserfc.jwk import ECKey

from gateway.mapping.fhir.json import Json
from gateway.mapping.oidc.person import ROLE_SYSTEMS, STRUCTURE_PREFIXES
from gateway.records.patients.account import Professional

IssuerKey = ECKey
ALGORITHM = "ES256"
SEED_BYTES = 48
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256; 48 bytes of chance modulo it are as good as even (FIPS 186-5, A.2.1)."""
LISTS = {listed: system for system, lists in ROLE_SYSTEMS.items() for listed in lists}


def signing_key(seed: bytes) -> ECKey:
    """A key made of 48 bytes of chance, named after its own thumbprint."""
    number = int.from_bytes(seed) % (ORDER - 1) + 1
    private = ec.derive_private_key(number, ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = ECKey.import_key(pem)
    return ECKey.import_key(pem, {"kid": key.thumbprint()[:16], "use": "sig", "alg": ALGORITHM})


def public_keys(key: ECKey) -> Json:
    """The JWK Set (RFC 7517, 5)."""
    return {"keys": [key.as_dict(private=False)]}


def signed(claims: Json, key: ECKey, *, typ: str) -> str:
    header: dict[str, Any] = {"alg": ALGORITHM, "kid": key.kid, "typ": typ}
    return jws.serialize_compact(header, orjson.dumps(claims), key, algorithms=[ALGORITHM])


def claims_of(who: Professional) -> Json:
    """As Pro Santé Connect tells of a professional with one situation of exercise."""
    listed, _, code = who.profession.partition("_")
    given, _, family = who.name.rpartition(" ")
    activity: Json = {"codeGenreActivite": who.activity or "", "codeRole": who.role or ""}
    if who.organization:
        activity[_kind_of(who.organization)] = who.organization
        activity["raisonSocialeSite"] = who.organization_name or ""
    exercise = {
        "codeProfession": code,
        "codeCategorieProfessionnelle": "E" if listed == "G16" else "C",
        "nomDexercice": family,
        "prenomDexercice": given,
        "codeSavoirFaire": who.specialty or "",
        "activities": [activity],
    }
    return {
        "SubjectNameID": who.id,
        "SubjectRole": [f"{code}^{LISTS[listed]}"],
        "SubjectRefPro": {"exercices": [exercise]},
        "given_name": given,
        "family_name": family,
    }


def _kind_of(structure: str) -> str:
    """Which claim holds such an identifier (RULES K4)."""
    kinds = {prefix: name for name, prefix in reversed(STRUCTURE_PREFIXES.items()) if prefix}
    return kinds.get(structure[:1], "identifiantTechniqueDeLaStructure")
