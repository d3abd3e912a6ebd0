"""A small CDA R2 with the whole French header, one element a line so that a check can spoil one."""

import base64
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape, quoteattr

from conformance.made.pdf import pdf
from conformance.made.person import Person
from conformance.made.serial import Serial

AUTHOR, HOUSE = "899700000000", "1999999999"
LEVEL_ONE = '<templateId root="1.3.6.1.4.1.19376.1.2.20"/>'
LEVEL_THREE = '<templateId root="1.2.250.1.213.1.1.1.55" extension="2024.01"/>'
LOINC = "2.16.840.1.113883.6.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One version of one document; `cda` writes it."""

    who: Person
    id: str
    set_id: str
    version: int = 1
    replaces: str = ""
    type: str = "11502-2"
    display: str = "CR d'examens biologiques"
    title: str = "Compte rendu fictif"
    text: str = "Rien de vrai ici."
    author: str = AUTHOR
    house: str = HOUSE
    confidentiality: str = "N"
    file: bytes = b""

    def but(self, **changes: str) -> "Paper":
        return replace(self, **changes)  # type: ignore[arg-type]  # names of text fields only

    def next(self, serial: Serial, **changes: str) -> "Paper":
        """The version that replaces this one."""
        newer = replace(self, id=serial.oid(), version=self.version + 1, replaces=self.id)
        return newer.but(**changes)

    def cda(self) -> bytes:
        return text_of(self).encode()


def paper(who: Person, serial: Serial, **changes: str) -> Paper:
    return Paper(who=who, id=serial.oid(), set_id=serial.oid()).but(**changes)


def paper_of_pdf(who: Person, serial: Serial, **changes: str) -> Paper:
    """Level 1: the body is a PDF."""
    made = paper(who, serial, **changes)
    return replace(made, file=pdf(f"Document {made.id}"))


def text_of(paper: Paper) -> str:
    model = LEVEL_ONE if paper.file else LEVEL_THREE
    body = level_one(paper.file) if paper.file else level_three(paper.text)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<realmCode code="FR"/>
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.2.8.2.1"/>
<templateId root="1.2.250.1.213.1.1.1.1"/>
{model}
<id root="{paper.id}"/>
<code code="{paper.type}" displayName={quoteattr(paper.display)} codeSystem="{LOINC}"/>
<title>{escape(paper.title)}</title>
<effectiveTime value="20260115101500+0100"/>
<confidentialityCode code="{paper.confidentiality}" codeSystem="2.16.840.1.113883.5.25"/>
<languageCode code="fr-FR"/>
<setId root="{paper.set_id}"/>
<versionNumber value="{paper.version}"/>
{patient(paper.who)}
<author><time value="20260115101500+0100"/>{professional("assignedAuthor", paper)}</author>
<custodian><assignedCustodian><representedCustodianOrganization>\
<id root="1.2.250.1.71.4.2.2" extension="{paper.house}"/><name>Laboratoire fictif</name>\
</representedCustodianOrganization></assignedCustodian></custodian>
<legalAuthenticator><time value="20260115101500+0100"/><signatureCode code="S"/>\
{professional("assignedEntity", paper)}</legalAuthenticator>
<documentationOf><serviceEvent><effectiveTime><low value="20260115081500+0100"/></effectiveTime>\
<performer typeCode="PRF">{performer(paper)}</performer></serviceEvent></documentationOf>
{replacement(paper)}<componentOf><encompassingEncounter>\
<effectiveTime><low value="20260115081500+0100"/></effectiveTime><location><healthCareFacility>\
<code code="SA25" codeSystem="1.2.250.1.71.4.2.4" displayName="Laboratoire"/>\
</healthCareFacility></location></encompassingEncounter></componentOf>
{body}
</ClinicalDocument>
"""


def patient(who: Person) -> str:
    return f"""<recordTarget><patientRole>
<id root="{who.oid}" extension="{who.ins}"/>
<patient><name><given>{escape(who.givens)}</given>
<given qualifier="BR">{escape(who.given)}</given>
<family qualifier="BR">{escape(who.family)}</family>
</name>
<administrativeGenderCode code="{who.sex}" codeSystem="2.16.840.1.113883.5.1"/>
<birthTime value="{who.birth}"/>
<birthplace><place><addr><county>{who.place}</county></addr></place></birthplace>
</patient></patientRole></recordTarget>"""


def professional(element: str, paper: Paper) -> str:
    return (
        f'<{element}><id root="1.2.250.1.71.4.2.1" extension="{paper.author}"/>'
        '<code code="G15_10/SM03" codeSystem="1.2.250.1.213.1.1.4.5"'
        ' displayName="Médecin - Biologie médicale"/>'
        "<assignedPerson><name><given>Lou</given><family>TESTEUR</family></name></assignedPerson>"
        f'<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="{paper.house}"/>'
        f"<name>Laboratoire fictif</name></representedOrganization></{element}>"
    )


def performer(paper: Paper) -> str:
    return (
        f'<assignedEntity><id root="1.2.250.1.71.4.2.1" extension="{paper.author}"/>'
        f'<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="{paper.house}"/>'
        '<standardIndustryClassCode code="AMBULATOIRE" codeSystem="1.2.250.1.213.1.1.4.9"/>'
        "</representedOrganization></assignedEntity>"
    )


def replacement(paper: Paper) -> str:
    if not paper.replaces:
        return ""
    return (
        f'<relatedDocument typeCode="RPLC"><parentDocument><id root="{paper.replaces}"/>'
        "</parentDocument></relatedDocument>\n"
    )


def level_one(file: bytes) -> str:
    return (
        '<component><nonXMLBody><text mediaType="application/pdf" representation="B64">'
        f"{base64.b64encode(file).decode()}</text></nonXMLBody></component>"
    )


def level_three(text: str) -> str:
    return (
        '<component><structuredBody><component><section><code code="30954-2" codeSystem='
        f'"{LOINC}"/><title>Résultats</title><text><paragraph>{escape(text)}</paragraph>'
        "</text></section></component></structuredBody></component>"
    )


def spoiled(document: bytes, old: str, new: str) -> bytes:
    """The first `old` replaced. Raises RuntimeError when it is not there: a check must not lie."""
    text = document.decode()
    if old not in text:
        raise RuntimeError(f"the document has no {old}")
    return text.replace(old, new, 1).encode()
