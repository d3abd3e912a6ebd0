"""HL7v2 messages made for the tests; the patient is invented, her INS is one of tests."""

import base64

INS = "255089999999966"
OTHER_INS = "199019999999937"
INS_OID = "1.2.250.1.213.1.4.10"
PID = (
    f"PID|1||{INS}^^^ASIP-SANTE-INS-NIR&{INS_OID}&ISO^INS~7001^^^CLINIQUE&1.2.250.1.999.3&ISO^PI"
    "||PATTE^Ana^Ana Lea^^^^L~DURAND^Ana^^^^^D||19550815|F|||"
    "1 rue du Test^^REIMS^^51100^FRA^H~^^^^^^BDL^^51215"
    "|||||||V1^^^CLINIQUE|||||||||||||N|VALI"
)
ROWS = (
    "ORC|NW|P1|A1",
    "OBR|1|P1^labo|A1^labo|58410-2^Hemogramme^LN|||20260115081500+0100",
    "OBX|1|NM|718-7^Hemoglobine^LN||13.4|g/dL|12.0-16.0|N|||F|||20260115091500+0100|L1^Labo Test",
    "OBX|2|NM|2951-2^Sodium^LN||134|mmol/L|135-145|L|||F",
)
FLAGS = ("MASQUE_PS", "INVISIBLE_PATIENT", "DESTDMP", "DESTMSSANTEPS", "DESTMSSANTEPAT")


def msh(event: str = "ORU^R01^ORU_R01", control_id: str = "M1", **more: str) -> str:
    """An MSH; `more` are MSH-11, 12, 15, 16 and 18 by the names used below."""
    values = {
        "processing": "P",
        "version": "2.5",
        "accept": "",
        "application": "",
        "charset": "UNICODE UTF-8",
        "profile": "",
    } | more
    return (
        f"MSH|^~\\&|LAB|TESTEUR|GW|TEST|20260115101500+0100||{event}|{control_id}"
        f"|{values['processing']}|{values['version']}|||{values['accept']}"
        f"|{values['application']}|FRA|{values['charset']}|||{values['profile']}"
    )


def message(*segments: str, end: str = "\r", charset: str = "utf-8") -> bytes:
    return "".join(segment + end for segment in segments).encode(charset)


def results(*rows: str, pid: str = PID, **more: str) -> bytes:
    """An ORU with result rows only."""
    return message(msh(**more), pid, *(rows or ROWS))


def flag_rows(**flags: str) -> list[str]:
    wanted = dict.fromkeys(FLAGS, "N") | flags
    return [
        f"OBX|{n}|CE|{name}^{name}^MetaDMPMSS||{value}^^expandedYes-NoIndicator||||||F"
        for n, (name, value) in enumerate(wanted.items(), 2)
    ]


def document(
    data: bytes,
    *,
    event: str = "MDM^T02^MDM_T02",
    order: str = "NW",
    status: str = "F",
    encoded: str | None = None,
    previous: str = "",
    participations: tuple[str, ...] = (),
    pid: str = PID,
    **flags: str,
) -> bytes:
    """An MDM with one ED."""
    base64_text = base64.b64encode(data).decode() if encoded is None else encoded
    return message(
        msh(event, version="2.6", profile="2.1^CISIS_CDA_HL7_V2"),
        "EVN||20260115101500",
        pid,
        "PV1|1|N",
        f"ORC|{order}",
        "OBR|1|||11502-2^CR^LN",
        f"TXA|1|11502-2|TEXT|20260115||||||||1.2.250.1.999.1.77|{previous}||||AU",
        f"OBX|1|ED|11502-2^CR^LN||^TEXT^XML^Base64^{base64_text}||||||{status}",
        *participations,
        *flag_rows(**flags),
    )


def cda(
    *, ins: str = INS, oid: str = INS_OID, birth: str = "19550815", replaces: str = ""
) -> bytes:
    """A CDA R2 of level 3 with the French header, its patient and its narrative invented."""
    related = (
        f'<relatedDocument typeCode="RPLC"><parentDocument><id root="{replaces}"/>'
        "</parentDocument></relatedDocument>"
        if replaces
        else ""
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><realmCode code="FR"/>
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.2.8.2.1"/><templateId root="1.2.250.1.213.1.1.1.1"/>
<templateId root="1.2.250.1.213.1.1.1.55" extension="2024.01"/>
<id root="1.2.250.1.999.1.77"/>
<code code="11502-2" codeSystem="2.16.840.1.113883.6.1" displayName="CR d'examens biologiques"/>
<title>Compte rendu fictif</title><effectiveTime value="20260115101500+0100"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="fr-FR"/>
<setId root="1.2.250.1.999.2.77"/><versionNumber value="1"/>
<recordTarget><patientRole><id root="{oid}" extension="{ins}"/><addr nullFlavor="NASK"/>
<telecom nullFlavor="NASK"/><patient><name><family qualifier="BR">PATTE</family>
<given qualifier="BR">Ana</given><given>Ana Lea</given></name>
<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>
<birthTime value="{birth}"/><birthplace><place><addr><county>51215</county></addr></place>
</birthplace></patient></patientRole></recordTarget>
<author><time value="20260115101500+0100"/><assignedAuthor>
<id root="1.2.250.1.71.4.2.1" extension="899700000000"/>
<assignedPerson><name><family>TESTEUR</family></name></assignedPerson></assignedAuthor></author>
<custodian><assignedCustodian><representedCustodianOrganization>
<id root="1.2.250.1.71.4.2.2" extension="1999999999"/></representedCustodianOrganization>
</assignedCustodian></custodian>
<legalAuthenticator><time value="20260115101500+0100"/><signatureCode code="S"/><assignedEntity>
<id root="1.2.250.1.71.4.2.1" extension="899700000000"/><assignedPerson><name>
<family>TESTEUR</family></name></assignedPerson></assignedEntity></legalAuthenticator>
<documentationOf><serviceEvent><effectiveTime><low value="20260115091500+0100"/></effectiveTime>
<performer typeCode="PRF"><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="899700000000"/>
<representedOrganization><standardIndustryClassCode code="AMBULATOIRE"
codeSystem="1.2.250.1.213.1.1.4.9"/></representedOrganization></assignedEntity></performer>
</serviceEvent></documentationOf>{related}
<componentOf><encompassingEncounter><effectiveTime><low value="20260115091500+0100"/>
</effectiveTime><location><healthCareFacility><code code="SA25" codeSystem="1.2.250.1.71.4.2.4"/>
</healthCareFacility></location></encompassingEncounter></componentOf>
<component><structuredBody><component><section><code code="30954-2"
codeSystem="2.16.840.1.113883.6.1"/><title>Section</title><text>Rien de vrai ici</text>
</section></component></structuredBody></component></ClinicalDocument>
""".encode()
