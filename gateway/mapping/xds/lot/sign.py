"""The signature of a lot written: the way back from `signature` (IHE DSG; XDS.md section 4).

SHA-1 and canonical forms with comments, as every TD2.1 on the wire has it [W].
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from cryptography.hazmat.primitives import hashes
from lxml import etree

from gateway.mapping.vihf.card import Card
from gateway.mapping.vihf.write import base64_of
from gateway.mapping.xdm.ebrim.displays import SIGNATURE_PURPOSE
from gateway.mapping.xds.lot.signature import (
    C14N,
    DIGESTS,
    DS,
    DSIG,
    MANIFEST,
    OID,
    PROPERTIES,
    SIGNATURES,
    canonical,
)
from gateway.mapping.xml import parse_whole, parse_xml

XADES = "http://uri.etsi.org/01903/v1.1.1#"
SIGNED_PROPERTIES = f"{XADES}{PROPERTIES}"
FORM = f"{C14N}#WithComments"
SHA1 = next(name for name, kind in DIGESTS.items() if kind == "sha1")
RSA_SHA1 = next(name for name, kind in SIGNATURES.items() if isinstance(kind, hashes.SHA1))
NO_DIGEST = "AA=="
"""Of the set, which has no bytes."""
SIGNATURE = "S0"
TRANSFORM = f'<Transforms><Transform Algorithm="{FORM}"/></Transforms>'


class Part(NamedTuple):
    """A document of the lot; one that is XML is signed in its canonical form."""

    unique_id: str
    body: bytes
    is_xml: bool = True


def signed_manifest(lot: str, parts: Sequence[Part], card: Card, at: datetime) -> bytes:
    """XAdES over the manifest of the set of that uniqueId. Raises RefusedError for a part that is
    said to be XML and is none."""
    root = parse_xml(_unsigned(lot, parts, card, at).encode())
    info = root[0]
    named = {one.get("Id"): one for one in root.iter("*")}
    for reference in info.iterfind(f"{DS}Reference"):
        target = named[(reference.get("URI") or "").removeprefix("#")]
        reference[-1].text = _sha1(canonical(target, FORM))
    root[1].text = base64_of(card.signed(canonical(info, FORM), SIGNATURES[RSA_SHA1]))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _unsigned(lot: str, parts: Sequence[Part], card: Card, at: datetime) -> str:
    """Every element that is signed declares the namespaces in scope itself: its canonical form is
    the same for who sees those above it and for who does not."""
    held = card.certificate
    listed = "".join(map(_reference, parts))
    return (
        f'<Signature xmlns="{DSIG}" Id="{SIGNATURE}"><SignedInfo xmlns="{DSIG}">'
        f'<CanonicalizationMethod Algorithm="{FORM}"/><SignatureMethod Algorithm="{RSA_SHA1}"/>'
        f"{_to('#IHEManifest', MANIFEST)}{_to(f'#{SIGNATURE}-{PROPERTIES}', SIGNED_PROPERTIES)}"
        "</SignedInfo><SignatureValue/><KeyInfo><X509Data><X509Certificate>"
        f"{base64_of(card.der)}</X509Certificate></X509Data></KeyInfo>"
        f'<Object><Manifest xmlns="{DSIG}" Id="IHEManifest">'
        f"<Reference URI={quoteattr(OID + lot)}>{_digested(NO_DIGEST)}</Reference>{listed}"
        f'</Manifest></Object><Object><SignatureProperties><SignatureProperty Id="purpose"'
        f' Target="#{SIGNATURE}">{SIGNATURE_PURPOSE}</SignatureProperty>'
        "</SignatureProperties></Object>"
        f'<Object><xad:QualifyingProperties xmlns:xad="{XADES}" Target="#{SIGNATURE}">'
        f'<xad:{PROPERTIES} xmlns="{DSIG}" xmlns:xad="{XADES}" Id="{SIGNATURE}-{PROPERTIES}">'
        "<xad:SignedSignatureProperties>"
        f"<xad:SigningTime>{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</xad:SigningTime>"
        "<xad:SigningCertificate><xad:Cert><xad:CertDigest>"
        f"{_digested(_sha1(card.der))}</xad:CertDigest><xad:IssuerSerial>"
        f"<X509IssuerName>{escape(held.issuer.rfc4514_string())}</X509IssuerName>"
        f"<X509SerialNumber>{held.serial_number}</X509SerialNumber></xad:IssuerSerial>"
        "</xad:Cert></xad:SigningCertificate><xad:SignaturePolicyIdentifier>"
        "<xad:SignaturePolicyImplied/></xad:SignaturePolicyIdentifier>"
        f"</xad:SignedSignatureProperties></xad:{PROPERTIES}></xad:QualifyingProperties></Object>"
        "</Signature>"
    )


def _reference(part: Part) -> str:
    name = f"<Reference URI={quoteattr(OID + part.unique_id)}>"
    if not part.is_xml:
        return f"{name}{_digested(_sha1(part.body))}</Reference>"
    digest = _sha1(canonical(parse_whole(part.body).getroottree(), FORM))
    return f"{name}{TRANSFORM}{_digested(digest)}</Reference>"


def _to(target: str, kind: str) -> str:
    return f'<Reference URI="{target}" Type="{kind}">{TRANSFORM}{_digested("")}</Reference>'


def _digested(value: str) -> str:
    return f'<DigestMethod Algorithm="{SHA1}"/><DigestValue>{value}</DigestValue>'


def _sha1(data: bytes) -> str:
    return base64_of(hashlib.sha1(data, usedforsecurity=False).digest())
