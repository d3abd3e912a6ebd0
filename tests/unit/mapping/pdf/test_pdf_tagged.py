"""A tagged paper: read back by its structure, to the rules of PDF/A-2a that a program can look at.

This is no certificate: veraPDF has not judged these files (decision 055).
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import ImageFont
from tagged_reading import faults_in, opened, told_in

from gateway.mapping.files.pdf.contents import pdf_findings
from gateway.mapping.files.pdf.pages import page_count
from gateway.mapping.files.pdf.signs import drawn
from gateway.mapping.files.pdf.tagged import (
    Block,
    Heading,
    Items,
    Paper,
    Paragraph,
    Table,
    tagged_pdf,
)
from gateway.mapping.files.pdf.typefaces import FIRST, typeface

AT = datetime(2026, 9, 3, 8, 15, tzinfo=UTC)
TABLE = Table(
    ("Vaccination", "Dates"),
    (("diphtérie", "21 juillet 2016, 22 septembre 2016"), ("tétanos", "aucune")),
    (1, 2),
)
BLOCKS: tuple[Block, ...] = (
    Heading("Attestation de vaccination"),
    Paragraph("DURAND Léo, né le 20 mai 2016 – Œdème à 5 €"),
    Heading("Valences", 2),
    TABLE,
)


def paper(*blocks: Block, title: str = "Attestation <de> vaccination & co") -> bytes:
    return tagged_pdf(Paper(title=title, blocks=blocks, made_at=AT, foot="Pied"))


def elements(element: pikepdf.Object, depth: int = 0) -> Iterator[tuple[int, str]]:
    yield depth, str(element.S)
    for kid in element.K:
        if kid.get("/S") is not None:
            yield from elements(kid, depth + 1)


def test_the_structure_says_the_paper_in_the_order_of_reading() -> None:
    assert told_in(paper(*BLOCKS)) == [
        ("/H1", "Attestation de vaccination"),
        ("/P", "DURAND Léo, né le 20 mai 2016 – Œdème à 5 €"),
        ("/H2", "Valences"),
        ("/TH", "Vaccination"),
        ("/TH", "Dates"),
        ("/TH", "diphtérie"),
        ("/TD", "21 juillet 2016, 22 septembre 2016"),
        ("/TH", "tétanos"),
        ("/TD", "aucune"),
    ]


def test_a_table_has_rows_and_heads_with_their_scope() -> None:
    with opened(paper(TABLE)) as pdf:
        document = pdf.Root.StructTreeRoot.K
        assert [tag for depth, tag in elements(document) if depth == 2] == ["/TR"] * 3
        rows = document.K[0].K
        assert [str(cell.A.Scope) for cell in rows[0].K] == ["/Column", "/Column"]
        assert [str(row.K[0].A.Scope) for row in rows[1:]] == ["/Row", "/Row"]


def test_a_long_paper_keeps_the_rules_that_a_program_can_look_at() -> None:
    long = Table(TABLE.head, TABLE.rows * 40, TABLE.shares)
    items = Items(("Un\nmot", "\u0141ukasz, pression \u2264 13", "mot " * 900))
    data = paper(*BLOCKS, Heading("Asthme", 3), items, long)
    assert not faults_in(data)
    with opened(data) as pdf:
        assert len(pdf.pages) > 3


def test_a_row_that_is_taller_than_a_page_goes_on_on_the_next_ones() -> None:
    text = " ".join(f"mot{number}" for number in range(700))
    data = paper(Table(("A", "B"), (("un", text), ("deux", "court")), (3, 1)))
    assert not faults_in(data)
    assert ("/TD", text) in told_in(data)


def test_a_sign_that_the_typeface_lacks_is_still_what_the_paper_says() -> None:
    said = "\u0141ukasz \u0416uk, HbA1c \u2264 7\u202f%, \u0645\u0631\u062d\u0628\u0627"
    data = paper(Heading("A"), Items((said,)))
    assert told_in(data) == [("/H1", "A"), ("/Lbl", "\u2022"), ("/LBody", said)]
    assert not faults_in(data)
    assert drawn(said) == b"Lukasz ?uk, HbA1c <= 7 %, ?????"


def test_no_heading_stands_alone_at_the_end_of_a_page() -> None:
    heads = (Heading("Rubrique", 2), Heading("Sorte", 3), Heading("Titre", 4), Paragraph("Texte"))
    for lines in range(34, 46):
        filled = Items(tuple(f"ligne {number}" for number in range(lines)))
        with opened(paper(Heading("A"), filled, *heads)) as pdf:
            *_, one, two, three, text = pdf.Root.StructTreeRoot.K.K
            assert len({each.K[0].Pg.objgen for each in (one, two, three, text)}) == 1


def test_no_row_of_a_table_is_cut_by_the_end_of_a_page() -> None:
    tall = Table(("A", "B"), (("un", "mot " * 300), ("deux", "mot " * 300)) * 4, (1, 4))
    with opened(paper(tall)) as pdf:
        for row in pdf.Root.StructTreeRoot.K.K[0].K:
            pages = {kid.Pg.objgen for cell in row.K for kid in cell.K}
            assert len(pages) == 1


@pytest.mark.parametrize("name", ["Helvetica", "Helvetica-Bold"])
def test_the_widths_are_those_of_the_embedded_program(name: str) -> None:
    face = typeface(name)
    program = ImageFont.truetype(io.BytesIO(face.cff), 1000)
    signs = {code: bytes([code]).decode("cp1252", "replace") for code in range(FIRST, 256)}
    drawn = {code: sign for code, sign in signs.items() if sign not in "\ufffd\u00ad\x7f"}
    assert {code: round(program.getlength(sign)) for code, sign in drawn.items()} == {
        code: face.widths[code - FIRST] for code in drawn
    }


def test_fonts_are_embedded_and_colours_have_their_profile() -> None:
    with opened(paper(*BLOCKS)) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            assert font.FontDescriptor.FontFile3.Subtype == pikepdf.Name.Type1C
            assert font.FontDescriptor.FontName == font.BaseFont
        intent = pdf.Root.OutputIntents[0]
        assert intent.S == pikepdf.Name.GTS_PDFA1
        assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"


def test_it_says_what_it_is_in_the_language_it_is_in() -> None:
    with opened(paper(*BLOCKS)) as pdf:
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("fr-FR", True)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        text = etree.tostring(etree.fromstring(pdf.Root.Metadata.read_bytes()), method="text")
        assert b"Attestation <de> vaccination & co" in text
        assert b"2026-09-03T08:15:00Z" in text
        metadata = pdf.open_metadata()
        assert metadata.pdfa_status == "2A"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20260903081500Z"
        assert not pdf.is_encrypted
        assert "/ID" in pdf.trailer


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert paper(*BLOCKS) == paper(*BLOCKS)


@settings(max_examples=8, deadline=None)
@given(text=st.text(max_size=200))
def test_whatever_is_written_stays_words(text: str) -> None:
    data = paper(Paragraph(text), Table((text, "B"), ((text, text),), (1, 1)), title=text)
    assert page_count(data) >= 1
    assert not pdf_findings(data)


def test_words_that_look_like_operators_are_drawn_as_words() -> None:
    told = told_in(paper(Paragraph("> Tj ET EMC /JS (x) 1 0 0 rg")))
    assert told == [("/P", "> Tj ET EMC /JS (x) 1 0 0 rg")]
