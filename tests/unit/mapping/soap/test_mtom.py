"""multipart/related: what is a part and what is content, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from gateway.mapping.soap.message import SOAP_11, SOAP_12, FaultError
from gateway.mapping.soap.mtom import (
    MAX_PARTS,
    MediaType,
    content_of,
    media_type,
    pack,
    split,
)

XOP = "http://www.w3.org/2004/08/xop/include"
TYPE = MediaType("multipart/related", {"boundary": "b", "start": "<root@here>"})
TWO = (
    b"--b\r\nContent-ID: <root@here>\r\n\r\n<x/>\r\n"
    b"--b\r\nContent-ID: <doc@here>\r\n\r\none\r\ntwo\r\n\r\n--b--\r\n"
)


def holder(href: str) -> etree._Element:
    return etree.fromstring(f'<d><x:Include xmlns:x="{XOP}" href="{href}"/></d>')


def test_a_part_keeps_every_byte_but_the_line_end_before_its_delimiter() -> None:
    package = split(TYPE, TWO)
    assert package.root == b"<x/>"
    assert package.parts == {"doc@here": b"one\r\ntwo\r\n"}


def test_lines_may_end_as_in_unix() -> None:
    assert split(TYPE, TWO.replace(b"\r\n", b"\n")).parts == {"doc@here": b"one\ntwo\n"}


def test_what_only_begins_like_a_delimiter_is_content() -> None:
    inside = b"--better\r\n--b-\r\n --b\r\nx--b\r\n--b- -"
    package = split(TYPE, TWO.replace(b"one\r\ntwo", inside))
    assert package.parts == {"doc@here": inside + b"\r\n"}


def test_blanks_may_follow_a_delimiter_and_text_may_surround_the_parts() -> None:
    body = b"preamble\r\n" + TWO.replace(b"--b\r\n", b"--b \t\r\n") + b"--b\r\nepilogue"
    assert split(TYPE, body) == split(TYPE, TWO)


def test_the_last_delimiter_may_end_the_body() -> None:
    assert split(TYPE, TWO.rstrip(b"\r\n")) == split(TYPE, TWO)


def test_a_part_may_be_empty_and_without_headers() -> None:
    body = b"--b\r\n\r\n<x/>\r\n--b\r\nContent-ID: <e>\r\n\r\n\r\n--b--"
    package = split(MediaType("", {"boundary": "b"}), body)
    assert (package.root, package.parts) == (b"<x/>", {"e": b""})


@pytest.mark.parametrize("start", ["", "<nobody@here>"])
def test_the_first_part_is_the_root_where_start_names_none(start: str) -> None:
    assert split(MediaType("", {"boundary": "b", "start": start}), TWO).root == b"<x/>"


def test_the_root_may_stand_behind_its_parts() -> None:
    package = split(TYPE._replace(parameters={"boundary": "b", "start": "doc@here"}), TWO)
    assert package.root.startswith(b"one")
    assert package.parts == {"root@here": b"<x/>"}


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("binary", b"a=b\xff"),
        ("8BIT", b"a=b\xff"),
        ("7bit", b"a=b\xff"),
        ("Base64", b"YT1i\r\n/w=="),
        ("quoted-printable", b"a=3Db=\r\n=FF"),
    ],
)
def test_every_transfer_encoding_gives_the_bytes(encoding: str, content: bytes) -> None:
    told = f"Content-ID: <doc@here>\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    body = b"--b\r\nContent-ID: <root@here>\r\n\r\n<x/>\r\n--b\r\n" + told + content + b"\r\n--b--"
    assert split(TYPE, body).parts == {"doc@here": b"a=b\xff"}


def test_a_header_may_go_on_in_the_next_line() -> None:
    folded = TWO.replace(b"Content-ID: <doc@here>", b"content-id:\r\n\t<doc@here>")
    assert split(TYPE, folded) == split(TYPE, TWO)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "délimiteur de fin"),
        (TWO.replace(b"--b--", b""), "délimiteur de fin"),
        (b"--b--", "aucune partie"),
        (TWO.replace(b"doc@here", b"root@here"), "Content-ID"),
        (b"--b\r\n\r\nx" * (MAX_PARTS + 1), "délimiteur de fin"),
        (b"--b\r\n\r\nx\r\n" * (MAX_PARTS + 1) + b"--b--", "200 parties"),
        (b"--b\r\nContent-ID: <a>\r\n--b--", "ligne vide"),
        (b"--b\r\nContent-Transfer-Encoding: x-zip\r\n\r\nx\r\n--b--", "pas connu"),
        (b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n*\r\n--b--", "base64"),
    ],
)
def test_what_is_no_whole_multipart_is_refused(body: bytes, word: str) -> None:
    with pytest.raises(FaultError, match=word) as refused:
        split(TYPE, body)
    assert (refused.value.code, refused.value.status) == ("Sender", 400)


@pytest.mark.parametrize("parameters", [{}, {"boundary": ""}, {"boundary": "é"}])
def test_a_boundary_is_needed(parameters: dict[str, str]) -> None:
    with pytest.raises(FaultError, match="boundary"):
        split(MediaType("multipart/related", parameters), TWO)


@pytest.mark.parametrize(
    ("header", "essence", "parameters"),
    [
        ("text/xml", "text/xml", {}),
        ("Text/XML ; Charset=UTF-8", "text/xml", {"charset": "UTF-8"}),
        (
            'm/r; boundary="uuid:a;\\"b"; start="<a>"',
            "m/r",
            {"boundary": 'uuid:a;"b', "start": "<a>"},
        ),
        ("m/r; a=1; A=2", "m/r", {"a": "1"}),
        ('m/r; a=1; "broken', "m/r", {"a": "1"}),
        ("", "", {}),
    ],
)
def test_a_content_type_is_taken_apart(
    header: str, essence: str, parameters: dict[str, str]
) -> None:
    assert media_type(header) == (essence, parameters)


def test_an_include_names_its_part_in_percent_or_as_it_is() -> None:
    parts = {"doc 1@here": b"a", "doc%202@here": b"b"}
    assert content_of(holder("cid:doc%201@here"), parts) == b"a"
    assert content_of(holder("CID:doc%202@here"), parts) == b"b"


@pytest.mark.parametrize("href", ["cid:other@here", "http://elsewhere.test/x", ""])
def test_an_include_of_nothing_is_no_content(href: str) -> None:
    assert content_of(holder(href), {"doc@here": b"a"}) is None


def test_two_includes_of_one_document_name_none() -> None:
    """Else one of two parts would be filed, and nobody told which."""
    twice = holder("cid:a@here")
    twice.append(holder("cid:b@here")[0])
    assert content_of(twice, {"a@here": b"a", "b@here": b"b"}) is None


def test_a_document_may_stand_in_its_element_in_base64() -> None:
    assert content_of(etree.fromstring("<d> YW\n Jj </d>")) == b"abc"
    assert content_of(etree.fromstring("<d>!</d>")) is None


contents = st.binary(max_size=60) | st.sampled_from(
    [b"\r\n--p", b"\n--p--", b"--p-\r\n", b"\r", b"\n", b"\r\n\r\n"]
)


@given(contents, st.lists(contents, max_size=5), st.sampled_from([SOAP_12, SOAP_11]))
def test_what_is_packed_is_read_again(root: bytes, parts: list[bytes], soap: str) -> None:
    named = {f"part{number}@here": one for number, one in enumerate(parts)}
    header, body = pack(root, named, boundary="p9f8e7d6c5b4a", soap=soap, action="urn:a")
    kind = media_type(header)
    assert kind.essence == "multipart/related"
    assert kind.parameters["action"] == "urn:a"
    assert split(kind, body) == (root, named)
