"""Parts of a CDA header and what they owe one another (ANS, Structuration minimale)."""

import re
from collections.abc import Iterable

from conformance.requirement import Level, Volet
from conformance.sender.judge import Fault, Rules, wrong
from conformance.sender.judges.values import CDA
from conformance.sender.subjects import HL7, Document

ANY = Rules[Document](Volet.CDA, "HL7 CDA R2; W3C XML 1.0")
SETTINGS = {
    "EXP_PATIENT",
    "SNR",
    "AMBULATOIRE",
    "AMO",
    "DEPISTAGE",
    "ESSMS",
    "ETABLISSEMENT",
    "HAD",
    "MAD",
    "PALLIATIF",
    "SAD",
    "SAMU_SMUR",
}
TELECOM = re.compile(r"(tel|fax|mailto|http|https|ftp|mllp):.+")
MODELS = ("2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1")
PDF = "1.3.6.1.4.1.19376.1.2.20"


@ANY.asks(
    "S-CDA-00",
    "The document is well-formed and of root ClinicalDocument",
    fix="Send XML without DOCTYPE, in the encoding that it declares.",
)
def readable(document: Document) -> Iterable[Fault]:
    if document.root is None:
        yield Fault("ClinicalDocument", document.error, 207, 906)


@CDA.asks(
    "S-CDA-03",
    "The templates of France and of the minimal structure are named once",
    fix="templateId 2.16.840.1.113883.2.8.2.1 and 1.2.250.1.213.1.1.1.1, once each.",
)
def templates(document: Document) -> Iterable[Fault]:
    roots = [one.get("root") for one in document.nodes("templateId")]
    for name in MODELS:
        if roots.count(name) != 1:
            yield Fault("templateId", f"{name} stands {roots.count(name)} times", 101)


@CDA.asks(
    "S-CDA-05",
    "A template of the model is named",
    fix="Level 3: templateId of the volet. Level 1: 1.3.6.1.4.1.19376.1.2.20 and no other.",
)
def model(document: Document) -> Iterable[Fault]:
    others = [
        one.get("root") for one in document.nodes("templateId") if one.get("root") not in MODELS
    ]
    if not others:
        yield Fault("templateId", "no template of a model", 101)
    elif document.nodes("component/nonXMLBody") and others != [PDF]:
        yield Fault("templateId", "a PDF has 1.3.6.1.4.1.19376.1.2.20 and no other", 103)


@CDA.asks(
    "S-CDA-06b",
    "The id has no extension",
    fix="Write the whole id in @root.",
    level=Level.SHOULD,
    source="ANS, DMP: OID^extension not taken",
)
def extension(document: Document) -> Iterable[Fault]:
    if document.attribute("id", "extension"):
        yield Fault("id/@extension", "the DMP of today does not take it")


@CDA.asks("S-CDA-08", "The document has a title", fix="Write title, as text.")
def title(document: Document) -> Iterable[Fault]:
    if len(document.nodes("title")) != 1 or not document.text("title"):
        yield wrong("title", "", "one title")


@CDA.asks(
    "S-CDA-19",
    "The act is dated, its setting said",
    fix="serviceEvent: effectiveTime/low, performer PRF, standardIndustryClassCode.",
)
def act(document: Document) -> Iterable[Fault]:
    path = "documentationOf/serviceEvent"
    if not document.attribute(f"{path}/effectiveTime/low", "value"):
        yield wrong(f"{path}/effectiveTime/low", "", "a time")
    setting = document.attribute(
        f"{path}/performer/assignedEntity/representedOrganization/standardIndustryClassCode", "code"
    )
    if setting not in SETTINGS:
        yield wrong(f"{path}/…/standardIndustryClassCode", setting, "a code of JDV_J04", 103)


@CDA.asks(
    "S-CDA-20",
    "There is one encounter",
    fix="componentOf/encompassingEncounter with effectiveTime.",
)
def encounter(document: Document) -> Iterable[Fault]:
    found = document.nodes("componentOf/encompassingEncounter/effectiveTime")
    if len(found) != 1:
        yield Fault("componentOf/encompassingEncounter", f"{len(found)} with a time, wanted 1", 101)


@CDA.asks(
    "S-CDA-21",
    "A replacement names one predecessor",
    fix="relatedDocument RPLC with one parentDocument/id.",
    applies=lambda one: bool(one.nodes("relatedDocument")),
)
def replacement(document: Document) -> Iterable[Fault]:
    found = [one for one in document.nodes("relatedDocument") if one.get("typeCode") == "RPLC"]
    if len(found) > 1 or (found and not document.replaces):
        yield Fault("relatedDocument", "not one predecessor with an id", 101)
    if document.replaces and document.replaces == document.attribute("id", "root"):
        yield Fault("relatedDocument", "it replaces itself", 199)


@CDA.asks("S-CDA-22", "There is one body", fix="One component with structuredBody or nonXMLBody.")
def body(document: Document) -> Iterable[Fault]:
    if len(document.nodes("component")) != 1:
        yield Fault("component", f"{len(document.nodes('component'))}, wanted 1", 101)


@CDA.asks(
    "S-CDA-22b",
    "A PDF body is a PDF",
    fix="mediaType application/pdf, representation B64, bytes that begin with %PDF-.",
    applies=lambda one: bool(one.nodes("component/nonXMLBody")),
)
def pdf(document: Document) -> Iterable[Fault]:
    text = document.text("component/nonXMLBody/text")
    if document.attribute("component/nonXMLBody/text", "mediaType") != "application/pdf":
        yield Fault("nonXMLBody/text/@mediaType", "not application/pdf", 103)
    elif not text.startswith("JVBERi"):  # %PDF- in base64
        yield Fault("nonXMLBody/text", "no PDF in base64")


@CDA.asks(
    "S-CDA-23",
    "telecom values have a scheme",
    fix="tel:, fax:, mailto:, http: …",
    level=Level.SHOULD,
)
def telecoms(document: Document) -> Iterable[Fault]:
    for one in document.root.iter(f"{HL7}telecom") if document.root is not None else ():
        value = one.get("value")
        if value is not None and not TELECOM.fullmatch(value):
            yield Fault("telecom/@value", "no scheme before the value", 103)
            return
