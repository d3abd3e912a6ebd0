"""Attacks on the signature itself: its form, its algorithms, its certificate."""

import base64
import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from dmp_authority import DmpAuthority, Signer
from dmp_software import (
    DS,
    ENVELOPED,
    EXCLUSIVE,
    RSA_SHA1,
    RSA_SHA256,
    SHA1,
    SHA256,
    assertion,
    sign,
)
from lxml import etree
from vihf_case import SIGNER, claims, proved, signed, why

from gateway.mapping.vihf.refusal import Why

HMAC = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
MD5 = "http://www.w3.org/2001/04/xmldsig-more#md5"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
COMMENTED = EXCLUSIVE + "WithComments"


def refused(vihf: str, **how: bool) -> Why | None:
    return why(lambda: proved(vihf, **how))


def signed_with(old: str, new: str) -> str:
    """The signature says something else than it was made with: SignedInfo was changed."""
    vihf = signed()
    assert old in vihf
    return vihf.replace(old, new, 1)


@pytest.mark.parametrize("algorithm", [HMAC, DS + "hmac-sha1", DS + "dsa-sha1", "", "none"])
def test_an_algorithm_that_is_not_rsa_is_not_taken(algorithm: str) -> None:
    assert refused(signed_with(RSA_SHA256, algorithm)) is Why.ALGORITHM


def test_an_hmac_under_the_public_certificate_proves_nothing() -> None:
    """Confusion of algorithms: what everybody has is taken for a shared secret."""
    root = etree.fromstring(signed().replace(RSA_SHA256, HMAC))
    info, value = root.find(f".//{{{DS}}}SignedInfo"), root.find(f".//{{{DS}}}SignatureValue")
    assert info is not None
    assert value is not None
    octets = etree.tostring(info, method="c14n", exclusive=True)
    value.text = base64.b64encode(hmac.digest(SIGNER.der, octets, hashlib.sha256)).decode()
    assert refused(etree.tostring(root, encoding="unicode")) is Why.ALGORITHM


def test_a_weak_digest_is_not_taken() -> None:
    assert refused(signed_with(SHA256, MD5)) is Why.ALGORITHM
    assert refused(sign(assertion(claims()), SIGNER, digest=SHA1)) is Why.ALGORITHM


def test_sha_1_is_not_taken_where_nobody_may_use_it() -> None:
    assert refused(sign(assertion(claims()), SIGNER, algorithm=RSA_SHA1)) is Why.ALGORITHM


@pytest.mark.parametrize(("algorithm", "digest"), [(RSA_SHA1, SHA256), (RSA_SHA256, SHA1)])
def test_sha_1_is_told_apart_where_some_may_use_it(algorithm: str, digest: str) -> None:
    vihf = sign(assertion(claims()), SIGNER, algorithm=algorithm, digest=digest)
    assert proved(vihf, sha1=True).weak
    assert not proved(signed(), sha1=True).weak


@pytest.mark.parametrize(
    "transforms",
    [
        (),
        (EXCLUSIVE,),
        (ENVELOPED,),
        (EXCLUSIVE, ENVELOPED),
        (ENVELOPED, INCLUSIVE),
        (ENVELOPED, COMMENTED),
        (ENVELOPED, XSLT),
        (ENVELOPED, XPATH, EXCLUSIVE),
        (ENVELOPED, EXCLUSIVE, EXCLUSIVE),
    ],
)
def test_other_transforms_are_not_taken(transforms: tuple[str, ...]) -> None:
    """Signed by the very key, so that the form alone is wrong."""
    vihf = sign(assertion(claims()), SIGNER, transforms=transforms)
    assert refused(vihf) is Why.FORM


def test_another_canonical_form_of_what_is_signed_is_not_taken() -> None:
    old = f'CanonicalizationMethod Algorithm="{EXCLUSIVE}"'
    assert refused(signed_with(old, old.replace(EXCLUSIVE, INCLUSIVE))) is Why.FORM
    assert refused(signed_with(old, old.replace(EXCLUSIVE, COMMENTED))) is Why.FORM


def test_two_references_are_refused() -> None:
    root = etree.fromstring(signed())
    reference = root.find(f".//{{{DS}}}Reference")
    assert reference is not None
    reference.addnext(etree.fromstring(etree.tostring(reference, with_tail=False)))
    assert refused(etree.tostring(root, encoding="unicode")) is Why.FORM


