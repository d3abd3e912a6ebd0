"""The card of one page: what it says can be read back, and nothing makes it longer or other."""

import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_words import words_of_one_page

from gateway.mapping.files.pdf.card import (
    BLANKS,
    COLUMN,
    MAX_CHARACTERS,
    MORE,
    Box,
    CardText,
    card_pdf,
    width_of,
    wrapped,
)
from gateway.mapping.files.pdf.contents import pdf_findings


def card(*boxes: tuple[str, ...], foot: str = "Pied") -> CardText:
    return CardText(
        title="Informations d'urgence",
        under="DURAND Zoé, né(e) le 12 mars 1984",
        boxes=tuple(Box(title=f"Boîte {n}", lines=lines) for n, lines in enumerate(boxes)),
        foot=foot,
    )


def test_every_word_is_there_with_its_accents() -> None:
    said = words_of_one_page(card_pdf(card(("Œdème, allergie à l'arachide – 5 €",), ("Asthme",))))
    for words in (
        "Informations d'urgence",
        "Zoé, né(e) le 12 mars 1984",
        "Œdème, allergie à l'arachide – 5 €",
        "Asthme",
        "Pied",
    ):
        assert words in said


def test_the_same_card_is_the_same_bytes() -> None:
    assert card_pdf(card(("Asthme",))) == card_pdf(card(("Asthme",)))


def test_a_full_box_says_that_there_is_more_and_cuts_no_line() -> None:
    said = words_of_one_page(card_pdf(card(tuple(f"Médicament {n} 10 mg" for n in range(11)))))
    assert "Médicament 8 10 mg" in said
    assert "Médicament 9" not in said
    assert MORE in said
    ten = words_of_one_page(card_pdf(card(tuple(f"Médicament {n}" for n in range(10)))))
    assert "Médicament 9" in ten
    assert MORE not in ten


def test_a_box_too_many_is_left_out() -> None:
    assert "Boîte 8" not in words_of_one_page(card_pdf(card(*((("x",),) * 9))))


@pytest.mark.parametrize(
    "wicked",
    ["> Tj ET /JS (app.alert(1)) BT <", ") Tj\n/Launch (", "\\( \x00 \r ET Q", "日本語 \U0001f600"],
)
def test_what_a_sender_writes_is_only_text(wicked: str) -> None:
    data = card_pdf(card((wicked, "Fin"), foot=wicked))
    assert pdf_findings(data) == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        drawn = pikepdf.parse_content_stream(pdf.pages[0])
        assert {str(one.operator) for one in drawn} == {
            *("BT", "Tf", "Td", "Tj", "ET", "rg", "g", "re", "f")
        }
    assert "Fin" in words_of_one_page(data)


def test_an_unbreakable_blank_holds_a_date_together() -> None:
    said = "x" * 40 + " (2\N{NO-BREAK SPACE}avril\N{NO-BREAK SPACE}2024)"
    assert wrapped(said, width=COLUMN)[1] == "(2\N{NO-BREAK SPACE}avril\N{NO-BREAK SPACE}2024)"


@given(st.text(max_size=MAX_CHARACTERS))
def test_each_line_fits_and_no_sign_is_lost(text: str) -> None:
    lines = wrapped(text, width=COLUMN)
    assert all(width_of(line, 10, bold=False) <= COLUMN for line in lines)
    assert BLANKS.sub("", "".join(lines)) == BLANKS.sub("", text)
