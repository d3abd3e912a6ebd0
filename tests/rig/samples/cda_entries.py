"""Entries of a patient summary and a vaccination note, invented; tests bend them."""

PCC = "1.3.6.1.4.1.19376.1.5.3.1.4."
SNOMED, ICD10, CIS, ATC, LOINC = (
    "2.16.840.1.113883.6.96",
    "2.16.840.1.113883.6.3",
    "1.2.250.1.213.2.3.1",
    "2.16.840.1.113883.6.73",
    "2.16.840.1.113883.6.1",
)
DOCTOR = (
    "<assignedPerson><name><given>Noa</given><family>FICTIF</family></name></assignedPerson>"
    "<representedOrganization><name>Cabinet fictif</name></representedOrganization>"
)


def code(value: str, system: str, text: str, tag: str = "code", more: str = "") -> str:
    kind = ' xsi:type="CD"' if tag == "value" else ""
    return f'<{tag}{kind} code="{value}" codeSystem="{system}" displayName="{text}">{more}</{tag}>'


def inside(kind: str, statement: str) -> str:
    return f'<entryRelationship typeCode="{kind}">{statement}</entryRelationship>'


def told(what: str, value: str, system: str = LOINC) -> str:
    """An observation that says something of the entry around it: its status, its severity."""
    return inside(
        "SUBJ", f'<observation><code code="{what}" codeSystem="{system}"/>{value}</observation>'
    )


def comment(text: str) -> str:
    return inside("SUBJ", f'<act><templateId root="{PCC}2"/><text>{text}</text></act>')


def section(entries: str, loinc: str = "11450-4", title: str = "Section", text: str = "") -> str:
    """A component of a structuredBody."""
    return (
        f'<component><section><code code="{loinc}"/><title>{title}</title>'
        f"<text>{text}<paragraph>…</paragraph></text>{entries}</section></component>"
    )


def entry(statement: str) -> str:
    return f"<entry>{statement}</entry>"


def concern(statement: str, status: str = "active") -> str:
    return entry(f'<act><statusCode code="{status}"/>{inside("SUBJ", statement)}</act>')


def problem(more: str = "", attributes: str = "") -> str:
    return (
        f'<observation moodCode="EVN" {attributes}><templateId root="{PCC}5"/>'
        '<id root="1.2" extension="P1"/><text><reference value="#p1"/></text>'
        '<effectiveTime><low value="20260101"/></effectiveTime>'
        + code("J45", ICD10, "Asthme", "value", code("195967001", SNOMED, "Asthma", "translation"))
        + f"{more}</observation>"
    )


def allergy(agent: str = code("A1", CIS, "PÉNICILLINE"), more: str = "") -> str:
    role = f"<participantRole><playingEntity>{agent}</playingEntity></participantRole>"
    return (
        f'<observation moodCode="EVN"><templateId root="{PCC}5"/><templateId root="{PCC}6"/>'
        f"{code('416098002', SNOMED, 'allergie médicamenteuse')}"
        f'<participant typeCode="CSM">{role}</participant>{more}</observation>'
    )


def material(product: str, lot: str = "") -> str:
    return (
        "<consumable><manufacturedProduct><manufacturedMaterial>"
        f"{product}<lotNumberText>{lot}</lotNumberText>"
        "</manufacturedMaterial></manufacturedProduct></consumable>"
    )


VACCINE = code(
    "68747507", CIS, "VACCIN TÉTANIQUE", "code", code("J07AM", ATC, "tétanos", "translation")
)


def vaccination(attributes: str = 'moodCode="EVN"', more: str = "") -> str:
    return (
        f'<substanceAdministration {attributes}><templateId root="{PCC}12"/>'
        '<id root="1.2" extension="V1"/>'
        + code("BOOSTER", "2.16.840.1.113883.5.4", "Rappel de vaccin")
        + '<text><reference value="#v1"/></text><statusCode code="completed"/>'
        '<effectiveTime value="20260110"/>'
        + code("20035000", "0.4.0.127.0.16.1.1.2.1", "Voie intramusculaire", "routeCode")
        + code("16217701", SNOMED, "deltoïde gauche", "approachSiteCode")
        + '<doseQuantity value="1"/>'
        + material(VACCINE, "LOT-7")
        + f"<performer><assignedEntity>{DOCTOR}</assignedEntity></performer>"
        + inside("SUBJ", '<observation><code code="30973-2"/>'
                 '<value xsi:type="INT" value="3"/></observation>')
        + f"{more}</substanceAdministration>"
    )  # fmt: skip


