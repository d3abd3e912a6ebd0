"""Bytes beside their text: every byte is there, and nothing of the text can act."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.files.octets import WIDTH, Line, Piece, charset_of, lines_of
from gateway.mapping.identity import ins_in
from gateway.records.intake.reading import DEFAULT_READING


def text_of(line: Line) -> str:
    return "".join(one.text for one in line.text)


CHARSETS = ("utf-8", "iso8859-1", "iso8859-15", "cp1252", "ascii")


@given(st.binary(max_size=200), st.sampled_from(CHARSETS), st.integers(0, 4), st.integers(0, 4))
def test_any_page_holds_its_bytes_and_no_sign_that_acts(
    raw: bytes, charset: str, first: int, rows: int
) -> None:
    lines = lines_of(raw, charset, first=first, rows=rows)
    shown = b"".join(bytes.fromhex(one.octets) for one in lines)
    assert shown == raw[first * WIDTH : (first + rows) * WIDTH]
    kinds = {unicodedata.category(one) for one in "".join(map(text_of, lines)) if one != " "}
    assert not any(kind[0] in "CMZ" for kind in kinds)


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=80))
def test_the_text_of_all_lines_is_the_text_that_was_written(text: str) -> None:
    raw = text.encode()
    lines = lines_of(raw, "utf-8", first=0, rows=len(raw))
    assert "".join(map(text_of, lines)) == text


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\r", "CR"),
        ("\0", "NUL"),
        ("\x1f", "US"),
        ("\x7f", "DEL"),
        ("\u202e", "U+202E"),
        ("\u200b", "U+200B"),
        ("\u00a0", "U+00A0"),
        ("\u2028", "U+2028"),
        ("\u0301", "U+0301"),
    ],
)
def test_a_sign_that_is_not_seen_is_drawn_by_its_name(character: str, name: str) -> None:
    raw = f"<é {character}>".encode()
    (line,) = lines_of(raw, "utf-8", first=0, rows=1)
    assert line.text == (Piece("<é "), Piece(name, drawn=True), Piece(">"))


def test_a_letter_stands_in_the_line_where_it_begins_and_a_stray_byte_is_told() -> None:
    raw = b"x" * (WIDTH - 1) + "é€".encode() + b"\xa9\xff"
    first, second = lines_of(raw, "utf-8", first=0, rows=9)
    assert (text_of(first)[-1], text_of(second)) == ("é", "€��")
    assert second.offset == WIDTH


@pytest.mark.parametrize(
    ("raw", "known"),
    [
        (b"MSH|^~\\&|A||||||ADT^A01|1|P|2.5||||||8859/1\rPID|1||\xe9", ("iso8859-1", "declared")),
        (b"<?xml version='1.0' encoding='ISO-8859-15'?><a>\xa4</a>", ("iso8859-15", "declared")),
        ("é".encode(), ("utf-8", "default")),
        (b"\xe9", ("iso8859-15", "guessed")),
        (b"", ("utf-8", "default")),
    ],
)
def test_the_character_set_is_the_one_declared_or_else_a_guess_that_says_so(
    raw: bytes, known: tuple[str, str]
) -> None:
    assert charset_of(raw, DEFAULT_READING) == known


def test_numbers_of_people_are_found_in_bytes_that_nobody_can_read() -> None:
    raw = b"\xff\xfe<|284037511604282|x2840375116042829|1840A2A004042"
    assert ins_in(raw + b"^184032A00404282^", most=9) == ["284037511604282", "184032A00404282"]
    assert ins_in(raw, most=1) == ["284037511604282"]
