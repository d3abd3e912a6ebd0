"""The signature of an assertion that stands alone: its form, its digest and its value.

Written for one form only (XDS.md section 8): a signature in the assertion, one reference to it,
two transforms, RSA. The key is that of the certificate in KeyInfo: whether we trust it is judged
by `trust`. Decision 041 says why no library does this.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from types import MappingProxyType

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from gateway.mapping.vihf.alone import DS, MAX_ASSERTION_BYTES, SIGNATURE, read_again
from gateway.mapping.vihf.der import certificate_in
from gateway.mapping.vihf.refusal import NotVihfError, Why
from gateway.mapping.xml import Element

EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = f"{DS}enveloped-signature"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_ENC = "http://www.w3.org/2001/04/xmlenc#"
RSA_SHA1, SHA1 = f"{DS}rsa-sha1", f"{DS}sha1"
SIGNED_BY: Mapping[str, type[hashes.HashAlgorithm]] = MappingProxyType(
    {
        f"{_MORE}rsa-sha256": hashes.SHA256,
        f"{_MORE}rsa-sha384": hashes.SHA384,
        f"{_MORE}rsa-sha512": hashes.SHA512,
    }
)
DIGESTED_BY: Mapping[str, type[hashes.HashAlgorithm]] = MappingProxyType(
    {
        f"{_ENC}sha256": hashes.SHA256,
        f"{_MORE}sha384": hashes.SHA384,
        f"{_ENC}sha512": hashes.SHA512,
    }
)
min_key_bits, max_key_bits = 2048, 8192
"""A longer key than any authority's would only cost time."""
MAX_PREFIXES = 20
MAX_CANONICAL_BYTES = 10 * MAX_ASSERTION_BYTES


@dataclass(frozen=True, slots=True)
class Signed:
    """What was hashed, read again, without its signature; the certificate of the key that signed
    it; and whether SHA-1 had a part in that."""

    assertion: Element
    certificate: x509.Certificate
    weak: bool


@dataclass(frozen=True, slots=True)
class _Signature:
    info: Element
    prefixes: Sequence[str]
    own_prefixes: Sequence[str]
    method: str
    digest_method: str
    digest: bytes
    value: bytes
    certificate: bytes


def verified(assertion: Element, *, sha1: bool) -> Signed:
    """`assertion` is as `alone` gives it, and is taken apart; `sha1` takes the old algorithms too.

    Raises NotVihfError: FORM, ALGORITHM, CERTIFICATE, SIGNATURE.
    """
    signature = next(one for one in assertion if one.tag == SIGNATURE)
    read = _read(signature, f"#{assertion.get('ID')}")
    weak = read.digest_method == SHA1 or read.method == RSA_SHA1
    if weak and not sha1:
        raise NotVihfError(Why.ALGORITHM)
    digest = hashes.SHA1 if read.digest_method == SHA1 else DIGESTED_BY.get(read.digest_method)
    method = hashes.SHA1 if read.method == RSA_SHA1 else SIGNED_BY.get(read.method)
    if digest is None or method is None:
        raise NotVihfError(Why.ALGORITHM)
    certificate, key = _certificate(read.certificate)
    info = canonical(read.info, read.own_prefixes)
    _without(assertion, signature)
    octets = canonical(assertion, read.prefixes)
    _check_value(key, read.value, info, method())
    hashed = hashes.Hash(digest())
    hashed.update(octets)
    if not compare_digest(hashed.finalize(), read.digest):
        raise NotVihfError(Why.SIGNATURE)
    return Signed(read_again(octets, max_bytes=MAX_CANONICAL_BYTES), certificate, weak)


def _read(signature: Element, wanted: str) -> _Signature:
    info, value, key_info = _children(signature, "SignedInfo", "SignatureValue", "KeyInfo")
    c14n, method, reference = _children(
        info, "CanonicalizationMethod", "SignatureMethod", "Reference"
    )
    transforms, digest_method, digest = _children(
        reference, "Transforms", "DigestMethod", "DigestValue"
    )
    enveloped, exclusive = _children(transforms, "Transform", "Transform")
    (data,) = _children(key_info, "X509Data")
    (certificate,) = _children(data, "X509Certificate")
    for one in (method, digest_method, enveloped):
        _children(one)
    steps = [one.get("Algorithm") for one in (enveloped, exclusive, c14n)]
    if steps != [ENVELOPED, EXCLUSIVE, EXCLUSIVE] or reference.get("URI") != wanted:
        raise NotVihfError(Why.FORM)
    return _Signature(
        info=info,
        prefixes=_prefixes(exclusive),
        own_prefixes=_prefixes(c14n),
        method=method.get("Algorithm", ""),
        digest_method=digest_method.get("Algorithm", ""),
        digest=_octets(digest),
        value=_octets(value),
        certificate=_octets(certificate),
    )


def _children(parent: Element, *names: str) -> list[Element]:
    """Exactly these, in this order: a second reference or an Object is another form."""
    found = list(parent)
    if [one.tag for one in found] != [f"{{{DS}}}{name}" for name in names]:
        raise NotVihfError(Why.FORM)
    return found


def _prefixes(method: Element) -> Sequence[str]:
    """The PrefixList of exclusive canonicalisation (xml-exc-c14n, 4), () where there is none."""
    inside = list(method)
    if not inside:
        return ()
    if len(inside) > 1 or inside[0].tag != f"{{{EXCLUSIVE}}}InclusiveNamespaces":
        raise NotVihfError(Why.FORM)
    listed = inside[0].get("PrefixList", "").split()
    if len(listed) > MAX_PREFIXES:
        raise NotVihfError(Why.FORM)
    return listed


def _octets(element: Element) -> bytes:
    if len(element):
        raise NotVihfError(Why.FORM)
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise NotVihfError(Why.FORM) from None


def _certificate(der: bytes) -> tuple[x509.Certificate, rsa.RSAPublicKey]:
    certificate = certificate_in(der)
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or not min_key_bits <= key.key_size <= max_key_bits:
        raise NotVihfError(Why.CERTIFICATE)
    return certificate, key


def _without(assertion: Element, signature: Element) -> None:
    """The transform enveloped-signature (XML Signature, 6.6.4): what follows it stays."""
    before, tail = signature.getprevious(), signature.tail or ""
    if before is None:
        assertion.text = (assertion.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    assertion.remove(signature)


def canonical(element: Element, prefixes: Sequence[str]) -> bytes:
    """Exclusive canonical form without comments. `element` is made a root first, with the
    namespaces in scope: libxml2 does not see those above the element that it is given."""
    root = element
    if element.getparent() is not None:
        root = read_again(etree.tostring(element, with_tail=False))
    try:
        return etree.tostring(
            root,
            method="c14n",
            exclusive=True,
            with_comments=False,
            inclusive_ns_prefixes=list(prefixes),
        )
    except etree.C14NError:  # a namespace that is a relative address
        raise NotVihfError(Why.FORM) from None


def _check_value(
    key: rsa.RSAPublicKey, value: bytes, info: bytes, method: hashes.HashAlgorithm
) -> None:
    try:
        key.verify(value, info, padding.PKCS1v15(), method)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        raise NotVihfError(Why.SIGNATURE) from None
