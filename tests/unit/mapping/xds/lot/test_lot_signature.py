"""The signature of a lot is verified, kept beside it and never a document (XDS.md section 4)."""

import base64
from dataclasses import replace

import pytest
from cda_sample import cda
from dmp_authority import DmpAuthority
from dmp_lot import Lot, signature_of, signed_manifest
from lot_sample import FIRST, LOT, NOTE, SECOND, told, understood

from gateway.mapping.xds.lot.signature import BrokenSignatureError, verified
from gateway.records.intake.finding import Verdict

SIGNER = DmpAuthority().signer()
SIGNED = replace(LOT, documents=(FIRST, SECOND, NOTE), signer=SIGNER)
BODY = signed_manifest(SIGNED, SIGNER)


def test_a_signature_that_holds_leaves_the_documents_alone() -> None:
    answer = understood(SIGNED)

    assert answer.verdict is Verdict.ACCEPT
    assert told(answer) == {"xds-signature"}
    assert [one.type_code for one in answer.documents] == ["11502-2"] * 3


def test_comments_and_instructions_of_a_cda_are_signed_with_it() -> None:
    body = cda().replace("<component>", "<!-- dit en passant --><component>", 1).encode()
    lot = replace(SIGNED, documents=(replace(FIRST, body=body),))
    silent = body.replace(b"dit en passant", b"dit autrement!")

    assert told(understood(lot)) == {"xds-signature"}
    parts = {"0@software.example": silent, "1@software.example": signed_manifest(lot, SIGNER)}
    assert "xds-signature-broken" in told(understood(lot, parts=parts))


def test_the_certificate_that_signed_is_told() -> None:
    assert understood(SIGNED).signed_by == SIGNER.der
    assert understood(LOT).signed_by is None


@pytest.mark.parametrize(
    ("lot", "why"),
    [
        (replace(SIGNED, unique_id="1.2.3"), "another set"),
        (replace(SIGNED, documents=(FIRST, SECOND)), "a document more is named"),
        (
            replace(SIGNED, documents=(replace(FIRST, body=SECOND.body), SECOND, NOTE)),
            "other bytes",
        ),
    ],
)
def test_a_signature_of_another_lot_refuses(lot: Lot, why: str) -> None:
    number = len(lot.documents)
    parts = {f"{at}@software.example": one.body for at, one in enumerate(lot.documents)}
    answer = understood(lot, parts=parts | {f"{number}@software.example": BODY})

    assert "xds-signature-broken" in told(answer), why
    assert answer.verdict is Verdict.REFUSE


def test_a_lot_with_a_document_that_was_not_signed_refuses() -> None:
    lot = replace(
        SIGNED,
        documents=(FIRST, SECOND, NOTE, replace(NOTE, id="N2", unique_id="1.9", body=b"Autre.")),
    )
    parts = {f"{at}@software.example": one.body for at, one in enumerate(lot.documents)}

    assert "xds-signature-broken" in told(
        understood(lot, parts=parts | {"4@software.example": BODY})
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"urn:oid:1.2.250.1.999.1.1", b"urn:oid:1.2.250.1.999.1.7"),
        (b"2000/09/xmldsig#rsa-sha1", b"2001/04/xmldsig-more#rsa-md5"),
        (b'URI="#S0-SignedProperties"', b'URI="#S0-Nowhere"'),
        (b'Id="S0-SignedProperties"', b'Id="IHEManifest"'),
        (b"<SignatureValue>", b"<SignatureValue>AAAA"),
        (b"<X509Certificate>M", b"<X509Certificate>N"),
        (b"<xad:SigningTime>", b"<xad:SigningTime>1"),
        (b"</SignedInfo>", b"</SignedInfo><SignedInfo/>"),
    ],
)
def test_a_signature_that_was_changed_does_not_hold(before: bytes, after: bytes) -> None:
    assert before in BODY

    with pytest.raises(BrokenSignatureError):
        verified(BODY.replace(before, after))


def test_the_certificate_of_another_does_not_stand_for_the_one_that_was_named() -> None:
    other = DmpAuthority("Autre AC").signer(person="899700000001")
    before, after = (base64.b64encode(one.der) for one in (SIGNER, other))
    assert before in BODY

    with pytest.raises(BrokenSignatureError):
        verified(BODY.replace(before, after))


def test_a_certificate_with_a_key_of_an_unknown_kind_is_unreadable() -> None:
    """Its kind is looked at late, and that fails with an error of its own."""
    kind = bytes.fromhex("06092a864886f70d0101")
    assert kind + b"\x01" in SIGNER.der
    odd = SIGNER.der.replace(kind + b"\x01", kind + b"\x63")
    before, after = (base64.b64encode(one) for one in (SIGNER.der, odd))

    with pytest.raises(BrokenSignatureError, match="unreadable"):
        verified(BODY.replace(before, after))


@pytest.mark.parametrize("body", [b"", b"<a/>", b"not xml", b"<!DOCTYPE a><a/>"])
def test_what_is_no_signature_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(BrokenSignatureError):
        verified(body)


def test_a_signature_alone_is_no_lot() -> None:
    answer = understood(replace(SIGNED, documents=()))

    assert "xds-no-entry" in told(answer)


def test_a_lot_is_signed_once() -> None:
    second = replace(signature_of(SIGNED), id="Signature02", unique_id="1.9.9")
    answer = understood(replace(SIGNED, documents=(*SIGNED.documents, second)))

    assert answer.verdict is Verdict.REFUSE
    assert "xds-signature-broken" in told(answer)


def test_the_entry_of_a_signature_is_held_to_its_measure_and_its_patient() -> None:
    entry = replace(signature_of(SIGNED), slots={"hash": "0" * 40})
    lot = replace(SIGNED, signer=None, documents=(*SIGNED.documents, entry))

    assert "hash-mismatch" in told(understood(lot))
