"""A mail that would cost its parser more than its bytes is refused before it is parsed."""

import pytest
from mailed import archive, codes, mail

from gateway.mapping.mail.bounds import MAX_FIELD_BYTES, too_much

START = b"From: a@b.fr\r\nMIME-Version: 1.0\r\n"


@pytest.mark.parametrize("name", [b"Content-Type:", b"content-TYPE :", b"Content-Disposition:\r\n"])
@pytest.mark.parametrize("between", [b";a=b", b";\r\n a=b"])
@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
def test_a_header_of_endless_parameters_is_refused(name: bytes, between: bytes, end: bytes) -> None:
    """The standard library takes the square of its length."""
    long = START + name + b" text/plain" + between * MAX_FIELD_BYTES + b"\r\n\r\nx"
    assert codes(long.replace(b"\r\n", end)) == {"mail-headers"}


def test_it_is_so_in_a_part_too() -> None:
    part = b"--x\r\nContent-Type: text/plain" + b";a=b" * MAX_FIELD_BYTES + b"\r\n\r\ny\r\n--x--"
    whole = START + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + part
    assert codes(whole) == {"mail-headers"}


def test_a_usual_header_before_a_long_body_is_none_of_them() -> None:
    assert too_much(mail(("application/zip", "IHE_XDM.ZIP", archive()))) is None
    body = b"a" * MAX_FIELD_BYTES + b" Content-Type: " + b"b" * MAX_FIELD_BYTES
    assert too_much(START + b"Content-Type: text/plain\r\n\r\n" + body) is None
    assert too_much(START + b"Content-Type: text/plain; name=x") is None


def test_a_line_that_ends_with_cr_alone_is_a_line() -> None:
    """The parser of the standard library ends it there."""
    assert codes(START + b"\r\n" + b"\r" * 600_001) == {"mail-lines"}
    assert codes(START.replace(b"\r\n", b"\r") + b"X: y\r" * 1_200) == {"mail-headers"}


@pytest.mark.parametrize("boundary", [b"x", b'"x"', b'\r\n "X y"'])
def test_a_body_of_endless_parts_is_refused(boundary: bytes) -> None:
    head = START + b"Content-Type: multipart/mixed; Boundary=" + boundary + b"\r\n\r\n"
    line = b"--" + boundary.strip(b'\r\n "') + b"\r\n\r\n"
    assert codes(head + line * 1_200) == {"mail-parts"}
    assert too_much(head + b"--y\r\n\r\n" * 1_200) is None
