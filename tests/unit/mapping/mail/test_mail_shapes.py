"""The same archive or CDA in the shapes that mail programs give their attachments."""

import pytest
from mailed import CDA, archive, codes, mail, understood

from gateway.records.intake.finding import Verdict

OCTETS = "application/octet-stream"
PICTURES = b"PK\x03\x04photo.png"
STYLE = (
    b'<?xml version="1.0"?><!-- pour lire --><xsl:stylesheet version="1.0"'
    b' xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:n1="urn:hl7-org:v3">'
    b'<xsl:template match="n1:ClinicalDocument"/></xsl:stylesheet>'
)
NAME = b' filename="NAME"'


@pytest.mark.parametrize("name", ["ATT00001.dat", "smime.bin", "document", "IHE_XDM"])
def test_an_archive_of_no_type_is_found_by_what_it_holds(name: str) -> None:
    assert len(understood(mail((OCTETS, name, archive()))).documents) == 1


@pytest.mark.parametrize("kind", [OCTETS, "application/x-compressed", "application/pdf"])
def test_an_archive_without_a_name_is_found(kind: str) -> None:
    raw = mail((kind, "NAME", archive()))
    nameless = raw.replace(b"attachment;" + NAME, b"attachment")
    assert nameless != raw
    assert len(understood(nameless).documents) == 1


@pytest.mark.parametrize("kind", ["application/zip", "application/x-zip-compressed", OCTETS])
def test_a_zip_of_pictures_beside_the_archive_is_no_second_archive(kind: str) -> None:
    found = understood(mail((kind, "photos.zip", PICTURES), (OCTETS, "IHE_XDM.ZIP", archive())))
    assert len(found.documents) == 1
    named = mail((kind, "photos.zip", PICTURES), ("application/zip", "lot.zip", archive()))
    assert len(understood(named).documents) == 1


def test_a_zip_of_pictures_alone_is_refused_where_its_type_says_zip() -> None:
    assert understood(mail(("application/zip", "photos.zip", PICTURES))).verdict is Verdict.REFUSE


def test_what_a_macintosh_adds_to_the_archive_is_no_second_archive() -> None:
    forks = ("application/applefile", "IHE_XDM.ZIP", b"\x00\x05\x16\x07\x00\x02\x00\x00")
    assert (
        len(understood(mail(forks, ("application/zip", "IHE_XDM.ZIP", archive()))).documents) == 1
    )


@pytest.mark.parametrize(
    "encoding", [b'"base64"', b"base64 (RFC 2045)", b"BASE64;", b"\r\n base64", b"base64, base64"]
)
def test_an_encoding_is_known_with_what_stands_around_its_name(encoding: bytes) -> None:
    raw = mail(("application/zip", "IHE_XDM.ZIP", archive()))
    written = raw.replace(b"Encoding: base64", b"Encoding: " + encoding)
    assert len(understood(written).documents) == 1


def test_an_encoding_that_only_begins_like_one_is_none() -> None:
    raw = mail(("application/zip", "IHE_XDM.ZIP", archive()))
    assert codes(raw.replace(b"Encoding: base64", b"Encoding: x-base64-ish")) == {"zip-unreadable"}


def test_a_comment_behind_a_type_is_read_over() -> None:
    raw = mail(("application/xml", "NAME", CDA)).replace(b"attachment;" + NAME, b"attachment")
    written = raw.replace(b"application/xml", b"application/xml (CDA R2)")
    assert len(understood(written).documents) == 1


@pytest.mark.parametrize(
    "kind", [OCTETS, "application/hl7-sda+xml", "application/x-hl7-cda-level-one+xml"]
)
def test_a_cda_is_found_under_other_types_without_a_name(kind: str) -> None:
    raw = mail((kind, "NAME", CDA)).replace(b"attachment;" + NAME, b"attachment")
    assert len(understood(raw).documents) == 1


def test_the_stylesheet_of_a_cda_is_no_document() -> None:
    alone = understood(mail(("application/xml", "cr.xml", CDA)))
    for kind in ("text/xml", "application/xslt+xml"):
        files = (kind, "cda_asip.xsl", STYLE), ("application/xml", "cr.xml", CDA)
        beside = understood(mail(*files))
        assert beside.documents == alone.documents != ()
        assert beside.findings == alone.findings


def test_words_of_a_cda_in_another_file_make_no_document_of_it() -> None:
    letter = (OCTETS, "lettre", b"Voir <ClinicalDocument/> ci-joint")
    assert codes(mail(letter)) == {"mail-no-document"}