def medicine(time: str = '<low value="20260101"/>', attributes: str = 'moodCode="EVN"') -> str:
    return (
        f'<substanceAdministration {attributes}><templateId root="{PCC}7"/>'
        f'<statusCode code="completed"/><effectiveTime xsi:type="IVL_TS">{time}</effectiveTime>'
        '<effectiveTime xsi:type="PIVL_TS" operator="A"><period value="6" unit="h"/>'
        "</effectiveTime>"
        + code("20053000", "0.4.0.127.0.16.1.1.2.1", "Voie orale", "routeCode")
        + '<doseQuantity><low value="2" unit="{tablet}"/><high value="2" unit="{tablet}"/>'
        "</doseQuantity>"
        + material(code("63564053", CIS, "PLAVIX 75 mg"))
        + inside("RSON", f"<act>{code('I20.0', ICD10, 'Angine de poitrine')}</act>")
        + "</substanceAdministration>"
    )


def act(attributes: str = 'moodCode="EVN"') -> str:
    return (
        f'<procedure {attributes}><templateId root="{PCC}19"/>'
        + code("DDAF004", "1.2.250.1.215.300.1", "Dilatation coronaire")
        + '<statusCode code="completed"/><effectiveTime value="20180114"/>'
        + code("41801008", SNOMED, "artère coronaire", "targetSiteCode")
        + f'<author><time value="20180115"/><assignedAuthor><id root="1.2" extension="9"/>{DOCTOR}'
        "</assignedAuthor></author></procedure>"
    )


FAMILY = (
    f'<organizer><templateId root="{PCC}15"/><subject><relatedSubject>'
    f"{code('MTH', '2.16.840.1.113883.5.111', 'Mère')}</relatedSubject></subject>"
    f"<component><observation>{code('D57.1', ICD10, 'Drépanocytose', 'value')}</observation>"
    "</component></organizer>"
)
DEVICE = (
    '<supply moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.20"/>'
    '<effectiveTime xsi:type="IVL_TS"><low value="20190811"/></effectiveTime>'
    '<participant typeCode="DEV"><participantRole><playingDevice>'
    f"{code('J010104', '1.2.250.1.213.2.68', 'Stimulateur cardiaque')}</playingDevice>"
    "</participantRole></participant></supply>"
)


def none_known(what: str, name: str, tag: str = "value") -> str:
    """A code of HL7's « absent and unknown data », of the patient summary."""
    return code(what, "2.16.840.1.113883.5.1150.1", name, tag)


VISIT = (
    f'<encounter moodCode="EVN"><templateId root="{PCC}14"/>'
    f"{code('IMP', '2.16.840.1.113883.5.4', 'Hospitalisation')}"
    '<effectiveTime><low value="20190515"/><high value="20190530"/></effectiveTime>'
    '<participant typeCode="LOC"><participantRole><playingEntity><name>Clinique fictive</name>'
    "</playingEntity></participantRole></participant></encounter>"
)
VITALS = """<component><section><templateId root="1.3.6.1.4.1.19376.1.5.3.1.3.25"/>
<code code="8716-3" codeSystem="2.16.840.1.113883.6.1"/><title>Signes vitaux</title><text/>
<entry><observation classCode="OBS" moodCode="EVN">
<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.13.2"/>
<code code="29463-7" codeSystem="2.16.840.1.113883.6.1" displayName="Poids"/>
<statusCode code="completed"/><effectiveTime value="20250503"/>
<value xsi:type="PQ" value="61500" unit="g"/></observation></entry></section></component>"""
"""A weight, as a certificate or a medical summary tells it."""
