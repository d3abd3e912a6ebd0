"""What a CDA header tells, field by field, and how gently odd ones are taken."""

import hashlib
import re

from cda_sample import INS, PATIENT, SIGNER, SPECIALTY, element, replacing, scanned, structured

from gateway.mapping.cda import read_cda, understand_cda
from gateway.records.documents.document import Action, BodyKind, Document, Label
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING, Reading
from gateway.records.patients.patient import Profile


def read(data: bytes) -> Document:
    document = read_cda(data, DEFAULT_READING).document
    assert document is not None
    return document


def codes(data: bytes, reading: Reading = DEFAULT_READING) -> list[str]:
    return [finding.code for finding in read_cda(data, reading).findings]


def test_a_whole_document_is_accepted_without_any_finding() -> None:
    understood = understand_cda(structured(), DEFAULT_READING)
    assert (understood.verdict, understood.findings) == (Verdict.ACCEPT, ())
    assert len(understood.documents) == len(understood.contents) == len(understood.observations)


def test_a_code_that_names_no_system_is_no_finding() -> None:
    whole = structured()
    bare = re.sub(
        rb'(code="(?:F|G15_10/SM03|18719-5|AMBULATOIRE|SA25)")\s+codeSystem="[^"]+"', rb"\1", whole
    )
    assert whole.count(b"codeSystem") - bare.count(b"codeSystem") == 5
    assert understand_cda(bare, DEFAULT_READING).findings == ()
    assert (read(bare).authors[0].specialty, read(bare).event_codes) == (
        "G15_10/SM03",
        ("18719-5",),
    )


def test_header_fields_become_the_words_of_xds() -> None:
    found = read(structured())
    assert (found.type_code, found.class_code, found.label) == ("11502-2", "10", Label.BIOLOGIE)
    assert (found.unique_id, found.set_id, found.version) == (
        "1.2.250.1.999.1.1",
        "1.2.250.1.999.2.1",
        "1",
    )
    assert found.format_code == "urn:ihe:lab:xd-lab:2008"
    assert found.creation_time == "2026-01-15T09:15:00Z"
    assert (found.service_start, found.service_stop) == ("2026-01-15T08:15Z", "2026-01-16")
    assert (found.practice_setting, found.facility_type) == ("AMBULATOIRE", "SA25")
    assert (found.event_codes, found.confidentiality) == (("18719-5",), ("N",))
    assert (found.body, found.action) == (BodyKind.STRUCTURED, Action.CREATE)


def test_sizes_and_digests_are_those_of_the_bytes_received() -> None:
    data = structured()
    found = read(data)
    assert found.size == len(data)
    assert found.sha256 == hashlib.sha256(data).hexdigest()


def test_the_patient_keeps_every_trait_and_every_other_identifier() -> None:
    patient = read(structured((INS, f'<id root="1.2.3" extension="IPP7"/>{INS}'))).patient
    assert (patient.ins, patient.ins_oid) == ("255089999999966", "1.2.250.1.213.1.4.10")
    assert patient.other_ids == ("1.2.3^IPP7",)
    assert (patient.birth_given, patient.birth_givens) == ("Ana", "Ana Lise")
    assert (patient.used_family, patient.used_given) == ("PATTE-NEUVE", None)
    assert (patient.birth_date, patient.birth_place) == ("1955-08-15", "51215")
    assert patient.traits_complete


def test_an_author_is_a_person_with_role_specialty_and_structure() -> None:
    (author,) = read(structured()).authors
    assert (author.kind, author.family, author.specialty) == ("person", "TESTEUR", "G15_10/SM03")
    assert (author.role, author.organization_id) == ("Biologiste", "1999999999")


def test_a_device_author_shows_its_software() -> None:
    device = (
        "<assignedAuthoringDevice><manufacturerModelName>M1</manufacturerModelName>"
        "<softwareName>Logiciel</softwareName></assignedAuthoringDevice>"
    )
    person = f"{SPECIALTY}\n" + element("<assignedPerson>.*?</assignedPerson>")
    found = read(structured((person, SPECIALTY + device)))
    assert (found.authors[0].kind, found.authors[0].family) == ("device", "Logiciel")


def test_an_author_under_an_ins_is_the_patient() -> None:
    own = structured((f"{SIGNER}<code", f"{INS}<code"))
    author = read(own).authors[0]
    assert (author.kind, author.id, author.family) == ("patient", "255089999999966", "TESTEUR")
    assert (author.organization_id, author.organization_name) == (None, None)


def test_who_signed_is_the_legal_authenticator_whoever_else_is_named() -> None:
    signed = element("<legalAuthenticator>.*</legalAuthenticator>")
    meant = signed.replace('<signatureCode code="S"/>', '<signatureCode code="X"/>')
    meant = meant.replace("TESTEUR", "AUTRE")
    for both in (meant + signed, signed + meant):
        data = structured((signed, both))
        assert read(data).legal_authenticator == read(structured()).legal_authenticator
        assert codes(data) == []
    alone = read(structured((signed, meant))).legal_authenticator
    assert alone is not None
    assert alone.family == "AUTRE"
    assert read(structured((signed, ""))).legal_authenticator is None


