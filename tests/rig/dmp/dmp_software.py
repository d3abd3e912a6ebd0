"""Software that talks to the DMP door: it signs a VIHF and packs SOAP requests (XDS.md 2, 3, 8).

Written apart from the gateway, so that a fault of ours is not in both. A VIHF is text, to be
changed by a test before or after it is signed.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape, quoteattr

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from dmp_authority import PERSON, STRUCTURE, Signer
from lxml import etree

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
DS = "http://www.w3.org/2000/09/xmldsig#"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
HL7 = "urn:hl7-org:v3"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSA = "http://www.w3.org/2005/08/addressing"
SOAP = "http://www.w3.org/2003/05/soap-envelope"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = DS + "enveloped-signature"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA1, SHA1 = DS + "rsa-sha1", DS + "sha1"
HASHES = {SHA256: hashes.SHA256, SHA1: hashes.SHA1}
SIGNED_BY = {RSA_SHA256: hashes.SHA256, RSA_SHA1: hashes.SHA1}
TEST_INS = "1.2.250.1.213.1.4.10"
SPECIALTIES, PROFESSIONS = "1.2.250.1.71.4.2.5", "1.2.250.1.71.1.2.7"
AUTOMATE = "AUTOMATE"
ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
PURPOSE = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
RESOURCE = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
NAME = "urn:oasis:names:tc:xspa:1.0:subject:subject-id"
SECRET = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What an assertion says. `profession` is G15_10/SM26 (role, then know-how) or AUTOMATE; `ins`
    None names no patient; `more` replaces or adds attributes, `without` leaves some out."""

    at: datetime
    issuer: str
    id: str = field(default_factory=lambda: f"_{uuid4()}")
    subject: str = PERSON
    name: str = "FICTIVE CLAIRE"
    structure: str = STRUCTURE
    profession: str = "G15_10/SM26"
    authentication: str = "DIRECTE"
    purpose: str = "normal"
    ins: str | None = None
    ins_oid: str = TEST_INS
    until: datetime | None = None
    since: datetime | None = None
    more: Mapping[str, str] = field(default_factory=dict)
    without: Sequence[str] = ()


def signed_vihf(signer: Signer, *, at: datetime | None = None, **said: Any) -> str:
    """A signed assertion of this moment; `said` are further fields of Claims."""
    claims = Claims(at=at or datetime.now(UTC), issuer=signer.subject)
    return sign(assertion(replace(claims, **said)), signer)


def assertion(claims: Claims) -> str:
    """Not signed yet; its prefixes are declared on itself."""
    at = _instant(claims.at)
    bounds = {"NotBefore": claims.since, "NotOnOrAfter": claims.until}
    told = "".join(f' {name}="{_instant(end)}"' for name, end in bounds.items() if end)
    conditions = f"<saml:Conditions{told}/>" if told else ""
    return (
        f'<saml:Assertion xmlns:saml="{SAML}" xmlns:xsi="{XSI}" ID={quoteattr(claims.id)}'
        f' IssueInstant="{at}" Version="2.0">'
        '<saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName">'
        f"{escape(claims.issuer)}</saml:Issuer>"
        f"<saml:Subject><saml:NameID>{escape(claims.subject)}</saml:NameID></saml:Subject>"
        f'{conditions}<saml:AuthnStatement AuthnInstant="{at}"><saml:AuthnContext>'
        "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"
        "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
        f"<saml:AttributeStatement>{_attributes(claims)}</saml:AttributeStatement>"
        "</saml:Assertion>"
    )


def _attributes(claims: Claims) -> str:
    values = {
        "VIHF_Version": "3.0",
        "Authentification_Mode": claims.authentication,
        "Identifiant_Structure": escape(claims.structure),
        "Secteur_Activite": "SA07^1.2.250.1.71.4.2.4",
        ROLE: _roles(claims.profession),
        NAME: escape(claims.name),
        "Ressource_URN": "urn:dmp",
        PURPOSE: _coded("PurposeOfUse", claims.purpose, "1.2.250.1.213.1.1.4.248"),
        "LPS_Nom": "Logiciel fictif",
        "LPS_Version": "1.2.0",
        "LPS_ID": "0001",
        "LPS_ID_HOMOLOGATION_DMP": "FIC-0001",
    }
    if claims.ins is not None:
        values[RESOURCE] = escape(f"{claims.ins}^^^&{claims.ins_oid}&ISO^NH")
    return "".join(
        f'<saml:Attribute Name="{name}">{_values(text)}</saml:Attribute>'
        for name, text in {**values, **claims.more}.items()
        if name not in claims.without
    )


