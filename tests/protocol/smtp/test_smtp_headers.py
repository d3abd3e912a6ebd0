"""The header of a mail ends for the door where it ends for who reads the mail."""

from email.parser import BytesParser
from email.policy import compat32

import pytest

from gateway.mssante.smtp.smtp_rules import Address, header_problem

LABO = Address("labo", "demo.mssante.fr")
FROM = b"From: labo@demo.mssante.fr\r\n"


@pytest.mark.parametrize(
    "mail",
    [
        b"\r\n" + FROM + b"\r\nA line of the text.\r\n",
        b"\r\n" + FROM,
        b"Subject: x\r\nno field\r\n" + FROM + b"\r\ntext\r\n",
    ],
)
def test_a_from_that_stands_in_the_text_is_no_from(mail: bytes) -> None:
    assert BytesParser(policy=compat32).parsebytes(mail)["From"] is None
    assert header_problem(mail, LABO) == "550 5.7.1 Write exactly one From"


@pytest.mark.parametrize(
    "mail",
    [
        FROM,
        b"From labo@demo.mssante.fr Thu Jan 15 09:30:00 2026\r\n" + FROM + b"\r\ntext\r\n",
        b"Subject: a\r\n b: c\r\n" + FROM + b"\r\ntext\r\n",
        b"X-" + b"Long" * 40 + b": a\r\n" + FROM + b"\r\n",
        b"X-Empty:\r\n" + FROM + b"\r\n",
    ],
)
def test_what_stands_before_it_in_a_header_hides_no_from(mail: bytes) -> None:
    assert header_problem(mail, LABO) is None