def test_whoever_has_several_ids_bears_the_national_one_wherever_it_stands() -> None:
    others = '<id nullFlavor="NI"/><id root="1.2.3" extension="X1"/>'
    house = "<representedOrganization><id"
    data = structured((SIGNER, others + SIGNER), (house, house.replace("<id", f"{others}<id")))
    assert codes(data) == []
    own = read(structured())
    assert (read(data).authors, read(data).legal_authenticator) == (
        own.authors,
        own.legal_authenticator,
    )


def test_the_practice_setting_is_that_of_the_principal_performer() -> None:
    second = element("<performer.*</performer>").replace("PRF", "SPRF")
    data = structured(("<performer", second.replace("AMBULATOIRE", "HAD") + "<performer"))
    assert (codes(data), read(data).practice_setting) == ([], "AMBULATOIRE")


def test_several_birth_given_names_are_one_list() -> None:
    data = structured(("<given>Ana Lise</given>", "<given>Ana</given><given>Lise</given>"))
    assert read(data).patient.birth_givens == "Ana Lise"


def test_a_replacement_names_the_document_it_replaces() -> None:
    related = replacing('1.2.3" extension="9')
    found = read(structured(("<componentOf>", f"{related}<componentOf>")))
    assert (found.action, found.replaces) == (Action.REPLACE, "1.2.3^9")


def test_imaging_event_codes_are_followed_by_their_translations() -> None:
    data = structured(
        ('1.2.250.1.213.1.1.1.55"', '1.2.250.1.213.1.1.1.45"'),
        (
            '<code code="18719-5" codeSystem="2.16.840.1.113883.6.1"/>',
            '<code code="ZCQH001"><translation code="CT"/></code>',
        ),
    )
    assert read(data).event_codes == ("ZCQH001", "CT")


def test_a_declared_charset_is_followed() -> None:
    text = structured(("CR fictif", "Été à l'hôpital")).decode()
    latin = text.replace('encoding="UTF-8"', 'encoding="ISO-8859-15"').encode("iso8859-15")
    utf16 = text.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert read(latin).title == read(utf16).title == "Été à l'hôpital"


def test_a_self_presentable_document_is_read_inside_its_stylesheet() -> None:
    text = structured().decode().partition("?>")[2]
    data = (
        '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
        f'<xsl:template match="/"/>{text}</xsl:stylesheet>'
    ).encode()
    found = read(data)
    assert (found.type_code, found.size) == ("11502-2", len(data))
    assert understand_cda(data, DEFAULT_READING).verdict is Verdict.ACCEPT
    second = text.replace("255089999999966", "279035121518989")
    both = data.replace(b"</xsl:stylesheet>", f"{second}</xsl:stylesheet>".encode())
    assert codes(both) == ["cda-root"], "nobody would see the other's document"
    assert understand_cda(both, DEFAULT_READING).verdict is Verdict.REFUSE


def test_level_one_carries_its_file_as_attachment() -> None:
    found = read(scanned(b"Bonjour", "text/plain"))
    assert (found.body, found.format_code) == (BodyKind.TEXT, "urn:ihe:iti:xds-sd:text:2008")
    assert [(one.mime_type, one.size) for one in found.attachments] == [("text/plain", 7)]


def test_an_unknown_type_is_flagged_and_labelled_by_its_name_and_title() -> None:
    unmodelled, unsigned = ("1.213.1.1.1.55", "1.999.55"), ("G15_10/SM03", "G15_10/SM26")
    names = ("11502-2", "99999-9"), ("CR fictif", "Ordonnance"), ("Labo", "Cabinet")
    data = structured(*names, unmodelled, unsigned)
    understood = understand_cda(data, DEFAULT_READING)
    assert [finding.code for finding in understood.findings] == ["cda-h07"]
    assert understood.verdict is Verdict.ACCEPT
    document = understood.documents[0]
    assert (document.label, document.label_rule) == (Label.BIOLOGIE, "display:11502-2")
    assert (document.label_confidence, document.label_doubt) == (
        "low",
        "ORD_SOIN title:ordonnance",
    )


def test_production_refuses_the_identity_of_a_test() -> None:
    assert "ins-oid" in codes(structured(), Reading(profile=Profile.PRODUCTION))


def test_a_missing_trait_holds_the_document_and_a_missing_place_does_not() -> None:
    no_date = structured(('<birthTime value="19550815"/>', ""))
    no_place = structured(("<county>51215</county>", ""))
    assert understand_cda(no_date, DEFAULT_READING).verdict is Verdict.HOLD
    assert understand_cda(no_place, DEFAULT_READING).verdict is Verdict.ACCEPT
    assert codes(no_place) == ["birth-place-missing"]


def test_a_document_without_ins_waits() -> None:
    data = structured((INS, '<id root="1.2.3" extension="IPP7"/>'))
    assert understand_cda(data, DEFAULT_READING).verdict is Verdict.HOLD


def test_findings_never_repeat_a_trait() -> None:
    data = structured((PATIENT, PATIENT.replace("PATTE<", "PATTE\u202e<")), ("PATTE-NEUVE", "Θx"))
    findings = read_cda(data, DEFAULT_READING).findings
    assert findings
    assert not any("PATTE" in finding.message for finding in findings)
