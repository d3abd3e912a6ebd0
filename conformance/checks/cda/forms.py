"""Forms that a right document may have, and those that only look like one."""

from conformance.bench import Bench, Fate
from conformance.check import Chapter
from conformance.made.cda import Paper, paper, paper_of_pdf, spoiled
from conformance.made.serial import Serial
from conformance.requirement import Level, Volet
from conformance.verdict import expect

FORM = Chapter(Volet.CDA, "CI-SIS, Volet structuration minimale")
SAFE = Chapter(Volet.CDA, "W3C XML 1.0; OWASP, XML External Entity Prevention")
DOCTYPE = "<!DOCTYPE ClinicalDocument [{}]>\n<ClinicalDocument "
DEEP, MANY = 20_000, 60_000


def made(bench: Bench, **changes: str) -> Paper:
    return paper(bench.who, bench.serial, **changes)


def accepted(bench: Bench, document: bytes, what: Paper) -> Fate:
    fate = bench.deposit(document, what)
    expect(fate.accepted, fate)
    return fate


def refused(bench: Bench, document: bytes) -> None:
    fate = bench.deposit(document, made(bench))
    expect(fate.verdict == "refused", fate)


@FORM.asks("CDA-01", "A document of level 1 (PDF) is filed", fix="Take nonXMLBody with a PDF.")
def level_one(bench: Bench) -> None:
    what = paper_of_pdf(bench.who, bench.serial)
    accepted(bench, what.cda(), what)


@FORM.asks(
    "CDA-02",
    "A body that says PDF and is none is refused",
    fix="Look at the bytes: a PDF begins with %PDF-.",
    source="CI-SIS, nonXMLBody; HL7 CDA R2, 4.3.1.1",
)
def false_pdf(bench: Bench) -> None:
    what = paper_of_pdf(bench.who, bench.serial)
    head, _, tail = what.cda().partition(b'representation="B64">')
    false = head + b'representation="B64">TWVuc29uZ2U=' + tail[tail.index(b"</text>") :]
    fate = bench.deposit(false, what)
    expect(not fate.accepted and fate.verdict != "later", fate)


@FORM.asks(
    "CDA-03",
    "The XML declaration decides the encoding",
    fix="Read ISO-8859-1 and UTF-16 as declared; never decode before parsing.",
    source="W3C XML 1.0, 4.3.3",
)
def other_encodings(bench: Bench) -> None:
    for encoding in ("ISO-8859-1", "UTF-16"):
        what = made(bench, title="Bilan d'été")
        text = what.cda().decode().replace('encoding="UTF-8"', f'encoding="{encoding}"', 1)
        accepted(bench, text.encode(encoding), what)


@FORM.asks(
    "CDA-04",
    "Any prefix may stand for urn:hl7-org:v3",
    fix="Compare namespaces, not prefixes.",
    source="W3C Namespaces in XML 1.0",
)
def prefixed(bench: Bench) -> None:
    what = made(bench)
    text = what.cda().decode()
    head, _, body = text.partition("\n")
    body = body.replace("</", "</v3:").replace("<", "<v3:").replace("<v3:/v3:", "</v3:")
    body = body.replace('xmlns="', 'xmlns:v3="', 1)
    accepted(bench, f"{head}\n{body}".encode(), what)


@FORM.asks(
    "CDA-05",
    "A self-presentable document is taken",
    fix="Take the ClinicalDocument inside xsl:stylesheet; keep the bytes, never run them.",
    source="CI-SIS, documents auto-présentables; DMP, application/xslt+xml",
    level=Level.SHOULD,
)
def self_presentable(bench: Bench) -> None:
    what = made(bench)
    head, _, body = what.cda().decode().partition("\n")
    wrapped = (
        f'{head}\n<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">'
        f'<xsl:template match="/"><html/></xsl:template>{body}</xsl:stylesheet>'
    )
    accepted(bench, wrapped.encode(), what)


@FORM.asks(
    "CDA-06",
    "A type that is not in the value set is filed, and said",
    fix="Store it under other documents and warn; never drop it.",
    source="CI-SIS, JDV_J07 (XdsTypeCode)",
    level=Level.SHOULD,
)
def unknown_type(bench: Bench) -> None:
    what = made(bench, type="99999-1", display="Type inventé")
    fate = bench.deposit(what.cda(), what)
    expect(fate.verdict in ("accepted", "held"), fate)


@FORM.asks(
    "CDA-07",
    "Local patient ids beside the INS are no error",
    fix="Look for the INS among all patientRole/id, by root.",
    source="CI-SIS, recordTarget/patientRole/id (1..*)",
)
def local_ids(bench: Bench) -> None:
    what = made(bench)
    ins = f'<id root="{what.who.oid}" extension="{what.who.ins}"/>'
    local = '<id root="1.2.250.1.999.31" extension="L1"/>'
    accepted(bench, spoiled(what.cda(), ins, local + ins), what)


