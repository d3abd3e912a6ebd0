"""Parts of a CDA header and what they owe one another (ANS, Structuration minimale)."""

import re
from collections.abc import Iterable

from conformance.made.person import INS_OIDS, ins_key
from conformance.requirement import Level, Volet
from conformance.sender.judge import Fault, Rules, wrong
from conformance.sender.judges.patient import MATRICULE, PLACE
from conformance.sender.judges.values import CDA, ROLE
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


@CDA.asks("S-CDA-13", "There is one patient", fix="One recordTarget, with at least one id.")
def patient(document: Document) -> Iterable[Fault]:
    roles, people = document.nodes(ROLE), document.nodes(f"{ROLE}/patient")
    if len(roles) != 1 or len(people) != 1:
        yield Fault("recordTarget", f"{len(roles)} patientRole, {len(people)} patient", 198)
    for one in document.nodes(f"{ROLE}/id"):
        if not one.get("root") or not one.get("extension"):
            yield Fault(f"{ROLE}/id", "an id without root or extension", 101)
    if not document.nodes(f"{ROLE}/id"):
        yield wrong(f"{ROLE}/id", "", "an id")


@CDA.asks(
    "S-CDA-14", "Names say whether they are of birth", fix="family and given: qualifier BR or CL."
)
def names(document: Document) -> Iterable[Fault]:
    path = f"{ROLE}/patient/name"
    if len(document.nodes(path)) != 1:
        yield Fault(path, f"{len(document.nodes(path))} names, wanted 1", 198)
    for one in document.nodes(f"{path}/family"):
        if one.get("qualifier") not in ("BR", "CL"):
            yield wrong(
                f"{path}/family/@qualifier", str(one.get("qualifier") or ""), "BR or CL", 103
            )


@CDA.asks(
    "S-CDA-15",
    "An INS goes with its five traits",
    fix="family BR, given BR, a given without qualifier, birthTime, sex, birthplace county.",
    source="CI-SIS, structuration minimale, INS; code 905",
    applies=lambda one: bool(one.ins),
)
def traits(document: Document) -> Iterable[Fault]:
    path = f"{ROLE}/patient"
    given = document.nodes(f"{path}/name/given")
    checks = {
        "family[@qualifier='BR']": any(
            one.get("qualifier") == "BR" for one in document.nodes(f"{path}/name/family")
        ),
        "given[@qualifier='BR']": any(one.get("qualifier") == "BR" for one in given),
        "given without qualifier": any(one.get("qualifier") is None for one in given),
        "birthTime": bool(document.attribute(f"{path}/birthTime", "value")),
        "administrativeGenderCode": bool(
            document.attribute(f"{path}/administrativeGenderCode", "code")
        ),
        "birthplace/…/county": bool(document.text(f"{path}/birthplace/place/addr/county")),
    }
    for place, there in checks.items():
        if not there:
            yield Fault(f"{path}/{place}", "missing", 207, 905)


@CDA.asks(
    "S-CDA-15b",
    "The INS is a matricule with its key",
    fix="15 characters, the key of the 13 first ones.",
    source="Référentiel INS",
    applies=lambda one: bool(one.ins),
)
def matricule(document: Document) -> Iterable[Fault]:
    if not MATRICULE.fullmatch(document.ins):
        yield Fault(f"{ROLE}/id", f"{len(document.ins)} characters that are no matricule")
    elif ins_key(document.ins[:13]) != document.ins[13:]:
        yield Fault(f"{ROLE}/id", "its last two digits are not its key")


@CDA.asks(
    "S-CDA-15c",
    "The patient has an INS",
    fix="Add patientRole/id of an OID of the INS.",
    source="CI-SIS volet, code 903",
    level=Level.SHOULD,
)
def an_ins(document: Document) -> Iterable[Fault]:
    roots = {one.get("root") for one in document.nodes(f"{ROLE}/id")}
    if not roots & INS_OIDS:
        yield Fault(f"{ROLE}/id", "no OID of an INS", 207, 903)


@CDA.asks(
    "S-CDA-15d",
    "The birth place is an INSEE code",
    fix="county holds 5 characters, 99999 unknown.",
    source="RNIV",
    applies=lambda one: bool(one.text(f"{ROLE}/patient/birthplace/place/addr/county")),
)
def birth_place(document: Document) -> Iterable[Fault]:
    value = document.text(f"{ROLE}/patient/birthplace/place/addr/county")
    if not PLACE.fullmatch(value):
        yield wrong(f"{ROLE}/…/county", value, "an INSEE code of 5 characters", 103)


@CDA.asks(
    "S-CDA-16",
    "Authors have a time and an id",
    fix="author/time and assignedAuthor/id (root and extension).",
)
def authors(document: Document) -> Iterable[Fault]:
    found = document.nodes("author")
    if not found:
        yield wrong("author", "", "at least one")
    for one in found:
        time, name = one.find(f"{HL7}time"), one.find(f"{HL7}assignedAuthor/{HL7}id")
        if time is None or not time.get("value"):
            yield wrong("author/time", "", "a time")
        if name is None or not name.get("root") or not name.get("extension"):
            yield wrong("author/assignedAuthor/id", "", "root and extension")


@CDA.asks(
    "S-CDA-17",
    "The custodian has an id",
    fix="representedCustodianOrganization/id of root 1.2.250.1.71.4.2.2.",
)
def custodian(document: Document) -> Iterable[Fault]:
    path = "custodian/assignedCustodian/representedCustodianOrganization/id"
    root = document.attribute(path, "root")
    if root not in ("1.2.250.1.71.4.2.2", "1.2.250.1.213.4.1"):
        yield wrong(path, root, "1.2.250.1.71.4.2.2")


@CDA.asks(
    "S-CDA-18",
    "A legal authenticator has signed",
    fix="legalAuthenticator: time, signatureCode S, id, person's name.",
)
def authenticator(document: Document) -> Iterable[Fault]:
    path = "legalAuthenticator"
    if document.attribute(f"{path}/signatureCode", "code") != "S":
        yield wrong(
            f"{path}/signatureCode", document.attribute(f"{path}/signatureCode", "code"), "S"
        )
    if not document.attribute(f"{path}/time", "value"):
        yield wrong(f"{path}/time", "", "a time")
    if not document.attribute(f"{path}/assignedEntity/id", "extension"):
        yield wrong(f"{path}/assignedEntity/id", "", "root and extension")
    if not document.text(f"{path}/assignedEntity/assignedPerson/name/family"):
        yield wrong(f"{path}/assignedEntity/assignedPerson/name", "", "a family name")


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
