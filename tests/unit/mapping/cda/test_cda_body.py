"""Bodies: files inside are decoded, checked by content, and their words are searchable."""

import re
import zlib

import pytest
from cda_sample import BODY, HEADER, narrative, pdf, scanned, structured

from gateway.mapping.cda import read_cda, understand_cda
from gateway.mapping.cda.level_one import level_one_file
from gateway.records.documents.document import BodyKind
from gateway.records.intake.finding import Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.words import MAX_FOLDED_CHARACTERS

JPEG = b"\xff\xd8\xff\xe0 image"


def errors(data: bytes) -> set[str]:
    findings = read_cda(data, DEFAULT_READING).findings
    return {one.code for one in findings if one.severity is Severity.ERROR}


def test_a_pdf_body_with_line_breaks_in_its_base64_is_taken() -> None:
    data = scanned(pdf()).replace(b"PDF", b"PDF", 1)
    broken = data.replace(b'"B64">', b'"B64">\n  ').replace(b"</text>", b"\r\n</text>")
    found = read_cda(broken, DEFAULT_READING).document
    assert found is not None
    assert (found.body, found.attachments[0].size) == (BodyKind.PDF, len(pdf()))
    assert understand_cda(broken, DEFAULT_READING).verdict is Verdict.ACCEPT


@pytest.mark.parametrize(
    ("media", "content", "code"),
    [
        ("text/html", b"<html/>", "cda-body-type"),
        ("image/svg+xml", b"<svg/>", "cda-body-type"),
        ("application/pdf", b"MZ\x90 no pdf", "cda-body-mismatch"),
        ("image/jpeg", b"\x89PNG\r\n\x1a\n", "cda-body-mismatch"),
        ("application/pdf", pdf("/OpenAction<</S/JavaScript/JS(1)>>"), "active-content"),
        ("text/plain", pdf(), "cda-body-mismatch"),
        ("text/plain", b"\x89PNG\r\n\x1a\n", "cda-body-mismatch"),
        ("text/plain", rb"{\rtf1 Bonjour}", "cda-body-mismatch"),
    ],
)
def test_a_body_that_may_not_be_shown_is_refused(media: str, content: bytes, code: str) -> None:
    assert errors(scanned(content, media)) == {code}


def test_an_active_pdf_that_calls_itself_a_text_is_refused_as_both() -> None:
    data = scanned(pdf("/OpenAction<</S/JavaScript/JS(1)>>"), "text/plain")
    assert errors(data) == {"active-content", "cda-body-mismatch"}


def test_a_file_without_a_type_is_a_text_and_no_pdf() -> None:
    data = scanned(pdf()).replace(b' mediaType="application/pdf"', b"")
    assert errors(data) == {"cda-body-mismatch"}


def test_a_file_that_is_said_to_be_missing_is_none_and_refuses_nothing() -> None:
    value = '<value mediaType="application/pdf" nullFlavor="UNK"/>'
    data = narrative("Texte", f"<entry><observationMedia>{value}</observationMedia></entry>")
    found = read_cda(data, DEFAULT_READING)
    assert found.document is not None
    assert (found.document.attachments, found.findings) == ((), ())
    data = data.replace(b' nullFlavor="UNK"', b"")
    assert errors(data) == {"cda-body-base64"}, "an empty one is damaged"


def test_a_body_with_nothing_in_it_is_refused() -> None:
    blank = scanned(b" \n", "text/plain")
    written = re.sub(rb"<text .*</text>", b"<text> \n</text>", blank)
    sections = re.compile(rb"(?<=<structuredBody>).*(?=</structuredBody>)", re.DOTALL)
    for data in (blank, written, sections.sub(b"", structured())):
        assert errors(data) == {"cda-body"}


def test_a_body_by_reference_is_refused_and_nothing_is_fetched() -> None:
    data = scanned(JPEG, "image/jpeg")
    start, stop = data.index(b'"B64">') + 6, data.index(b"</text>")
    by_name = data[:start] + b'<reference value="file:///etc/hostname"/>' + data[stop:]
    assert "cda-body-reference" in errors(by_name)


@pytest.mark.parametrize("media", ["text/plain", "application/pdf"])
def test_a_compressed_body_is_refused_and_never_taken_for_a_text(media: str) -> None:
    packed = scanned(zlib.compress(b"Tout va bien."), media)
    told = packed.replace(b'representation="B64"', b'representation="B64" compression="ZL"')
    assert told != packed
    assert errors(told) == {"cda-body-compressed"}


