"""For each requirement on a document, archive, mail, bundle or request: one that breaks it."""

import json

from kit_samples import (
    SERIAL,
    WHO,
    Case,
    archive,
    bundle,
    carrying,
    entry,
    header,
    letter,
    made,
    mailed,
    metadata,
    posted,
    without,
    zipped,
)

from conformance.made import mail, xdm
from conformance.made.cda import paper, paper_of_pdf, spoiled
from conformance.made.fhir import Transaction, subject
from conformance.made.person import invented
from conformance.made.serial import Serial
from conformance.sender.subjects import Request

OTHER = paper(invented(Serial(12, "other")), Serial(12, "other paper"))
TWICE = '<templateId root="1.2.250.1.213.1.1.1.1"/>'
LABEL = 'displayName="CR d\'examens biologiques"'
REPLACES_NOTHING = '<relatedDocument typeCode="RPLC"><parentDocument/></relatedDocument>'
HERE = "IHE_XDM/SUBSET01/DOC0001.XML"


def pdf_of(old: str, new: str) -> Case:
    return carrying(spoiled(paper_of_pdf(WHO, SERIAL).cda(), old, new))


def without_member(name: str) -> Case:
    members = archive().members()
    del members[name]
    return posted(xdm.zipped(members), "zip")


def added_member(name: str) -> Case:
    what = archive()
    what.files[name] = b"rien"
    return zipped(what)


def two_people() -> xdm.Archive:
    return archive(xdm.Entry(made()), xdm.Entry(OTHER, file="DOC0002.XML"))


def attached(name: str, value: object) -> Case:
    return bundle(lambda what: what.attachment.__setitem__(name, value))


def reference(name: str, value: object) -> Case:
    return bundle(lambda what: what.references[0].__setitem__(name, value))


def no_list(what: Transaction) -> None:
    what.submission = {}


def no_request(what: Transaction) -> None:
    what.extra = [{"resource": {"resourceType": "Binary"}}]


def long_line() -> bytes:
    return mail.written(letter()) + b"x" * 1_200 + b"\r\n"


