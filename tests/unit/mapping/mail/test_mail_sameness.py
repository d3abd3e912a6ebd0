"""What names a mail by whatever way it came, and what makes two of them."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from mailed import CDA, mail, understood

NAMED = {"Message-ID": "<1@labo.exemple.test>", "Subject": "Un mot"}


def one(words: str = "Où ça ? Là.", cte: str = "8bit", body: bytes = b"%PDF-1.4 a\r\nb") -> bytes:
    made = EmailMessage(policy=SMTP)
    for name, value in {"From": "labo@exemple.test", **NAMED}.items():
        made[name] = value
    made.set_content(f"{words}\n", cte=cte)
    made.add_attachment(body, maintype="application", subtype="pdf", filename="a.pdf")
    made.set_boundary("=_1")
    return made.as_bytes()


def name(raw: bytes) -> str | None:
    return understood(raw).written_as


@pytest.mark.parametrize("cte", ["quoted-printable", "base64"])
def test_a_text_that_a_relay_coded_anew_is_the_same(cte: str) -> None:
    assert name(one(cte=cte)) == name(one()) is not None


def test_traces_folds_and_boundaries_are_the_ways() -> None:
    raw = one()
    for other in (
        b"Received: from a by b;\r\n\tThu, 15 Jan 2026 10:00:00 +0100\r\nX-Spam: no\r\n" + raw,
        raw.replace(b"Subject: Un mot", b"Subject: Un\r\n mot"),
        raw.replace(b"=_1", b"=_2"),
    ):
        assert other != raw
        assert name(other) == name(raw)


@pytest.mark.parametrize(
    "other",
    [
        one(words="Où ça ? Ici."),
        one(body=b"%PDF-1.4 a\nb"),
        one().replace(b"Un mot", b"Deux mots"),
        one().replace(b"a.pdf", b"b.pdf"),
        one().replace(b"<1@", b"<2@"),
        one().replace(b"From: labo", b"X-MSS-INS: N\r\nFrom: labo"),
        mail(("text/xml", "a.xml", CDA), **NAMED),
    ],
)
def test_what_its_author_wrote_makes_another_mail(other: bytes) -> None:
    assert other != one()
    assert name(other) not in (None, name(one()))


def test_what_an_enclosed_mail_says_counts() -> None:
    def around(enclosed: bytes) -> bytes:
        made = EmailMessage(policy=SMTP)
        made["Message-ID"] = "<3@labo.exemple.test>"
        made.set_content("Voici")
        made.add_attachment(message_from_bytes(enclosed, policy=SMTP))
        made.set_boundary("=_3")
        return made.as_bytes()

    assert name(around(one())) == name(around(one()))
    assert name(around(one())) != name(around(one(words="Ici.")))
    assert name(around(one())) != name(around(b"Received: de nulle part\r\n" + one()))


@pytest.mark.parametrize("message_id", [b"", b"Message-ID:\r\n", b"Message-ID: <>\r\n"])
def test_a_mail_that_is_called_nothing_has_no_name(message_id: bytes) -> None:
    assert name(message_id + b"From: labo@exemple.test\r\n\r\nBonjour\r\n") is None