@pytest.mark.parametrize("content", [pdf() + b" " * n for n in range(3)])
def test_base64_without_its_padding_is_taken_and_told(content: bytes) -> None:
    padded = scanned(content)
    bare = re.sub(rb"=+(?=</text>)", b"", padded)
    read = read_cda(bare, DEFAULT_READING)
    assert read.document is not None
    assert read.document.attachments[0].size == len(content)
    told = [(one.code, one.severity) for one in read.findings]
    assert told == ([] if bare == padded else [("base64-padding", Severity.WARNING)])
    assert level_one_file(bare) == ("application/pdf", content)


@pytest.mark.parametrize("text", [b"pas du base64 !", b"", b"QUJD=QUJD", b"QUJDR", b"QUJD===="])
def test_broken_base64_is_refused(text: bytes) -> None:
    data = scanned(JPEG, "image/jpeg")
    start, stop = data.index(b'"B64">') + 6, data.index(b"</text>")
    assert errors(data[:start] + text + data[stop:]) == {"cda-body-base64"}


def test_a_document_without_body_is_refused() -> None:
    data = structured(("<structuredBody>", "<other>"), ("</structuredBody>", "</other>"))
    assert "cda-body" in errors(data)


def test_a_picture_inside_that_lies_about_its_type_is_only_flagged() -> None:
    media = (
        '<entry><observationMedia ID="m1"><value mediaType="image/png" representation="B64">'
        "QUJD</value></observationMedia></entry>"
    )
    understood = understand_cda(narrative("Texte", media), DEFAULT_READING)
    assert [one.code for one in understood.findings] == ["cda-body-mismatch"]
    assert understood.verdict is Verdict.ACCEPT


def holding(content: bytes, media: str) -> bytes:
    """A structured document with one file inside."""
    text = scanned(content).decode()
    base64 = text[text.index('"B64">') + 6 : text.index("</text>")]
    value = (
        f'<entry><observationMedia><value mediaType="{media}" representation="B64">'
        f"{base64}</value></observationMedia></entry>"
    )
    return narrative("Texte", value)


@pytest.mark.parametrize(
    "media",
    [
        "application/pdf",
        "Application/PDF; name=a.pdf",
        "application/octet-stream",
        "application/x-pdf",
        "image/png",
        "",
    ],
)
def test_an_active_pdf_inside_a_structured_document_refuses_it(media: str) -> None:
    assert errors(holding(pdf("/OpenAction<</S/Launch/F(a)>>"), media)) == {"active-content"}


@pytest.mark.parametrize(
    ("content", "media", "kept", "said"),
    [
        (pdf(), "application/pdf; name=a.pdf", "application/pdf", []),
        (pdf(), "application/octet-stream", "application/octet-stream", []),
        (pdf(), "image/png", "image/png", ["cda-body-mismatch"]),
        (b"ABC", "application/octet-stream", "application/octet-stream", []),
    ],
)
def test_a_harmless_file_inside_is_kept_under_its_bare_type(
    content: bytes, media: str, kept: str, said: list[str]
) -> None:
    understood = understand_cda(holding(content, media), DEFAULT_READING)
    assert [one.code for one in understood.findings] == said
    assert [one.mime_type for one in understood.documents[0].attachments] == [kept]
    assert understood.verdict is Verdict.ACCEPT


def test_the_type_of_a_body_may_have_parameters() -> None:
    data = scanned(pdf(), "Application/PDF; name=a.pdf")
    found = read_cda(data, DEFAULT_READING)
    assert found.findings == ()
    assert level_one_file(data) == ("application/pdf", pdf())
    assert found.document is not None
    assert found.document.body is BodyKind.PDF


def test_words_hold_titles_and_narrative_but_no_markup() -> None:
    paragraph = "<paragraph>Fièvre <!-- non --><content>haute</content>, fièvre</paragraph>"
    read = read_cda(narrative(paragraph), DEFAULT_READING)
    assert read.words == "cr fictif section fievre haute"


def test_words_of_neighbours_are_not_run_together() -> None:
    table = "<table><tr><td>Sodium</td><td>Potassium</td></tr></table>"
    assert read_cda(narrative(table), DEFAULT_READING).words.endswith("sodium potassium")


def test_words_are_bounded() -> None:
    read = read_cda(narrative(" ".join(f"mot{n}" for n in range(50_000))), DEFAULT_READING)
    assert MAX_FOLDED_CHARACTERS - 10 < len(read.words) <= MAX_FOLDED_CHARACTERS


def test_a_body_type_without_parameters_is_compared_without_case() -> None:
    data = structured((HEADER, ""), (BODY, "<nonXMLBody/>"))
    assert errors(data) >= {"cda-body-type"}
