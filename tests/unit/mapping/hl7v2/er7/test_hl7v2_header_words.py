"""What MSH-1, MSH-2 and MSH-18 may say, and what is answered where they say nothing usable."""

import pytest
from hl7_samples import PID, ROWS, message, msh

from gateway.mapping.hl7v2 import understand
from gateway.records.intake.reading import DEFAULT_READING


@pytest.mark.parametrize(
    ("codec", "charset", "how", "told"),
    [
        ("utf-8", "utf-8", "default", ["charset-name"]),
        ("iso8859-15", "iso8859-15", "guessed", ["charset-name", "charset-guessed"]),
    ],
)
def test_unicode_alone_names_no_encoding(
    codec: str, charset: str, how: str, told: list[str]
) -> None:
    """HL70211 keeps it beside UNICODE UTF-8, UTF-16 and UTF-32: the bytes say which it is."""
    raw = message(msh(charset="UNICODE"), PID.replace("Ana", "Zoé"), *ROWS, charset=codec)
    read = understand(raw, DEFAULT_READING)
    assert read.message is not None
    header = read.message.header
    assert (read.message.given, header.charset, header.charset_how) == ("Zoé", charset, how)
    assert [one.code for one in read.findings] == told


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        (b"PID|1||7", "MSH", "No MSH segment"),
        (b"MSH||LAB|TESTEUR|", "MSH-2", "| and ^~\\&"),
        (b"MSH", "MSH-2", "| and ^~\\&"),
        (b"\x0b MSHALABA", "MSH-2", "| and ^~\\&"),
    ],
)
def test_a_header_that_cannot_be_read_is_told_apart_from_one_that_is_missing(
    raw: bytes, place: str, words: str
) -> None:
    (told,) = understand(raw, DEFAULT_READING).findings
    assert (told.code, told.where) == ("msh-unreadable", place)
    assert words in told.message