CDA_CASES: dict[str, Case] = {
    "S-CDA-00": carrying(b"<html/>"),
    "S-CDA-01": without('code="FR"/>', 'code="US"/>'),
    "S-CDA-02": without("POCD_HD000040", "POCD_HD1"),
    "S-CDA-03": without(TWICE, TWICE + TWICE),
    "S-CDA-05": without('<templateId root="1.2.250.1.213.1.1.1.55" extension="2024.01"/>'),
    "S-CDA-06": without('<id root="{id}"/>', '<id root="pas un OID"/>'),
    "S-CDA-06b": without('<id root="{id}"/>', '<id root="{id}" extension="A"/>'),
    "S-CDA-07": without('<code code="11502-2" ', "<code "),
    "S-CDA-07b": without(f'{LABEL} codeSystem="2.16.840.1.113883.6.1"', LABEL),
    "S-CDA-07c": without(LABEL),
    "S-CDA-08": without("<title>Compte rendu fictif</title>"),
    "S-CDA-09": without('<effectiveTime value="20260115101500+0100"/>', "<effectiveTime/>"),
    "S-CDA-10": without('<confidentialityCode code="N"', '<confidentialityCode code="X"'),
    "S-CDA-11": without('code="fr-FR"', 'code="fr"'),
    "S-CDA-12": without('<setId root="{set_id}"/>'),
    "S-CDA-12b": without('<versionNumber value="1"/>', '<versionNumber value="un"/>'),
    "S-CDA-13": without('<id root="{oid}" extension="{ins}"/>'),
    "S-CDA-14": without('<family qualifier="BR">', "<family>"),
    "S-CDA-14d": without('GenderCode code="{sex}"', 'GenderCode code="1"'),
    "S-CDA-14e": without('<birthTime value="{birth}"/>', '<birthTime value="1984"/>'),
    "S-CDA-15": without('<given qualifier="BR">{given}</given>'),
    "S-CDA-15b": without('extension="{ins}"', 'extension="123"'),
    "S-CDA-15c": without('root="{oid}" extension="{ins}"', 'root="1.2.3" extension="L1"'),
    "S-CDA-15d": without("<county>{place}</county>", "<county>Paris</county>"),
    "S-CDA-16": without('<author><time value="20260115101500+0100"/>', "<author>"),
    "S-CDA-17": without('<representedCustodianOrganization><id root="1.2.250.1.71.4.2.2"',
                        '<representedCustodianOrganization><id root="1.2.3"'),
    "S-CDA-18": without('<signatureCode code="S"/>'),
    "S-CDA-19": without('code="AMBULATOIRE"', 'code="AILLEURS"'),
    "S-CDA-20": without("<encompassingEncounter><effectiveTime>"
                        '<low value="20260115081500+0100"/></effectiveTime>',
                        "<encompassingEncounter>"),
    "S-CDA-20b": without('<code code="SA25"', "<code"),
    "S-CDA-21": without("<componentOf>",
                        f"{REPLACES_NOTHING}<componentOf>"),
    "S-CDA-22": without("</ClinicalDocument>", "<component/></ClinicalDocument>"),
    "S-CDA-22b": pdf_of('representation="B64">JVBERi', 'representation="B64">AAAA'),
    "S-CDA-23": without("</custodian>", "</custodian><informant><x><telecom "
                        'value="0102030405"/></x></informant>'),
}  # fmt: skip
XDM_CASES: dict[str, Case] = {
    "S-XDM-01": posted(b"PK\x03\x04 rien", "zip"),
    "S-XDM-02": without_member("README.TXT"),
    "S-XDM-03": added_member("lisez moi.txt"),
    "S-XDM-04": added_member("../dehors.txt"),
    "S-XDM-05": metadata(' xmlns:rim="urn', ' xmlns:rin="urn'),
    "S-XDM-10": without_member(HERE),
    "S-XDM-11": entry(hash="0" * 40),
    "S-XDM-12": entry(size="1"),
    "S-XDM-13": entry(unique_id="1.2.3"),
    "S-XDM-14": entry(patient="123"),
    "S-XDM-15": zipped(two_people()),
    "S-XDM-16": entry(type="34133-9"),
    "S-XDM-17": metadata(f"urn:uuid:{xdm.FORMAT}", "urn:uuid:0"),
    "S-XDM-18": metadata('name="languageCode"', 'name="langue"'),
    "S-XDM-19": metadata(f"urn:uuid:{xdm.SET_SOURCE}", "urn:uuid:0"),
    "S-XDM-20": entry(action="C"),
}
MAIL_CASES: dict[str, Case] = {
    "S-SMTP-01": mailed(mail.written(letter()).replace(b"\r\n\r\n", b"\r\n\r\na\nb\r\n", 1)),
    "S-SMTP-02": mailed(long_line()),
    "S-SMTP-03": mailed(header("Message-ID", "")),
    "S-SMTP-04": mailed(letter(), sender="a@autre.test"),
    "ECO.2.4.3": mailed(header("X-MSS-NIL", "")),
    "ECO.2.2.3": mailed(mail.written(letter()).replace(b'charset="utf-8"', b'charset="latin1"', 1)),
    "ECO.2.1": mailed(letter(b"")),
    "ECO.2.1.1": mailed(letter(archive(xdm.Entry(OTHER)).zip())),
    "ECO.2.1.3": mailed(header("Subject", "Votre document")),
    "ECO.2.1.5": mailed(letter(two_people().zip())),
    "ECO.2.4.1": mailed(header("X-MSS-CODECDA", "34133-9")),
    "ECO.2.4.2": mailed(header("X-MSS-INS", "oui")),
    "ECO.2.2.6": mailed(letter(), box="claire@patient.mssante.fr"),
    "ECO.2.2.8": mailed(header("X-MSS-MES", "fin")),
    "S-MES-01": mailed(mail.written(letter()) + (b"x" * 76 + b"\r\n") * 330_000),
}
FHIR_CASES: dict[str, Case] = {
    "S-FHIR-00": posted(b'{"resourceType": "Patient"}', "fhir"),
    "S-FHIR-01": posted(b'{"resourceType": "Bundle", "type": "batch"}', "fhir"),
    "S-FHIR-02": bundle(no_list),
    "S-FHIR-03": bundle(lambda what: what.submission.__setitem__("entry", [])),
    "S-FHIR-04": bundle(no_request),
    "S-FHIR-05": reference("subject", subject(OTHER)),
    "S-FHIR-10": reference("masterIdentifier", {"value": "1.2.3"}),
    "S-FHIR-11": reference("custodian", None),
    "S-FHIR-12": bundle(
        lambda what: what.references[0].update(subject={"display": "X"}, contained=[])
    ),
    "S-FHIR-13": attached("language", ""),
    "S-FHIR-14": attached("url", "http://exemple.test/document"),
    "S-FHIR-15": attached("hash", "AAAA"),
    "S-FHIR-16": attached("size", 3),
    "S-FHIR-17": bundle(lambda what: what.binaries[0].__setitem__("data", "???")),
}
HTTP_CASES: dict[str, Case] = {
    "S-HTTP-01": posted(made().cda(), "zip"),
    "S-HTTP-02": posted(made().cda(), "xml", authorization=""),
    "S-HTTP-03": posted(made().cda(), "xml", idempotency_key=""),
    "S-HTTP-04": lambda court: court.request(Request("PUT", "/", {}, json.dumps({}).encode())),
}
CASES = CDA_CASES | XDM_CASES | MAIL_CASES | FHIR_CASES | HTTP_CASES
