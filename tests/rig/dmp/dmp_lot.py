"""What software of the DMP sends as TD2.1: an ITI-41 request of documents, signed or not.

Written apart from the gateway, so that a fault of ours is not in both (XDS.md sections 4 and 5). A
test bends the text before it is packed.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from dmp_authority import STRUCTURE, Signer
from lxml import etree

ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
XDSB = "urn:ihe:iti:xds-b:2007"
XOP = "http://www.w3.org/2004/08/xop/include"
DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.1.1#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
ENTRY = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
SET_NODE = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
RPLC = "urn:ihe:iti:2007:AssociationType:RPLC"
SIGNS = "urn:ihe:iti:2007:AssociationType:signs"
INS, INS_OID = "255089999999966", "1.2.250.1.213.1.4.10"
PATIENT = (
    "PID-5|PATTE^Ana^Ana Lise^^^^L",
    "PID-7|19550815",
    "PID-8|F",
    "PID-11|^^^^^^BDL^^51215",
)
PERSON_XCN = "899700000000^FICTIVE^CLAIRE^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^IDNPS"
LABELS = "1.2.250.1.213.1.1.4.13"
SCHEMES = {
    "classCode": "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a",
    "typeCode": "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983",
    "formatCode": "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d",
    "confidentialityCode": "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f",
    "facility": "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1",
    "practice": "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead",
    "author": "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d",
    "setAuthor": "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d",
    "contentTypeCode": "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500",
}
IDS = {
    "patientId": "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427",
    "uniqueId": "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab",
    "setPatient": "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446",
    "sourceId": "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832",
    "setId": "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8",
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One document and what its entry says; `replaces` is an entryUUID, or the id of another entry.
    `codes` are those of confidentialityCode, `structure` of authorInstitution, `patient` the
    values of sourcePatientInfo."""

    body: bytes
    id: str = "Document01"
    unique_id: str = "1.2.250.1.999.1.1"
    type_code: str = "11502-2"
    type_system: str = "2.16.840.1.113883.6.1"
    class_code: str = "10"
    format_code: str = "urn:ihe:lab:xd-lab:2008"
    title: str = "CR fictif"
    mime_type: str = "text/xml"
    language: str = "fr-FR"
    codes: Sequence[str] = ("N",)
    structure: str = STRUCTURE
    replaces: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    patient: Sequence[str] = PATIENT


@dataclass(frozen=True, kw_only=True)
class Lot:
    """A submission set of documents. `signer` makes the signature entry; None leaves it out."""

    documents: Sequence[Sent]
    unique_id: str = "1.2.250.1.999.8.1"
    ins: str = INS
    ins_oid: str = INS_OID
    structure: str = STRUCTURE
    signer: Signer | None = None
    at: str = "20260115093000"

    @property
    def patient(self) -> str:
        return f"{self.ins}^^^&{self.ins_oid}&ISO^NH"


def provided(lot: Lot) -> tuple[str, dict[str, bytes]]:
    """The element that soap:Body holds, and its parts by Content-ID."""
    sent = [*lot.documents, *([signature_of(lot)] if lot.signer else [])]
    entries = "".join(_entry(one, lot) for one in sent)
    links = "".join(
        _link(HAS_MEMBER, "SubmissionSet01", one.id, "Original") for one in sent
    ) + "".join(_link(RPLC, one.id, one.replaces) for one in sent if one.replaces)
    if lot.signer:
        links += _link(SIGNS, sent[-1].id, "SubmissionSet01", "Original")
    included = "".join(
        f'<x:Document id={quoteattr(one.id)}><i:Include xmlns:i="{XOP}"'
        f' href="cid:{number}@software.example"/></x:Document>'
        for number, one in enumerate(sent)
    )
    text = (
        f'<x:ProvideAndRegisterDocumentSetRequest xmlns:x="{XDSB}">'
        f'<l:SubmitObjectsRequest xmlns:l="{LCM}"><RegistryObjectList xmlns="{RIM}">'
        f"{_set(lot)}{entries}{links}</RegistryObjectList></l:SubmitObjectsRequest>{included}"
        "</x:ProvideAndRegisterDocumentSetRequest>"
    )
    return text, {f"{number}@software.example": one.body for number, one in enumerate(sent)}


def _set(lot: Lot) -> str:
    return (
        '<RegistryPackage id="SubmissionSet01">'
        f"{_slot('submissionTime', lot.at)}"
        f'<Classification classificationNode="{SET_NODE}" classifiedObject="SubmissionSet01"/>'
        f"{_author('setAuthor', lot.structure)}"
        f"{_code('contentTypeCode', '07', '1.2.250.1.213.2.2')}"
        f"{_id('setPatient', lot.patient)}{_id('sourceId', '1.2.250.1.999.9')}"
        f"{_id('setId', lot.unique_id)}</RegistryPackage>"
    )


def _entry(one: Sent, lot: Lot) -> str:
    slots = {
        "creationTime": "20260114103000",
        "languageCode": one.language,
        "legalAuthenticator": PERSON_XCN,
        "serviceStartTime": "20260114100000",
        "sourcePatientId": f"{lot.ins}^^^&amp;{lot.ins_oid}&amp;ISO^NH",
    } | dict(one.slots)
    return (
        f"<ExtrinsicObject id={quoteattr(one.id)} mimeType={quoteattr(one.mime_type)}"
        f' objectType="{ENTRY}">'
        f"{''.join(_slot(name, value) for name, value in slots.items() if value)}"
        f"{_slot('sourcePatientInfo', *one.patient)}"
        f'<Name><LocalizedString xml:lang="FR" charset="UTF8" value={quoteattr(one.title)}/></Name>'
        f"{_author('author', one.structure)}"
        f"{_code('classCode', one.class_code, '1.2.250.1.213.1.1.4.1')}"
        f"{_code('typeCode', one.type_code, one.type_system)}"
        f"{_code('formatCode', one.format_code, '1.2.250.1.213.1.1.4.2.282')}"
        f"{''.join(_code('confidentialityCode', code, LABELS) for code in one.codes)}"
        f"{_code('facility', 'SA07', '1.2.250.1.71.4.2.4')}"
        f"{_code('practice', 'AMBULATOIRE', '1.2.250.1.213.1.1.4.9')}"
        f"{_id('patientId', lot.patient)}{_id('uniqueId', one.unique_id)}</ExtrinsicObject>"
    )