def _values(text: str) -> str:
    """What already is elements of values stays; else one value."""
    if text.startswith("<saml:AttributeValue"):
        return text
    return f"<saml:AttributeValue>{text}</saml:AttributeValue>"


def _roles(profession: str) -> str:
    first, _, second = profession.partition("/")
    if first == AUTOMATE:
        return _coded("Role", first, "1.2.250.1.213.1.1.4.6")
    roles = [_coded("Role", first.removeprefix("G15_"), PROFESSIONS)]
    roles += [_coded("Role", second, SPECIALTIES)] if second else []
    return "".join(f"<saml:AttributeValue>{role}</saml:AttributeValue>" for role in roles)


def _coded(name: str, code: str, system: str) -> str:
    return (
        f'<{name} xmlns="{HL7}" xsi:type="CE" code="{code}" codeSystem="{system}"'
        f' displayName="{code}"/>'
    )


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sign(
    text: str,
    signer: Signer,
    *,
    algorithm: str = RSA_SHA256,
    digest: str = SHA256,
    transforms: Sequence[str] = (ENVELOPED, EXCLUSIVE),
    prefixes: str = "",
) -> str:
    """The assertion `text` with its enveloped signature, put after its Issuer."""
    root = etree.fromstring(text)
    listed = prefixes.split()
    hashed = hashes.Hash(HASHES[digest]())
    hashed.update(_canonical(root, listed))
    inclusive = (
        f'<InclusiveNamespaces xmlns="{EXCLUSIVE}" PrefixList="{prefixes}"/>' if prefixes else ""
    )
    steps = "".join(
        f'<ds:Transform Algorithm="{one}">{inclusive if one == EXCLUSIVE else ""}</ds:Transform>'
        for one in transforms
    )
    info = etree.fromstring(
        f'<ds:SignedInfo xmlns:ds="{DS}"><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
        f'<ds:SignatureMethod Algorithm="{algorithm}"/><ds:Reference URI="#{root.get("ID")}">'
        f'<ds:Transforms>{steps}</ds:Transforms><ds:DigestMethod Algorithm="{digest}"/>'
        f"<ds:DigestValue>{_base64(hashed.finalize())}</ds:DigestValue>"
        "</ds:Reference></ds:SignedInfo>"
    )
    value = signer.key.sign(_canonical(info, ()), padding.PKCS1v15(), SIGNED_BY[algorithm]())
    signature = etree.fromstring(
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignatureValue>{_base64(value)}</ds:SignatureValue>'
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{_base64(signer.der)}"
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
    )
    signature.insert(0, info)
    root.insert(1, signature)
    return etree.tostring(root, encoding="unicode")


def _canonical(element: etree._Element, prefixes: Sequence[str]) -> bytes:
    return etree.tostring(
        element,
        method="c14n",
        exclusive=True,
        with_comments=False,
        inclusive_ns_prefixes=list(prefixes),
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def request(
    body: str, *, action: str | None, vihf: str | None, message_id: str | None = None
) -> bytes:
    """A SOAP 1.2 envelope in UTF-8; `body` is the one element that soap:Body holds."""
    security = f'<wsse:Security xmlns:wsse="{WSSE}">{vihf}</wsse:Security>' if vihf else ""
    named = message_id or f"urn:uuid:{uuid4()}"
    asked = f'<Action soap:mustUnderstand="true" xmlns="{WSA}">{action}</Action>' if action else ""
    return (
        f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Header>'
        f'<MessageID xmlns="{WSA}">{named}</MessageID><To xmlns="{WSA}"/>'
        f'<ReplyTo soap:mustUnderstand="true" xmlns="{WSA}">'
        f"<Address>{WSA}/anonymous</Address></ReplyTo>{asked}{security}"
        f"</soap:Header><soap:Body>{body}</soap:Body></soap:Envelope>"
    ).encode()


def packed(envelope: bytes, parts: Mapping[str, bytes], *, action: str = "") -> tuple[str, bytes]:
    """Content-Type and body of multipart/related; `parts` by their Content-ID."""
    boundary = f"uuid:{uuid4()}"
    root = 'application/xop+xml; charset=UTF-8; type="application/soap+xml"'
    pieces = [("root@software.example", root, envelope)]
    pieces += [(name, "application/octet-stream", data) for name, data in parts.items()]
    body = b"".join(
        f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: binary\r\n"
        f"Content-ID: <{name}>\r\n\r\n".encode()
        + data
        + b"\r\n"
        for name, kind, data in pieces
    )
    told = (
        f'multipart/related; boundary="{boundary}"; type="application/xop+xml";'
        ' start="<root@software.example>"; start-info="application/soap+xml"'
    )
    return told + (f'; action="{action}"' if action else ""), body + f"--{boundary}--\r\n".encode()
