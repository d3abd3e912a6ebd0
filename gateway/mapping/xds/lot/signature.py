"""The signature of a lot: XAdES of a manifest of its documents (IHE DSG; XDS.md section 4).

Verified in this order: the signature over SignedInfo, its references to the manifest and to the
signed properties, the certificate that these name, each document by its digest. Whose certificate
it is, is not asked here. SHA-1 is what the guide of the DMP prescribes for it.
"""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from lxml import etree

from gateway.errors import RefusedError
from gateway.mapping.soap.mtom import from_base64
from gateway.mapping.vihf.der import certificate_in
from gateway.mapping.vihf.refusal import NotVihfError
from gateway.mapping.xds.lot.request import error, warning
from gateway.mapping.xml import Element, parse_whole
from gateway.records.intake.finding import Finding, Severity

DSIG = "http://www.w3.org/2000/09/xmldsig#"
DS = f"{{{DSIG}}}"
PROPERTIES = "SignedProperties"
MANIFEST = f"{DSIG}Manifest"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
CANONICAL: Mapping[str, tuple[bool, bool]] = {
    C14N: (False, False),
    f"{C14N}#WithComments": (False, True),
    EXC_C14N: (True, False),
    f"{EXC_C14N}WithComments": (True, True),
}
"""Algorithm -> exclusive, with comments."""
DIGESTS: Mapping[str, str] = {
    f"{DSIG}sha1": "sha1",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
}
SIGNATURES: Mapping[str, hashes.HashAlgorithm] = {
    f"{DSIG}rsa-sha1": hashes.SHA1(),  # noqa: S303 - prescribed for this signature [W]
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": hashes.SHA256(),
}
MAX_SIGNATURE_BYTES = 1_000_000
MAX_REFERENCES = 300
OID = "urn:oid:"
BROKEN, UNSIGNED = "xds-signature-broken", "xds-signature-missing"


class Signed(NamedTuple):
    """What was signed: the uniqueId of the lot and of each document, with its Reference."""

    references: Mapping[str, Element]
    certificate: bytes


class BrokenSignatureError(Exception):
    """Says what does not hold; nothing of the lot is in it."""


def unsigned(*, is_strict: bool) -> Finding:
    """A lot without a signature: the DMP is believed to refuse it."""
    message = "Sign the lot: it has no entry of typeCode E1762."
    return (error if is_strict else warning)(UNSIGNED, "RegistryObjectList", message)


def judged(
    body: bytes, submission: str | None, documents: Mapping[str, bytes], where: str
) -> tuple[bytes | None, Finding]:
    """The certificate that signed, in DER, and what is said of the signature `body`.

    `submission` is the uniqueId of the SubmissionSet, `documents` the bytes of all others by
    theirs.
    """
    try:
        signed = verified(body)
        _covers(signed, submission, documents)
    except BrokenSignatureError as broken:
        return None, error(BROKEN, where, str(broken))
    message = "The signature of the lot holds; it is kept with the message."
    told = Finding(code="xds-signature", severity=Severity.INFO, where=where, message=message)
    return signed.certificate, told


def verified(body: bytes) -> Signed:
    """What a signature signs, once it was found to hold. Raises BrokenSignatureError."""
    root = _root(body)
    info = _one(root, f"{DS}SignedInfo")
    der = _certificate(root)
    _check_value(root, info, der)
    ids = _ids(root)
    manifest, properties = None, None
    references = info.findall(f"{DS}Reference")
    if len(references) > MAX_REFERENCES:
        raise BrokenSignatureError("The signature has too many references.")
    for reference in references:
        target = _target(reference, ids)
        _check_digest(reference, _canonical_of(reference, target))
        if target.tag == f"{DS}Manifest":
            manifest = target
        elif etree.QName(target).localname == PROPERTIES:
            properties = target
    if manifest is None or properties is None:
        message = "The signature must refer to a Manifest and to its SignedProperties."
        raise BrokenSignatureError(message)
    _check_certificate(properties, der)
    return Signed(_named(manifest), der)


def _root(body: bytes) -> Element:
    try:
        root = parse_whole(body, max_bytes=MAX_SIGNATURE_BYTES)
    except RefusedError as refusal:
        raise BrokenSignatureError("The signature is no XML.") from refusal
    if root.tag != f"{DS}Signature":
        raise BrokenSignatureError("The root of the signature is ds:Signature.")
    return root


def _one(parent: Element, path: str) -> Element:
    found = parent.findall(path)
    if len(found) != 1:
        raise BrokenSignatureError("The signature lacks one of its parts, or has it twice.")
    return found[0]


def _bytes(element: Element) -> bytes:
    decoded = from_base64("".join(element.itertext()).encode())
    if not decoded:
        raise BrokenSignatureError("A value of the signature is not base64.")
    return decoded


