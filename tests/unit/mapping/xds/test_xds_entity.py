"""A SOAP message kept as bytes or recorded in a file is known by its beginning, and read again."""

from dataclasses import replace

import pytest
from dmp_lot import provided
from dmp_software import packed, request
from lot_sample import CDA, FIRST, LOT, NOTE, SECOND, entity

from gateway.mapping.understand import format_of, understand_all
from gateway.mapping.xds.entity import read_entity
from gateway.mapping.xds.understand import understand_xds
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Format

TEXT, PARTS = provided(LOT)
ENVELOPE = request(TEXT, action="a", vihf=None)
TYPE, BODY = packed(ENVELOPE, PARTS)
HTTP = f"POST /repository HTTP/1.1\r\nHost: x\r\nContent-Type: {TYPE}\r\n\r\n".encode() + BODY
FOLDED = HTTP.replace(b"; type=", b";\r\n\ttype=").replace(b"Content-Type", b"content-TYPE", 1)


@pytest.mark.parametrize(
    "raw",
    [
        entity(),
        HTTP,
        FOLDED,
        BODY,
        HTTP.replace(b"\r\n", b"\n"),
        HTTP.replace(b"POST /repository HTTP/1.1", b"HTTP/1.1 200 OK"),
    ],
    ids=["kept", "http", "folded", "multipart alone", "line feeds", "answer"],
)
def test_a_packed_message_is_understood_however_it_was_kept(raw: bytes) -> None:
    assert format_of(raw) is Format.XDS
    [answer] = understand_all(raw, DEFAULT_READING)

    assert (answer.format, answer.verdict) == (Format.XDS, Verdict.ACCEPT)
    [content] = answer.contents
    assert content.body == CDA.replace(b"\r\n", b"\n")
    assert content.piece is not None
    assert raw[content.piece.start : content.piece.stop] == content.body


@pytest.mark.parametrize(
    "raw",
    [
        ENVELOPE,
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a -->" + ENVELOPE,
        TEXT.encode(),
        TEXT[TEXT.index("<l:Submit") : TEXT.index("<x:Document")].encode(),
    ],
    ids=["envelope", "prolog", "request alone", "metadata alone"],
)
def test_xml_alone_tells_the_metadata_of_documents_that_are_not_there(raw: bytes) -> None:
    assert format_of(raw) is Format.XDS
    [answer] = understand_all(raw, DEFAULT_READING)

    assert answer.verdict is Verdict.REFUSE
    assert [one.unique_id for one in answer.documents] == ["1.2.250.1.999.1.1"]
    assert {one.code for one in answer.findings if one.severity == "error"} == {"xds-no-document"}


@pytest.mark.parametrize(
    ("raw", "form"),
    [
        (CDA, Format.CDA),
        (b"Content-Type: multipart/related; boundary=b\r\n\r\n--b--", Format.MAIL),
        (b"Content-Type: text/plain\r\nX: application/soap+xml\r\n\r\na", Format.MAIL),
        (b"POST /documents HTTP/1.1\r\nContent-Type: application/zip\r\n\r\nPK", Format.UNKNOWN),
        (b"-- a line that begins so\n", Format.UNKNOWN),
        (b"<Envelope2/>", Format.CDA),
    ],
)
def test_what_is_no_soap_is_taken_for_what_it_was(raw: bytes, form: Format) -> None:
    assert format_of(raw) is form


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: application/soap+xml\r\n\r\n",
        b"Content-Type: application/soap+xml",
        b"POST /x HTTP/1.1\r\nContent-Type: application/soap+xml\r\n\r\n<a/>",
        entity().replace(b"--uuid", b"==uuid"),
        HTTP[:-20],
        ENVELOPE.replace(b"ProvideAndRegister", b"Something"),
        b"<!DOCTYPE a>" + ENVELOPE,
        ENVELOPE[:-5],
    ],
)
def test_what_cannot_be_read_is_refused_and_never_raises(raw: bytes) -> None:
    answer = understand_xds(raw, DEFAULT_READING)

    assert (answer.format, answer.verdict) == (Format.XDS, Verdict.REFUSE)
    assert answer.documents == ()


def test_what_the_door_keeps_is_its_type_and_its_body() -> None:
    kept = read_entity(entity())

    assert kept.content_type.startswith("multipart/related; boundary=")
    assert kept.body.startswith(b"--uuid")


def test_each_document_of_a_lot_is_cut_out_of_the_message_once() -> None:
    raw = entity(replace(LOT, documents=(FIRST, NOTE, SECOND)))
    [answer] = understand_all(raw, DEFAULT_READING)

    pieces = [one.piece for one in answer.contents]
    found = [raw[one.start : one.stop] for one in pieces if one is not None]
    assert found == [FIRST.body, NOTE.body, SECOND.body]