@pytest.mark.parametrize("uri", ["", "#other", "#xpointer(/)", "http://example.org/a.xml", "#"])
def test_a_reference_to_anything_but_this_assertion_is_refused(uri: str) -> None:
    vihf = signed(id="_one")
    assert refused(vihf.replace('URI="#_one"', f'URI="{uri}"')) is Why.FORM


def test_a_reference_without_a_uri_is_refused() -> None:
    assert refused(signed(id="_one").replace(' URI="#_one"', "")) is Why.FORM


def test_a_truncated_hmac_length_or_any_parameter_of_the_method_is_refused() -> None:
    old = f'<ds:SignatureMethod Algorithm="{RSA_SHA256}"/>'
    new = old.replace("/>", "><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>")
    assert refused(signed_with(old, new)) is Why.FORM


def test_an_object_in_the_signature_is_refused() -> None:
    assert refused(signed_with("</ds:Signature>", "<ds:Object/></ds:Signature>")) is Why.FORM


@pytest.mark.parametrize(
    "key_info",
    [
        "<ds:KeyValue/>",
        "<ds:RetrievalMethod URI='http://example.org/key'/>",
        "<ds:X509Data/>",
        "<ds:X509Data><ds:X509Certificate>AA==</ds:X509Certificate>"
        "<ds:X509Certificate>AA==</ds:X509Certificate></ds:X509Data>",
    ],
)
def test_a_key_told_in_another_way_is_not_looked_for(key_info: str) -> None:
    vihf = signed()
    begin, end = vihf.index("<ds:X509Data>"), vihf.index("</ds:KeyInfo>")
    assert refused(vihf[:begin] + key_info + vihf[end:]) is Why.FORM


@pytest.mark.parametrize("octets", ["AA==", "", "bm90IGEgY2VydGlmaWNhdGU="])
def test_a_certificate_that_cannot_be_read_is_refused(octets: str) -> None:
    own = base64.b64encode(SIGNER.der).decode()
    assert refused(signed().replace(own, octets)) is Why.CERTIFICATE


@pytest.mark.parametrize("text", ["not base64!", "AA=", "<ds:x/>"])
def test_a_value_that_is_not_base64_is_refused(text: str) -> None:
    own = base64.b64encode(SIGNER.der).decode()
    assert refused(signed().replace(own, text)) is Why.FORM


def test_a_value_or_a_digest_of_other_octets_is_refused() -> None:
    first, second = signed(id="_same"), signed(id="_same", structure="10B0000001")
    for name in ("SignatureValue", "DigestValue"):
        begin, end = f"<ds:{name}>", f"</ds:{name}>"
        taken = second[second.index(begin) : second.index(end)]
        whole = first[: first.index(begin)] + taken + first[first.index(end) :]
        assert refused(whole) is Why.SIGNATURE


def test_a_signature_by_another_key_than_the_certificates_is_refused() -> None:
    stranger = DmpAuthority("AC inconnue").signer(person="899700000001")
    assert refused(sign(assertion(claims()), Signer(stranger.key, SIGNER.certificate))) is (
        Why.SIGNATURE
    )


def test_a_key_of_1024_bits_is_too_short() -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    weak = DmpAuthority().certified(short)
    assert refused(sign(assertion(claims(issuer=weak.subject)), weak)) is Why.CERTIFICATE


def test_a_key_that_is_not_rsa_is_not_taken() -> None:
    curved = DmpAuthority().certificate_for(ec.generate_private_key(ec.SECP256R1()).public_key())
    own = base64.b64encode(SIGNER.der).decode()
    assert refused(signed().replace(own, base64.b64encode(curved).decode())) is Why.CERTIFICATE


def test_a_relative_namespace_has_no_canonical_form_and_is_refused() -> None:
    """Found by mutation: the library raises an error of its own."""
    old = "<ds:SignedInfo>"
    assert refused(signed_with(old, '<ds:SignedInfo xmlns:r="a/b">')) is Why.FORM


def test_a_certificate_with_a_name_that_cannot_be_read_is_refused() -> None:
    """Found by mutation: a name is read late, and a bit string in it is an error of its own."""
    name = SIGNER.certificate.subject.public_bytes()
    broken = SIGNER.der.replace(name, name.replace(b"\x0c", b"\x03", 1))
    own, other = (base64.b64encode(one).decode() for one in (SIGNER.der, broken))
    assert own != other
    assert refused(signed().replace(own, other)) is Why.CERTIFICATE
