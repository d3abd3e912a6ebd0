"""A VIHF written and signed: the way back from `fields` and `signature` (XDS.md section 8).

Its id and times come with it: the same `Vihf` and card give the same octets.
"""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from lxml import etree

from gateway.mapping.vihf import fields
from gateway.mapping.vihf.alone import DS, SAML
from gateway.mapping.vihf.card import Card
from gateway.mapping.vihf.coded import HL7, LISTS, MODES, PRODUCERS, PURPOSES
from gateway.mapping.vihf.signature import DIGESTED_BY, ENVELOPED, EXCLUSIVE, SIGNED_BY, canonical
from gateway.mapping.xml import Element
from gateway.records.readers.vihf import Authentication, Vihf

XSI = "http://www.w3.org/2001/XMLSchema-instance"
VERSION = "3.0"
"""As all examples of the wire have it; 4.0 is taken as well."""
SECTORS, KNOW_HOW = "1.2.250.1.71.4.2.4", "1.2.250.1.71.4.2.5"
LPS_ID, HOMOLOGATION = "PASSERELLE", "SANS"
"""Of a client for trials: nobody approved it."""
CLASSES = {Authentication.DIRECT: "SmartcardPKI"}
S, D = f"{{{SAML}}}", f"{{{DS}}}"
SYSTEMS = {name: system for system, name in LISTS.items()}
PURPOSE_OF = {mode: code for code, mode in MODES.items()}
RSA_SHA256 = next(name for name, kind in SIGNED_BY.items() if kind is hashes.SHA256)
SHA256 = next(name for name, kind in DIGESTED_BY.items() if kind is hashes.SHA256)


def signed_vihf(vihf: Vihf, card: Card) -> Element:
    """The Assertion of what `vihf` says, signed. `certificate` of it is not looked at: it is
    `card`'s. Raises ValueError for what XML cannot hold."""
    root = etree.Element(f"{S}Assertion", nsmap={"saml": SAML, "xsi": XSI})
    root.set("ID", vihf.id)
    root.set("IssueInstant", _instant(vihf.issued_at))
    root.set("Version", "2.0")
    _text(root, "Issuer", card.issuer).set("Format", fields.SUBJECT_NAME)
    _text(etree.SubElement(root, f"{S}Subject"), "NameID", vihf.subject)
    etree.SubElement(root, f"{S}Conditions", NotOnOrAfter=_instant(vihf.until))
    statement = etree.SubElement(root, f"{S}AuthnStatement", AuthnInstant=_instant(vihf.issued_at))
    told = fields.CLASSES + CLASSES.get(vihf.authentication, "unspecified")
    _text(etree.SubElement(statement, f"{S}AuthnContext"), "AuthnContextClassRef", told)
    _attributes(etree.SubElement(root, f"{S}AttributeStatement"), vihf)
    root.insert(1, _signature(root, card))
    return root


def _attributes(statement: Element, vihf: Vihf) -> None:
    software, _, version = vihf.software.rpartition(" ")
    plain = {
        "VIHF_Version": VERSION,
        "Authentification_Mode": vihf.authentication.value,
        "Identifiant_Structure": vihf.structure,
        "Secteur_Activite": f"{vihf.sector}^{SECTORS}" if vihf.sector else None,
        fields.NAME: vihf.name,
        "Ressource_URN": fields.DMP,
        fields.RESOURCE: f"{vihf.ins}^^^&{vihf.ins_oid}&ISO^NH" if vihf.ins else None,
        "Mode_Acces_Raison": vihf.reason,
        fields.SECRET[0]: "1" if vihf.is_secret else None,
        "LPS_Nom": software or version,
        "LPS_Version": version if software else None,
        "LPS_ID": LPS_ID,
        "LPS_ID_HOMOLOGATION_DMP": HOMOLOGATION,
    }
    for name, value in plain.items():
        if value:
            _value(_attribute(statement, name)).text = value
    roles = _attribute(statement, fields.ROLE)
    for code, system in _roles(vihf.profession):
        _coded(_value(roles), "Role", code, system)
    purpose = _value(_attribute(statement, fields.PURPOSE))
    _coded(purpose, "PurposeOfUse", PURPOSE_OF[vihf.mode], PURPOSES)


def _roles(profession: str) -> Iterator[tuple[str, str]]:
    """Code and system of the role, then of the know-how."""
    role, _, know_how = profession.partition("/")
    listed, _, code = role.partition("_")
    yield (code, SYSTEMS[listed]) if listed in SYSTEMS else (role, PRODUCERS)
    if know_how:
        yield know_how, KNOW_HOW


def _attribute(statement: Element, name: str) -> Element:
    return etree.SubElement(statement, f"{S}Attribute", Name=name)


def _value(attribute: Element) -> Element:
    return etree.SubElement(attribute, f"{S}AttributeValue")


def _coded(value: Element, name: str, code: str, system: str) -> None:
    about = {f"{{{XSI}}}type": "CE", "code": code, "codeSystem": system, "displayName": code}
    etree.SubElement(value, f"{{{HL7}}}{name}", about, nsmap={None: HL7})


def _text(parent: Element, name: str, text: str) -> Element:
    made = etree.SubElement(parent, f"{S}{name}")
    made.text = text
    return made


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _signature(assertion: Element, card: Card) -> Element:
    """Of the assertion as it is without it, which the transform enveloped-signature restores."""
    info = etree.Element(f"{D}SignedInfo", nsmap={"ds": DS})
    etree.SubElement(info, f"{D}CanonicalizationMethod", Algorithm=EXCLUSIVE)
    etree.SubElement(info, f"{D}SignatureMethod", Algorithm=RSA_SHA256)
    reference = etree.SubElement(info, f"{D}Reference", URI=f"#{assertion.get('ID')}")
    steps = etree.SubElement(reference, f"{D}Transforms")
    for one in (ENVELOPED, EXCLUSIVE):
        etree.SubElement(steps, f"{D}Transform", Algorithm=one)
    etree.SubElement(reference, f"{D}DigestMethod", Algorithm=SHA256)
    digest = sha256(canonical(assertion, ())).digest()
    etree.SubElement(reference, f"{D}DigestValue").text = base64_of(digest)
    value = card.signed(canonical(info, ()), hashes.SHA256())
    signature = etree.Element(f"{D}Signature", nsmap={"ds": DS})
    signature.append(info)
    etree.SubElement(signature, f"{D}SignatureValue").text = base64_of(value)
    data = etree.SubElement(etree.SubElement(signature, f"{D}KeyInfo"), f"{D}X509Data")
    etree.SubElement(data, f"{D}X509Certificate").text = base64_of(card.der)
    return signature


def base64_of(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
