"""A CDA of an invented patient, whole by the rules of the French header; tests bend it."""

import base64

INS = '<id root="1.2.250.1.213.1.4.10" extension="255089999999966"/>'
SIGNER = (
    '<id root="1.2.250.1.71.4.2.1" extension="899700000000"/>'
    "<assignedPerson><name><family>TESTEUR</family><given>Lou</given></name></assignedPerson>"
)
AUTHOR = (
    '<author><functionCode displayName="Biologiste"/><time value="20260115101500+0100"/>'
    "<assignedAuthor>"
    + SIGNER.replace("/><assigned", '/><code code="G15_10/SM03"/><assigned')
    + '<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="1999999999"/>'
    "<name>Labo fictif</name></representedOrganization></assignedAuthor></author>"
)
PATIENT = (
    '<name><family qualifier="BR">PATTE</family><given qualifier="BR">Ana</given>'
    '<given>Ana Lise</given><family qualifier="CL">PATTE-NEUVE</family></name>'
    '<administrativeGenderCode code="F"/><birthTime value="19550815"/>'
    "<birthplace><place><addr><county>51215</county></addr></place></birthplace>"
)
HEADER = f"""<realmCode code="FR"/>
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.2.8.2.1"/><templateId root="1.2.250.1.213.1.1.1.1"/>
<templateId root="1.2.250.1.213.1.1.1.55" extension="2024.01"/>
<id root="1.2.250.1.999.1.1"/>
<code code="11502-2" codeSystem="2.16.840.1.113883.6.1" displayName="CR d'examens biologiques"/>
<title>CR fictif</title><effectiveTime value="20260115101500+0100"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="fr-FR"/>
<setId root="1.2.250.1.999.2.1"/><versionNumber value="1"/>
<recordTarget><patientRole>{INS}<patient>{PATIENT}</patient></patientRole></recordTarget>
{AUTHOR}<custodian><assignedCustodian><representedCustodianOrganization>
<id root="1.2.250.1.71.4.2.2" extension="1999999999"/><name>Labo fictif</name>
</representedCustodianOrganization></assignedCustodian></custodian>
<legalAuthenticator><time value="20260115101500+0100"/><signatureCode code="S"/>
<assignedEntity>{SIGNER}</assignedEntity></legalAuthenticator>
<documentationOf><serviceEvent><code code="18719-5"/>
<effectiveTime><low value="202601150915+0100"/><high value="20260116"/></effectiveTime>
<performer typeCode="PRF"><assignedEntity><representedOrganization>
<standardIndustryClassCode code="AMBULATOIRE"/></representedOrganization></assignedEntity>
</performer></serviceEvent></documentationOf>
<componentOf><encompassingEncounter><effectiveTime><low value="20260115"/></effectiveTime>
<location><healthCareFacility><code code="SA25"/></healthCareFacility></location>
</encompassingEncounter></componentOf>"""
SECTION = (
    "<component><section><title>Résultats</title>"
    "<text><paragraph>Tout va bien.</paragraph></text></section></component>"
)
MODEL = '<templateId root="1.2.250.1.213.1.1.1.55" extension="2024.01"/>'
SCANNED = '<templateId root="1.3.6.1.4.1.19376.1.2.20"/>'


def document(body: str, header: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{header}<component>{body}</component></ClinicalDocument>"
    )


def structured(*changes: tuple[str, str], sections: str = SECTION) -> bytes:
    """A level 3 document; each change replaces what must be there exactly once or more."""
    text = document(f"<structuredBody>{sections}</structuredBody>", HEADER)
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return text.encode()


def scanned(content: bytes, media: str = "application/pdf") -> bytes:
    """A level 1 document around a file."""
    text = base64.b64encode(content).decode()
    body = f'<nonXMLBody><text mediaType="{media}" representation="B64">{text}</text></nonXMLBody>'
    return document(body, HEADER.replace(MODEL, SCANNED)).encode()


def narrative(text: str, entries: str = "") -> bytes:
    """A level 3 document of one section."""
    section = f"<section><title>Section</title><text>{text}</text>{entries}</section>"
    return structured(sections=f"<component>{section}</component>")


def pdf(catalog: str = "", *objects: str) -> bytes:
    """A small PDF of one page; `catalog` goes into its catalogue, `objects` from number 4 on."""
    parts = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>",
        *objects,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        out
        + (
            f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}"
            f"trailer\n<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
        ).encode()
    )
