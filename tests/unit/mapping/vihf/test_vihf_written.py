"""A VIHF that our own client writes, held against the reader that strangers' ones proved."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from dmp_authority import PERSON, STRUCTURE
from lxml import etree
from msgspec import structs
from vihf_case import AUTHORITY, INS, NOW, SIGNER, TRUST, why

from gateway.mapping.soap.request import write_request
from gateway.mapping.vihf.card import Card, card_of
from gateway.mapping.vihf.prove import prove
from gateway.mapping.vihf.refusal import Why
from gateway.mapping.vihf.write import signed_vihf
from gateway.mapping.xml import parse_xml
from gateway.records.readers.access import Mode
from gateway.records.readers.vihf import Authentication, Vihf

CARD = Card(SIGNER.key, SIGNER.certificate)
SAID = Vihf(
    id="_0001",
    issued_at=NOW,
    until=NOW + timedelta(minutes=5),
    subject=PERSON,
    name="LÉONIE D'<Été> & fils",
    structure=STRUCTURE,
    sector="SA07",
    profession="G15_10/SM26",
    authentication=Authentication.DIRECT,
    mode=Mode.NORMAL,
    certificate=SIGNER.fingerprint,
    software="Passerelle 0.1.0",
    ins=INS,
    ins_oid="1.2.250.1.213.1.4.10",
)
OTHERS = {
    "an emergency": {"mode": Mode.BRIS_DE_GLACE, "reason": "inconscient"},
    "a secret connection": {"is_secret": True},
    "no patient": {"ins": None, "ins_oid": None},
    "no know-how": {"profession": "G15_60"},
    "a machine": {
        "profession": "AUTOMATE",
        "authentication": Authentication.INDIRECT,
        "subject": f"{STRUCTURE}/7",
    },
    "software without a version": {"software": "Passerelle", "sector": None},
}


def written(said: Vihf) -> bytes:
    assertion = signed_vihf(said, CARD)
    return write_request(
        etree.Element("{urn:x}a"),
        to="http://x",
        action="urn:x",
        message_id="m",
        assertion=assertion,
    )


@pytest.mark.parametrize("said", [{}, *OTHERS.values()], ids=["a card", *OTHERS])
def test_what_is_written_is_read_and_proved(said: dict[str, object]) -> None:
    told = structs.replace(SAID, **said)
    assert prove(parse_xml(written(told)), TRUST, now=NOW).vihf == told


def test_the_same_words_and_card_give_the_same_octets() -> None:
    assert written(SAID) == written(SAID)


def test_a_letter_that_is_changed_breaks_its_signature() -> None:
    bent = parse_xml(written(SAID).replace(b"SA07^", b"SA01^"))
    assert why(lambda: prove(bent, TRUST, now=NOW)) is Why.SIGNATURE


def test_a_card_says_who_and_where_and_a_seal_where_alone() -> None:
    seal = AUTHORITY.signer(person="SIGN Clinique")
    assert (CARD.person, CARD.structure) == (PERSON, STRUCTURE)
    held = Card(seal.key, seal.certificate)
    assert (held.person, held.structure) == (None, STRUCTURE)


def pem(key: ec.EllipticCurvePrivateKey, password: bytes | None = None) -> bytes:
    kept = serialization.BestAvailableEncryption(password) if password else None
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        kept or serialization.NoEncryption(),
    )


def test_a_key_of_another_or_none_at_all_is_no_card() -> None:
    held = SIGNER.certificate.public_bytes(serialization.Encoding.PEM)
    other = ec.generate_private_key(ec.SECP256R1())
    for certificate, key in (
        (held, pem(other)),
        (held, pem(other, b"x")),
        (held, held),
        (b"", b""),
    ):
        with pytest.raises(ValueError, match=r"key|PEM"):
            card_of(certificate, key)
