"""One requirement of the header a row: what is spoiled, and where (ANS, Structuration minimale).

A document that breaks one is refused or held; it is not filed as if it were right.
"""

from dataclasses import dataclass

from conformance.bench import Bench
from conformance.check import Chapter, Check
from conformance.made.cda import Paper, paper, spoiled
from conformance.requirement import Volet
from conformance.verdict import expect

HEADER = Chapter(Volet.CDA, "CI-SIS, Volet structuration minimale; schematron of the ANS")


@dataclass(frozen=True, slots=True)
class Spoil:
    """`old` of the document becomes `new`; both may name fields of the paper in braces."""

    name: str
    title: str
    place: str
    old: str
    new: str = ""


NAME = '<given qualifier="BR">{given}</given>\n'
ROWS = (
    Spoil("01", "realmCode is FR", "realmCode", 'code="FR"/>', 'code="US"/>'),
    Spoil("02", "typeId is POCD_HD000040", "typeId", "POCD_HD000040", "POCD_HD000099"),
    Spoil("03", "The template of HL7 France is named", "templateId",
          '<templateId root="2.16.840.1.113883.2.8.2.1"/>\n'),
    Spoil("04", "The template of the minimal structure is named", "templateId",
          '<templateId root="1.2.250.1.213.1.1.1.1"/>\n'),
    Spoil("05", "A template of the model is named", "templateId",
          '<templateId root="1.2.250.1.213.1.1.1.55" extension="2024.01"/>\n'),
    Spoil("06", "The document has an id", "id", '<id root="{id}"/>\n'),
    Spoil("07", "The document has one id", "id", '<id root="{id}"/>\n',
          '<id root="{id}"/>\n<id root="{id}.9"/>\n'),
    Spoil("08", "The document has a type", "code",
          '<code code="{type}" ', '<code nullFlavor="UNK" '),
    Spoil("09", "The document has a title", "title", "<title>{title}</title>\n"),
    Spoil("10", "effectiveTime is a time", "effectiveTime",
          '<effectiveTime value="20260115101500+0100"/>', '<effectiveTime value="hier"/>'),
    Spoil("11", "The document has a confidentialityCode", "confidentialityCode",
          '<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>\n'),
    Spoil("12", "The document has a languageCode", "languageCode",
          '<languageCode code="fr-FR"/>\n'),
    Spoil("13", "The document has a setId", "setId", '<setId root="{set_id}"/>\n'),
    Spoil("14", "The document has a versionNumber", "versionNumber",
          '<versionNumber value="{version}"/>\n'),
    Spoil("15", "versionNumber is an integer", "versionNumber",
          '<versionNumber value="{version}"/>', '<versionNumber value="un"/>'),
    Spoil("16", "The patient has an id", "recordTarget", '<id root="{oid}" extension="{ins}"/>\n'),
    Spoil("17", "There is one patient", "recordTarget", "</recordTarget>",
          '</recordTarget><recordTarget><patientRole><id root="1.2.3" extension="9"/>'
          "</patientRole></recordTarget>"),
    Spoil("18", "The patient's birth name is marked BR", "recordTarget/…/family",
          '<family qualifier="BR">', "<family>"),
    Spoil("19", "The patient has a sex", "administrativeGenderCode",
          '<administrativeGenderCode code="{sex}" codeSystem="2.16.840.1.113883.5.1"/>\n'),
    Spoil("20", "The patient has a birthTime", "birthTime", '<birthTime value="{birth}"/>\n'),
    Spoil("21", "An INS goes with the given name of birth", "recordTarget/…/given", NAME),
    Spoil("22", "An author is named", "author", "<author>", "<informant>"),
    Spoil("23", "The author has an id", "author/assignedAuthor/id",
          '<assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="{author}"/>',
          "<assignedAuthor>"),
    Spoil("24", "The author's time is said", "author/time",
          '<author><time value="20260115101500+0100"/>', "<author>"),
    Spoil("25", "A custodian is named", "custodian",
          '<id root="1.2.250.1.71.4.2.2" extension="{house}"/><name>Laboratoire fictif</name>'
          "</representedCustodianOrganization>",
          "<name>Laboratoire fictif</name></representedCustodianOrganization>"),
    Spoil("26", "A legal authenticator has signed", "legalAuthenticator/signatureCode",
          '<signatureCode code="S"/>', '<signatureCode code="I"/>'),
    Spoil("27", "The legal authenticator is a named person", "legalAuthenticator/…/name",
          '<assignedPerson><name><given>Lou</given><family>TESTEUR</family></name></assignedPerson>'
          '<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="{house}"/>'
          "<name>Laboratoire fictif</name></representedOrganization></assignedEntity>",
          "</assignedEntity>"),
    Spoil("28", "The act is dated", "documentationOf/serviceEvent/effectiveTime",
          '<serviceEvent><effectiveTime><low value="20260115081500+0100"/></effectiveTime>',
          "<serviceEvent>"),
    Spoil("29", "The setting of practice is said", "standardIndustryClassCode",
          '<standardIndustryClassCode code="AMBULATOIRE" codeSystem="1.2.250.1.213.1.1.4.9"/>'),
    Spoil("30", "The kind of facility is said", "healthCareFacility/code",
          '<code code="SA25" codeSystem="1.2.250.1.71.4.2.4" displayName="Laboratoire"/>'),
    Spoil("31", "The encounter is said", "componentOf", "<componentOf>", "<participant>"),
    Spoil("32", "A replacement names what it replaces", "relatedDocument/parentDocument/id",
          "<componentOf>", '<relatedDocument typeCode="RPLC"><parentDocument/></relatedDocument>'
          "<componentOf>"),
    Spoil("33", "The document has a body", "component", "<component><structuredBody>",
          "<component><!--"),
)  # fmt: skip
ENDS = {
    "<informant>": ("</author>", "</informant>"),
    "<participant>": ("</componentOf>", "</participant>"),
    "<component><!--": ("</structuredBody></component>\n", "--></component>\n"),
}


def spoiled_paper(row: Spoil, what: Paper) -> bytes:
    words = {name: getattr(what, name) for name in Paper.__slots__}
    words |= {name: getattr(what.who, name) for name in type(what.who).__slots__}
    document = spoiled(what.cda(), row.old.format(**words), row.new.format(**words))
    return spoiled(document, *ENDS[row.new]) if row.new in ENDS else document


def not_filed(bench: Bench, row: Spoil) -> None:
    what = paper(bench.who, bench.serial)
    fate = bench.deposit(spoiled_paper(row, what), what)
    expect(not fate.accepted and fate.verdict != "later", fate)


def row_check(row: Spoil) -> Check:
    asks = HEADER.asks(
        f"CDA-H{row.name}",
        row.title,
        fix=f"Refuse or hold a document without it, and name {row.place}.",
        source=f"{HEADER.source}, {row.place}",
    )
    return asks(lambda bench: not_filed(bench, row))


@HEADER.asks(
    "CDA-H00",
    "A document with the whole header is filed",
    fix="Nothing is missing in it: compare with the rows below.",
)
def whole(bench: Bench) -> None:
    what = paper(bench.who, bench.serial)
    fate = bench.deposit(what.cda(), what)
    expect(fate.accepted, fate)


BROKEN = tuple(row_check(row) for row in ROWS)