@FORM.asks(
    "CDA-08",
    "An author may be a device",
    fix="Take assignedAuthoringDevice in place of assignedPerson.",
    source="CI-SIS, author/assignedAuthor",
)
def device(bench: Bench) -> None:
    what = made(bench)
    old = "<assignedPerson><name><given>Lou</given><family>TESTEUR</family></name></assignedPerson>"
    new = (
        "<assignedAuthoringDevice><manufacturerModelName>Automate</manufacturerModelName>"
        "<softwareName>Logiciel fictif</softwareName></assignedAuthoringDevice>"
    )
    accepted(bench, spoiled(what.cda(), old, new), what)


@FORM.asks(
    "CDA-09",
    "The same document again creates nothing",
    fix="Answer positively and file it once.",
    source="IHE ITI TF-3, 4.2.3.2.26 (uniqueId)",
)
def again(bench: Bench) -> None:
    what = made(bench)
    for _ in range(2):
        accepted(bench, what.cda(), what)
    found = len(bench.filed(what.id))
    expect(found == 1, f"{found} current documents with one id")


@FORM.asks(
    "CDA-10",
    "The same id with another content is refused",
    fix="An id is bound to its bytes.",
    source="IHE ITI TF-3, 4.2.3.2.26; XDSNonIdenticalHash",
)
def other_content(bench: Bench) -> None:
    what = made(bench)
    accepted(bench, what.cda(), what)
    other = what.but(text="Tout autre chose.")
    fate = bench.deposit(other.cda(), other)
    expect(fate.verdict == "refused", fate)


@SAFE.asks("CDA-20", "A document type declaration is refused", fix="Refuse any DOCTYPE.")
def doctype(bench: Bench) -> None:
    refused(bench, spoiled(made(bench).cda(), "<ClinicalDocument ", DOCTYPE.format("")))


@SAFE.asks(
    "CDA-21",
    "An external entity is never read",
    fix="Refuse any DOCTYPE; read with entities, network and DTD switched off.",
)
def external_entity(bench: Bench) -> None:
    entity = DOCTYPE.format('<!ENTITY x SYSTEM "file:///etc/hostname">')
    text = spoiled(made(bench).cda(), "<ClinicalDocument ", entity)
    refused(bench, spoiled(text, "Rien de vrai ici.", "&x;"))


@SAFE.asks(
    "CDA-22",
    "Entities that grow are not expanded",
    fix="Refuse any DOCTYPE before a byte is expanded.",
)
def growing_entities(bench: Bench) -> None:
    rows = ['<!ENTITY a0 "ha">']
    rows += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    text = spoiled(made(bench).cda(), "<ClinicalDocument ", DOCTYPE.format("".join(rows)))
    refused(bench, spoiled(text, "Rien de vrai ici.", "&a9;"))


@SAFE.asks("CDA-23", "Something that is no XML is refused", fix="Refuse what does not parse.")
def no_xml(bench: Bench) -> None:
    refused(bench, b"Document medical au format CDA")
    refused(bench, made(bench).cda()[:-40])


@SAFE.asks(
    "CDA-24",
    "Another root than ClinicalDocument is refused",
    fix="Check the root element and its namespace.",
)
def other_root(bench: Bench) -> None:
    refused(bench, b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>')
    refused(bench, spoiled(made(bench).cda(), "urn:hl7-org:v3", "urn:hl7-org:v9"))


@SAFE.asks(
    "CDA-25",
    "Elements nested without end are refused in time",
    fix="Bound the depth that is parsed; answer, do not fall.",
)
def too_deep(bench: Bench) -> None:
    deep = "<content>" * DEEP + "</content>" * DEEP
    what = made(bench)
    fate = bench.deposit(spoiled(what.cda(), "Rien de vrai ici.", deep), what)
    expect(fate.verdict != "later", fate)
    whole(bench)


@SAFE.asks(
    "CDA-26",
    "A narrative with script is taken without harm",
    fix="Keep the bytes, and never show them as they are.",
    source="HL7 CDA R2, 4.3.5; OWASP, Cross Site Scripting Prevention",
)
def script(bench: Bench) -> None:
    what = made(bench)
    text = spoiled(
        what.cda(), "Rien de vrai ici.", '<linkHtml href="javascript:alert(1)">lien</linkHtml>'
    )
    fate = bench.deposit(text, what)
    expect(fate.verdict != "later", fate)


@SAFE.asks(
    "CDA-27",
    "Many elements are read in time",
    fix="Read in one pass: time grows with the size, not with its square.",
)
def many_elements(bench: Bench) -> None:
    what = made(bench)
    rows = "<content>a</content>" * MANY
    accepted(bench, spoiled(what.cda(), "Rien de vrai ici.", rows), what)


def whole(bench: Bench) -> None:
    """A good document is still taken afterwards."""
    what = paper(bench.who, Serial(bench.serial.seed, f"{bench.serial.name}/after"))
    accepted(bench, what.cda(), what)