def _certificate(root: Element) -> bytes:
    """The first of KeyInfo: those after it are its authorities."""
    found = root.find(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate")
    if found is None:
        raise BrokenSignatureError("The signature holds no certificate.")
    return _bytes(found)


def _check_value(root: Element, info: Element, der: bytes) -> None:
    method = _one(info, f"{DS}SignatureMethod").get("Algorithm", "")
    form = _one(info, f"{DS}CanonicalizationMethod").get("Algorithm", "")
    if method not in SIGNATURES or form not in CANONICAL:
        raise BrokenSignatureError("The signature uses an algorithm that is not taken.")
    try:
        key = certificate_in(der).public_key()
    except NotVihfError as wrong:
        raise BrokenSignatureError("The certificate of the signature is unreadable.") from wrong
    if not isinstance(key, RSAPublicKey):
        raise BrokenSignatureError("The key of the signature is not RSA.")
    value = _bytes(_one(root, f"{DS}SignatureValue"))
    try:
        key.verify(value, canonical(info, form), padding.PKCS1v15(), SIGNATURES[method])
    except InvalidSignature as wrong:
        raise BrokenSignatureError("The signature is not that of its SignedInfo.") from wrong


def _ids(root: Element) -> Mapping[str, Element]:
    """Elements by Id; one that stands twice would let another be read than was signed."""
    found: dict[str, Element] = {}
    for one in root.iter("*"):
        name = one.get("Id")
        if name is None:
            continue
        if name in found:
            raise BrokenSignatureError("Two elements of the signature bear one Id.")
        found[name] = one
    return found


def _target(reference: Element, ids: Mapping[str, Element]) -> Element:
    target = ids.get(reference.get("URI", "").removeprefix("#"))
    if target is None or not reference.get("URI", "").startswith("#"):
        raise BrokenSignatureError("A reference of the signature leads nowhere.")
    return target


def _canonical_of(reference: Element, target: Element) -> bytes:
    """Inclusive and without comments where no transform is stated (XML-DSig 4.3.3.2)."""
    return canonical(target, _transform(reference) or C14N)


def _transform(reference: Element) -> str | None:
    found = reference.findall(f"{DS}Transforms/{DS}Transform")
    names = [one.get("Algorithm", "") for one in found]
    if len(names) > 1 or any(name not in CANONICAL for name in names):
        raise BrokenSignatureError("A reference uses a transform that is not taken.")
    return names[0] if names else None


def canonical(element: Element | etree._ElementTree, form: str) -> bytes:
    is_exclusive, has_comments = CANONICAL[form]
    try:
        return etree.tostring(
            element, method="c14n", exclusive=is_exclusive, with_comments=has_comments
        )
    except etree.C14NError as wrong:
        raise BrokenSignatureError("What is signed has no canonical form.") from wrong


def _check_digest(reference: Element, data: bytes) -> None:
    if _digest(reference) != hashlib.new(_hash_of(reference), data).digest():
        raise BrokenSignatureError("A digest of the signature is not that of what it signs.")


def _hash_of(reference: Element) -> str:
    name = DIGESTS.get(_one(reference, f"{DS}DigestMethod").get("Algorithm", ""))
    if name is None:
        raise BrokenSignatureError("The signature uses a digest that is not taken.")
    return name


def _digest(reference: Element) -> bytes:
    return _bytes(_one(reference, f"{DS}DigestValue"))


def _check_certificate(properties: Element, der: bytes) -> None:
    """SigningCertificate is the one of KeyInfo (XAdES 7.2.2): else another could be put there."""
    digests = [one for one in properties.iter("*") if etree.QName(one).localname == "CertDigest"]
    if not digests:
        raise BrokenSignatureError("SignedProperties name no SigningCertificate.")
    first = digests[0]
    if _digest(first) != hashlib.new(_hash_of(first), der).digest():
        raise BrokenSignatureError("SigningCertificate is not the certificate of KeyInfo.")


def _named(manifest: Element) -> Mapping[str, Element]:
    references = manifest.findall(f"{DS}Reference")
    if len(references) > MAX_REFERENCES:
        raise BrokenSignatureError("The manifest has too many references.")
    found = {one.get("URI", "").removeprefix(OID): one for one in references}
    if len(found) != len(references):
        raise BrokenSignatureError("The manifest names a document twice.")
    return found


def _covers(signed: Signed, submission: str | None, documents: Mapping[str, bytes]) -> None:
    """The lot by its name alone (its digest is not defined), each document by its bytes."""
    if submission not in signed.references:
        raise BrokenSignatureError("The manifest does not name the submission set.")
    if signed.references.keys() - documents.keys() - {submission}:
        raise BrokenSignatureError("The manifest names a document that is not in the lot.")
    for name, body in documents.items():
        reference = signed.references.get(name)
        if reference is None:
            raise BrokenSignatureError("The manifest leaves out a document of the lot.")
        _check_document(reference, body)


def _check_document(reference: Element, body: bytes) -> None:
    form = _transform(reference)
    if form is None:
        _check_digest(reference, body)
        return
    try:
        whole = parse_whole(body)
    except RefusedError as refusal:
        raise BrokenSignatureError("A document that is signed as XML is none.") from refusal
    _check_digest(reference, canonical(whole.getroottree(), form))
