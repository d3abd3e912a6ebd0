"""The one door of XML, and the time stamps behind it."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.xml import MAX_DOCUMENT_BYTES, XmlRefusedError, parse_xml

DOCTYPE = '<!DOCTYPE a [<!ENTITY x "y">]>'


def refusal(data: bytes, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> str:
    with pytest.raises(XmlRefusedError) as caught:
        parse_xml(data, max_bytes=max_bytes)
    assert caught.value.finding is not None
    return caught.value.finding.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_doctype_is_refused_in_every_encoding(encoding: str) -> None:
    declared = encoding.removesuffix("-sig").removesuffix("-le").upper()
    text = f'<?xml version="1.0" encoding="{declared}"?><!-- x -->{DOCTYPE}<a>&x;</a>'
    assert refusal(text.encode(encoding)) == "xml-doctype"


def test_the_word_doctype_in_a_text_is_no_doctype() -> None:
    assert parse_xml(b"<a><![CDATA[<!DOCTYPE a>]]> &lt;!DOCTYPE</a>").text == (
        "<!DOCTYPE a> <!DOCTYPE"
    )


def test_a_long_prolog_costs_no_backtracking() -> None:
    data = b"<?xml version='1.0'?>" + b" " * 200_000 + b"<a><![CDATA[<!DOCTYPE a>]]></a>"
    assert parse_xml(data).text == "<!DOCTYPE a>"


def test_size_compression_depth_and_damage_have_their_own_codes() -> None:
    assert refusal(b"<a>" + b" " * 100 + b"</a>", max_bytes=100) == "xml-too-large"
    assert refusal(b"\x1f\x8b\x08\x00") == "xml-compressed"
    assert refusal(b"<a>" * 300 + b"</a>" * 300) == "xml-limits"
    assert refusal(b"<a><b></a>") == "xml-malformed"
    assert refusal(b"<a>\x00</a>") == "xml-malformed"
    assert refusal(b"") == "xml-malformed"


def test_a_text_above_ten_megabytes_is_taken_under_the_cap() -> None:
    root = parse_xml(b"<a>" + b"QUJD" * 2_750_000 + b"</a>")
    assert len(root.text or "") == 11_000_000


def test_depth_is_limited_behind_a_long_text_too() -> None:
    long = b"<a>" + b"QUJD" * 2_750_000
    assert refusal(long + b"<b>" * 400 + b"</b>" * 400 + b"</a>") == "xml-limits"


def test_comments_do_not_split_text() -> None:
    assert parse_xml(b"<a>be<!-- -->fore</a>").text == "before"


@pytest.mark.parametrize(
    "name",
    ["UTF-8", "utf8", "UTF-16", "UTF-32", "US-ASCII", "ISO-8859-1", "iso8859-15", "latin1",
     "windows-1252", "CP1252", "cp850", "macintosh"],
)  # fmt: skip
def test_the_declared_encoding_decides(name: str) -> None:
    text = f'<?xml version="1.0" encoding="{name}"?><a>pâté</a>'
    python = {"macintosh": "mac_roman"}.get(name, name)
    data = text.encode(python, "xmlcharrefreplace")
    assert parse_xml(data).text == "pâté"


@pytest.mark.parametrize("name", ["UTF-7", "EBCDIC-CP-FR", "x-unknown", "ANSI", "cp037"])
def test_an_encoding_that_hides_its_markup_or_is_unknown_is_refused(name: str) -> None:
    assert refusal(f'<?xml version="1.0" encoding="{name}"?><a/>'.encode()) == "xml-encoding"


def test_utf_16_declared_over_bytes_is_said_by_its_name() -> None:
    assert refusal(b'<?xml version="1.0" encoding="utf-16"?><a/>') == "xml-encoding"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('<?xml version="1.0" encoding="UTF-8"?>\n<a>é</a>'.encode("latin-1"), "encoding"),
        (b"<a/>\n<a/>", "follows the end"),
        (b"\n<?xml version='1.0'?><a/>", "before the XML declaration"),
        (b"<a>\n<b></a>", "closed by the name of another"),
        (b"<a>&nbsp;</a>", "entity"),
        (b"<a>\n<b>", "ends before"),
        (b"<a>\n<x:b/></a>", "prefix"),
        (b"<a>\n\x01</a>", "character"),
    ],
)
def test_damage_is_said_in_words_with_its_line(data: bytes, words: str) -> None:
    with pytest.raises(XmlRefusedError, match=rf"{words}.*\(line [12]\)\.$"):
        parse_xml(data)


@given(st.binary(max_size=200))
def test_bytes_are_parsed_or_refused_and_nothing_else(data: bytes) -> None:
    with contextlib.suppress(XmlRefusedError):
        parse_xml(b"<" + data)


def test_more_tags_than_a_document_ever_has_are_refused_before_they_are_parsed() -> None:
    with pytest.raises(XmlRefusedError) as caught:
        parse_xml(b"<a>" + b"<b/>" * 400_000 + b"</a>")
    assert caught.value.finding is not None
    assert caught.value.finding.code == "xml-limits"


@pytest.mark.parametrize("cut", [b"<a><b c='1", b"<a><b>text", b"<a><b></", b"<a>\n<b"])
def test_xml_that_breaks_off_is_told_so(cut: bytes) -> None:
    """A cut transfer is the commonest fault there is: its sender looks for a wrong tag else."""
    with pytest.raises(XmlRefusedError, match=r"before its last|breaks off"):
        parse_xml(cut)
