"""An archive of an invented patient, made by our own writer or bent member by member."""

import io
import zipfile
from datetime import UTC, datetime

from gateway.mapping.cda import read_cda
from gateway.mapping.xdm.write import Editor, pack
from gateway.records.document import Document
from gateway.records.reading import DEFAULT_READING
from gateway.records.understanding import Submission

AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
EDITOR = Editor(author="Dr Élan", organization="Labo fictif", organization_id="1999999999")
SUBMISSION = Submission(
    unique_id="1.2.250.1.999.8.1",
    source_id="1.2.250.1.71.4.2.2.1999999999",
    patient_id="1.2.250.1.213.1.4.10^255089999999966",
    time="2026-01-15T09:30:00Z",
    content_type="07",
    author="Lou TESTEUR",
)
FOLDER = "IHE_XDM/SUBSET01"
CDA = """<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3">
<realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.2.8.2.1"/><templateId root="1.2.250.1.213.1.1.1.1"/>
<templateId root="1.2.250.1.213.1.1.1.55" extension="2024.01"/><id root="1.2.250.1.999.1.1"/>
<code code="11502-2" codeSystem="2.16.840.1.113883.6.1" displayName="CR d'examens biologiques"/>
<title>CR fictif</title><effectiveTime value="20260115101500+0100"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="fr-FR"/>
<setId root="1.2.250.1.999.2.1"/><versionNumber value="1"/>
<recordTarget><patientRole><id root="1.2.250.1.213.1.4.10" extension="255089999999966"/>
<id root="1.2.250.1.999.5" extension="L42"/><patient><name><family qualifier="BR">PATTE</family>
<given qualifier="BR">Ana</given><given>Ana Lise</given></name>
<administrativeGenderCode code="F"/><birthTime value="19550815"/>
<birthplace><place><addr><county>51215</county></addr></place></birthplace>
</patient></patientRole></recordTarget>
<author><time value="20260115101500+0100"/><assignedAuthor>
<id root="1.2.250.1.71.4.2.1" extension="899700000000"/><code code="G15_10/SM03"/>
<assignedPerson><name><family>TESTEUR</family><given>Lou</given></name></assignedPerson>
<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="1999999999"/>
<name>Labo fictif</name></representedOrganization></assignedAuthor></author>
<custodian><assignedCustodian><representedCustodianOrganization>
<id root="1.2.250.1.71.4.2.2" extension="1999999999"/><name>Labo fictif</name>
</representedCustodianOrganization></assignedCustodian></custodian>
<legalAuthenticator><time value="20260115101500+0100"/><signatureCode code="S"/>
<assignedEntity><id root="1.2.250.1.71.4.2.1" extension="899700000000"/>
<assignedPerson><name><family>TESTEUR</family></name></assignedPerson></assignedEntity>
</legalAuthenticator><documentationOf><serviceEvent>
<effectiveTime><low value="202601150915+0100"/></effectiveTime><performer typeCode="PRF">
<assignedEntity><representedOrganization><standardIndustryClassCode code="AMBULATOIRE"/>
</representedOrganization></assignedEntity></performer></serviceEvent></documentationOf>
<componentOf><encompassingEncounter><effectiveTime><low value="20260115"/></effectiveTime>
<location><healthCareFacility><code code="SA25"/></healthCareFacility></location>
</encompassingEncounter></componentOf><component><structuredBody><component><section>
<title>Résultats</title><text><paragraph>Tout va bien.</paragraph></text></section></component>
</structuredBody></component></ClinicalDocument>""".encode()


def document(body: bytes = CDA) -> Document:
    read = read_cda(body, DEFAULT_READING).document
    assert read is not None
    return read


def archive(body: bytes = CDA, envelope: Document | None = None) -> bytes:
    """One document; `envelope` is what METADATA.XML says of it, else the CDA's own words."""
    return pack([(envelope or document(body), body)], SUBMISSION, editor=EDITOR, at=AT)


def members(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(files: dict[str, bytes], *more: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, body in files.items():
            opened.writestr(name, body)
        for info, body in more:
            opened.writestr(info, body)
    return made.getvalue()


def bent(path: str, before: str, after: str) -> bytes:
    """The sample archive with one text replaced in one member."""
    files = members(archive())
    assert before.encode() in files[path], before
    files[path] = files[path].replace(before.encode(), after.encode())
    return zipped(files)
