"""RTF bodies as plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.files.rtf import rtf_text

LETTER = (
    rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\*\generator Mot;}"
    rb"{\info{\author Secret}}\f0\fs22 Cher coll\'e8gue,\par Le patient va \b bien\b0 .\line"
    rb" Temp\u233\'e9rature : 37\~\'b0C\tab {\uc0\u8804}38 \{ok\} \endash  fin}"
)


def test_a_letter_is_its_words_and_line_breaks() -> None:
    assert rtf_text(LETTER, limit=1_000) == (
        "Cher collègue,\nLe patient va bien.\nTempérature : 37\u00a0°C\t≤38 {ok} – fin"
    )


def test_raw_bytes_and_pictures_are_left_out() -> None:
    data = rb"{\rtf1 a{\pict\bin6 }}{{}}x}b\bin9999 zzz"
    assert rtf_text(data, limit=100) == "ab"


def test_it_is_cut_at_its_limit_and_nothing_is_made_of_other_bytes() -> None:
    assert rtf_text(b"{\\rtf1 " + b"x" * 5_000 + b"}", limit=10) == "x" * 10
    assert rtf_text(b"<html>", limit=10) == ""


@pytest.mark.parametrize("page", ["0", "99999", "437", "1251"])
def test_an_unknown_code_page_is_that_of_windows(page: str) -> None:
    assert rtf_text(b"{\\rtf1\\ansicpg" + page.encode() + b" ok}", limit=10) == "ok"


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    assert len(rtf_text(b"{\\rtf1" + data, limit=50)) <= 50
