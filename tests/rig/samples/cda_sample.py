"""The CDA of these tests: one text, whole by the rules of the French header; tests bend it.

The conformance kit and the benchmarks write their own (docs/decisions/011).
"""

import base64
import re
from pathlib import Path
from string import Template

TEXT = Template((Path(__file__).parents[2] / "data" / "report.xml").read_text("utf-8"))
INS_OID = "1.2.250.1.213.1.4.10"
MODEL = '<templateId root="1.2.250.1.213.1.1.1.55" extension="2024.01"/>'
SCANNED = '<templateId root="1.3.6.1.4.1.19376.1.2.20"/>'


def patient_id(extension: str = "255089999999966", root: str = INS_OID) -> str:
    return f'<id root="{root}" extension="{extension}"/>'


def section(title: str, text: str, *, entries: str = "", loinc: str = "") -> str:
    """A component of a structuredBody."""
    code = f'<code code="{loinc}" codeSystem="2.16.840.1.113883.6.1"/>' if loinc else ""
    return (
        f"<component><section>{code}<title>{title}</title><text>{text}</text>{entries}</section>"
        "</component>"
    )


def replacing(document: str, kind: str = "RPLC") -> str:
    """The relatedDocument of a new version."""
    return (
        f'<relatedDocument typeCode="{kind}"><parentDocument><id root="{document}"/>'
        "</parentDocument></relatedDocument>"
    )


INS = patient_id()
WORDS = {
    "id": "1.2.250.1.999.1.1",
    "set_id": "1.2.250.1.999.2.1",
    "version": "1",
    "type": "11502-2",
    "display": "CR d'examens biologiques",
    "title": "CR fictif",
    "author": "899700000000",
    "house": "1999999999",
    "patient_ids": INS,
    "family": "PATTE",
    "given": "Ana",
    "givens": "Ana Lise",
    "used": "",
    "sex": "F",
    "birth": "19550815",
    "place": "51215",
    "related": "",
    "sections": section("Résultats", "<paragraph>Tout va bien.</paragraph>"),
}


def cda(**words: str) -> str:
    """A document of level 3 with these words in the places that WORDS names."""
    assert words.keys() <= WORDS.keys(), words.keys() - WORDS.keys()
    return TEXT.substitute(WORDS | words)


WHOLE = cda(used='<family qualifier="CL">PATTE-NEUVE</family>')
BODY = f"<structuredBody>{WORDS['sections']}</structuredBody>"


def element(pattern: str) -> str:
    """The first part of the whole document that matches, from its first tag to its last."""
    found = re.search(pattern, WHOLE, re.DOTALL)
    assert found, pattern
    return found[0]


HEADER = element("<realmCode.*</componentOf>")
AUTHOR = element("<author>.*</author>")
PATIENT = element("<patient>.*</patient>")
SIGNER = element(r"<id root=\"1.2.250.1.71.4.2.1\".*?/>")
SPECIALTY = element(r"<code code=\"G15_10/SM03\".*?/>")


def structured(*changes: tuple[str, str], sections: str = WORDS["sections"]) -> bytes:
    """A level 3 document; each change replaces what must be there exactly once or more."""
    text = WHOLE.replace(WORDS["sections"], sections)
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return text.encode()


def scanned(content: bytes, media: str = "application/pdf") -> bytes:
    """A level 1 document around a file."""
    text = base64.b64encode(content).decode()
    body = f'<nonXMLBody><text mediaType="{media}" representation="B64">{text}</text></nonXMLBody>'
    return structured((BODY, body), (MODEL, SCANNED))


def narrative(text: str, entries: str = "") -> bytes:
    """A level 3 document of one section."""
    return structured(sections=section("Section", text, entries=entries))


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
