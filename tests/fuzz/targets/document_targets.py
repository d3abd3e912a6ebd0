"""Parsers of documents: safe XML, CDA header and body, narrative, PDF."""

import re

from laws import hold
from photographs import jpeg, png, tiff
from seeds import cda_seeds, metadata_seeds, pdf_seeds, report_of_tests
from target import ELEMENT, PDF_OBJECT, Target, vocabulary

from gateway.errors import RefusedError
from gateway.mapping.cda import understand_cda
from gateway.mapping.cda.figures import embedded
from gateway.mapping.cda.level_one import level_one_file
from gateway.mapping.cda.narrative import render_narrative
from gateway.mapping.cda.pictures import may_be_shown
from gateway.mapping.files.enclosed import PICTURES as STARTS
from gateway.mapping.files.pdf.contents import pdf_findings
from gateway.mapping.files.pictures.bare import BARE, bare
from gateway.mapping.files.rtf import rtf_text
from gateway.mapping.xml import XmlRefusedError, parse_xml
from gateway.records.intake.finding import Severity
from gateway.records.intake.reading import DEFAULT_READING, Reading

MAX_GROWTH_BYTES = 4_096
"""A way up, and directories of a TIFF."""
READINGS = (DEFAULT_READING, Reading(strict=True))
ACTIVE = re.compile(
    r"<(?:script|style|object|embed|iframe|svg|link|meta|form|base)\b"
    r"|<[^>]*\s(?:on\w+|style|srcdoc)\s*="
    r"|<[^>]*\s(?:href|src)\s*=\s*[\"']?\s*(?:javascript|data|vbscript):",
    re.IGNORECASE,
)


def xml(data: bytes) -> None:
    """Parsed, or refused with a finding that quotes nothing."""
    try:
        root = parse_xml(data)
    except XmlRefusedError as error:
        assert error.finding is not None
        return
    assert root.getroottree().docinfo.internalDTD is None


def cda(data: bytes) -> None:
    """Understood or refused; the files inside come out or are refused."""
    hold(understand_cda(data, READINGS[len(data) % len(READINGS)]))
    for number in (0, 1):
        try:
            embedded(data, number)
            level_one_file(data)
        except RefusedError:
            continue


def narrative(data: bytes) -> None:
    """What is shown holds nothing that a browser would run or fetch."""
    if data.lstrip()[:1] != b"<" or b"ClinicalDocument" not in data:
        data = NARRATIVE[0] + data + NARRATIVE[1]
    try:
        shown = render_narrative(data)
    except XmlRefusedError:
        return
    assert ACTIVE.search(shown) is None


def pdf(data: bytes) -> None:
    """Refused by name, or found harmless."""
    for found in pdf_findings(data):
        assert found.severity is Severity.ERROR


def rtf(data: bytes) -> None:
    """Text of at most the length asked for, with nothing that a browser would run unescaped."""
    for limit in (10, 200_000):
        text = rtf_text(data if data.startswith(b"{") else b"{\\rtf1" + data, limit=limit)
        assert len(text) <= limit
        text.encode()


def picture(data: bytes) -> None:
    """Shown or not, whatever type it is said to be; bare or refused, and bare once for all."""
    for media in ("image/png", "image/gif", "image/jpeg"):
        may_be_shown(media, data)
    for media in BARE:
        if data.startswith(STARTS[media]):
            try:
                clean = bare(media, data)
            except RefusedError:
                continue
            assert len(clean) <= 2 * len(data) + MAX_GROWTH_BYTES
            assert bare(media, clean) == clean


NARRATIVE = (
    b'<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    b"<component><structuredBody><component><section><text>",
    b"</text></section></component></structuredBody></component></ClinicalDocument>",
)


def _texts() -> list[bytes]:
    """Whole documents, and the narrative alone of each."""
    whole = cda_seeds()
    parts = [one.partition(b"<text>")[2].partition(b"</text>")[0] for one in whole]
    return [report_of_tests(), *(one for one in parts if one)]


def _letters() -> list[bytes]:
    return [
        b"{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}"
        b"\\pard Cher confr\\'e8re,\\par\\u233?\\par}",
        b"{\\rtf1\\uc1{\\pict\\bin4 {}{}}{\\field{\\*\\fldinst x}{\\fldrslt y}}\\cell\\row}",
    ]


def _pictures() -> list[bytes]:
    frame = b"\xff\xc0\x00\x11\x08\x00\x10\x00\x10\x03" + b"\0" * 9
    return [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x02\0\0\0",
        b"GIF89a\x10\0\x10\0\0\0\0",
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 10 + frame + b"\xff\xd9",
        *(jpeg(), png(), tiff(2)),
    ]


def _xml() -> list[bytes]:
    return [*cda_seeds(), *metadata_seeds()]


TARGETS = (
    Target(name="xml", run=xml, seeds=_xml, words=vocabulary("xml"), unit=ELEMENT),
    Target(name="cda", run=cda, seeds=cda_seeds, words=vocabulary("xml"), unit=ELEMENT),
    Target(
        name="cda-narrative", run=narrative, seeds=_texts, words=vocabulary("xml"), unit=ELEMENT
    ),
    Target(name="rtf", run=rtf, seeds=_letters, words=vocabulary("rtf")),
    Target(name="picture", run=picture, seeds=_pictures, words=vocabulary("picture")),
    Target(name="pdf", run=pdf, seeds=pdf_seeds, words=vocabulary("pdf"), unit=PDF_OBJECT),
)