def _author(kind: str, structure: str) -> str:
    house = f"Cabinet fictif^^^^^&amp;1.2.250.1.71.4.2.2&amp;ISO^IDNST^^^{escape(structure)}"
    return (
        f'<Classification classificationScheme="{SCHEMES[kind]}" nodeRepresentation="">'
        f"{_slot('authorInstitution', house)}{_slot('authorPerson', PERSON_XCN)}</Classification>"
    )


def _code(kind: str, code: str, system: str) -> str:
    return (
        f'<Classification classificationScheme="{SCHEMES[kind]}"'
        f" nodeRepresentation={quoteattr(code)}>{_slot('codingScheme', system)}"
        f"<Name><LocalizedString value={quoteattr(code)}/></Name></Classification>"
    )


def _slot(name: str, *values: str) -> str:
    listed = "".join(f"<Value>{value}</Value>" for value in values)
    return f'<Slot name="{name}"><ValueList>{listed}</ValueList></Slot>'


def _id(kind: str, value: str) -> str:
    scheme = f'identificationScheme="{IDS[kind]}"'
    return f"<ExternalIdentifier {scheme} value={quoteattr(value)}/>"


def _link(kind: str, source: str, target: str, status: str = "") -> str:
    slot = _slot("SubmissionSetStatus", status) if status else ""
    ends = f"sourceObject={quoteattr(source)} targetObject={quoteattr(target)}"
    return f'<Association associationType="{kind}" {ends}>{slot}</Association>'


def signature_of(lot: Lot) -> Sent:
    """The signature entry, and the XAdES over the manifest of the lot as its document."""
    assert lot.signer
    return Sent(
        body=signed_manifest(lot, lot.signer),
        id="Signature01",
        unique_id=f"{lot.unique_id}.99",
        type_code="E1762",
        type_system="ASTM",
        class_code="urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1",
        format_code=DS,
        title="Source",
        language="art",
        codes=("N", "MASQUE_PS", "INVISIBLE_PATIENT"),
        structure=lot.structure,
    )


def signed_manifest(lot: Lot, signer: Signer) -> bytes:
    """Signed as the DMP has it: SHA-1 of canonical forms with comments."""
    manifest = "".join(map(_reference, lot.documents))
    text = (
        f'<Signature xmlns="{DS}" Id="S0"><SignedInfo>'
        f'<CanonicalizationMethod Algorithm="{C14N}"/>'
        f'<SignatureMethod Algorithm="{DS}rsa-sha1"/>'
        f"{_to('#IHEManifest', f'{DS}Manifest')}{_to('#S0-SignedProperties', XADES)}"
        "</SignedInfo><SignatureValue/><KeyInfo><X509Data><X509Certificate>"
        f"{_base64(signer.der)}</X509Certificate></X509Data></KeyInfo><Object>"
        '<Manifest Id="IHEManifest">'
        f'<Reference URI="urn:oid:{lot.unique_id}">{_digested("AA==")}</Reference>{manifest}'
        f'</Manifest></Object><Object><xad:QualifyingProperties xmlns:xad="{XADES}">'
        '<xad:SignedProperties Id="S0-SignedProperties"><xad:SignedSignatureProperties>'
        f"<xad:SigningTime>{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}</xad:SigningTime>"
        "<xad:SigningCertificate><xad:Cert><xad:CertDigest>"
        f"{_digested(_sha1(signer.der))}</xad:CertDigest></xad:Cert></xad:SigningCertificate>"
        "</xad:SignedSignatureProperties></xad:SignedProperties></xad:QualifyingProperties>"
        "</Object></Signature>"
    )
    root = etree.fromstring(text)
    info = root[0]
    for reference in info.findall(f"{{{DS}}}Reference"):
        [target] = root.xpath("//*[@Id=$id]", id=reference.get("URI", "")[1:])
        reference[-1].text = _sha1(_canonical(target))
    value = signer.key.sign(_canonical(info), padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    root[1].text = _base64(value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _reference(one: Sent) -> str:
    name = f'<Reference URI="urn:oid:{one.unique_id}">'
    if one.mime_type != "text/xml":
        return f"{name}{_digested(_sha1(one.body))}</Reference>"
    digest = _sha1(_canonical(etree.fromstring(one.body).getroottree()))
    transform = f'<Transforms><Transform Algorithm="{C14N}"/></Transforms>'
    return f"{name}{transform}{_digested(digest)}</Reference>"


def _to(target: str, kind: str) -> str:
    transform = f'<Transforms><Transform Algorithm="{C14N}"/></Transforms>'
    return f'<Reference URI="{target}" Type="{kind}">{transform}{_digested("")}</Reference>'


def _digested(value: str) -> str:
    return f'<DigestMethod Algorithm="{DS}sha1"/><DigestValue>{value}</DigestValue>'


def _canonical(element: etree._Element | etree._ElementTree) -> bytes:
    return etree.tostring(element, method="c14n", with_comments=True)


def _sha1(data: bytes) -> str:
    return _base64(hashlib.sha1(data, usedforsecurity=False).digest())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
