"""VIHF: who asks at the DMP door, as a signed assertion says it (XDS.md section 8)."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from gateway.records.readers.access import Mode


class Authentication(StrEnum):
    """`Authentification_Mode`: by a card, by an establishment, or by an identity provider."""

    DIRECT = "DIRECTE"
    INDIRECT = "INDIRECTE"
    REINFORCED = "INDIRECTE_RENFORCEE"


class Vihf(Struct, frozen=True, kw_only=True):
    """An assertion that was verified.

    `id` is Assertion/@ID, `until` the instant after which it proves nothing. `subject` is the
    NameID, `structure` the Identifiant_Structure, `sector` the code of the Secteur_Activite.
    `profession` is "G15_10/SM26" (a code of role, then of know-how where there is one), or the
    code of an AUTOMATE. `ins` and `ins_oid` are the patient of the request, None where it names
    none. `is_secret`: « connexion secrète » of a minor. `certificate` is SHA-256 of the signing
    certificate, in hexadecimal; `software` the LPS_Nom and its version.
    """

    id: str
    issued_at: datetime
    until: datetime
    subject: str
    name: str
    structure: str
    sector: str | None
    profession: str
    authentication: Authentication
    mode: Mode
    certificate: str
    software: str
    ins: str | None = None
    ins_oid: str | None = None
    is_secret: bool = False
    reason: str | None = None


EVERY_DAY = frozenset({Authentication.DIRECT, Authentication.INDIRECT})


class Software(Struct, frozen=True, kw_only=True):
    """What the operator says of the software of one sender account.

    `structures` are those that its VIHFs may name beside the one of their certificate;
    `certificates` those that it signs with, as SHA-256 in hexadecimal: for a request that brings
    neither a token nor a client certificate of the sender. `authentications` are the ways that it
    may say a person was proved by: to believe it about Pro Santé Connect is to let it read in any
    professional's name. `sha1` takes its old signatures.
    """

    sender: str
    structures: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    authentications: frozenset[Authentication] = EVERY_DAY
    sha1: bool = False
