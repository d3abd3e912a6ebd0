"""Receipts as the servers and mail programs of the world write them."""

from base64 import encodebytes
from quopri import encodestring

import pytest
from receipts import BOUNDARY, dsn, mdn

from gateway.mapping.mail import understand_mail
from gateway.mapping.mail.report import message_id_of
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding

RECEIPT = "0123456789abcdef" * 2
OURS = f"<{message_id_of(RECEIPT, 1)}@ours.mssante.fr>"
OTHER = "<other@exemple.mssante.fr>"
DATE = "Thu, 15 Jan 2026 10:15:07 +0100"
LEFT_AT = "2026-01-15T10:15:07+01:00"
HEAD = "From: MAILER-DAEMON@exemple.mssante.fr\r\nTo: us@ours.mssante.fr\r\nSubject: Retour\r\n"
ORIGINAL = (
    f"From: us@ours.mssante.fr\r\nDate: {DATE}\r\nMessage-ID: {OURS}\r\nSubject: x\r\n\r\nBody\r\n"
)
FAILED, READ = ("Z02", False, "550"), ("Z03", True, "")
QMAIL = (
    f"{HEAD}\r\nHi. This is the qmail-send program at exemple.\r\nI wasn't able to deliver it.\r\n"
    "\r\n<dr@exemple.mssante.fr>:\r\nRemote host said: 550 no such user\r\n\r\n"
    "--- Below this line is a copy of the message.\r\n\r\n" + ORIGINAL
)
EXIM = (
    f"{HEAD}X-Failed-Recipients: dr@exemple.mssante.fr\r\nAuto-Submitted: auto-replied\r\n\r\n"
    "A message that you sent could not be delivered.\r\n\r\n  dr@exemple.mssante.fr\r\n"
    "    550 5.1.1 no such user\r\n\r\n------ This is a copy of the message ------\r\n\r\n"
    + ORIGINAL
)


def read(raw: bytes | str) -> Understanding:
    return understand_mail(raw.encode() if isinstance(raw, str) else raw, DEFAULT_READING)


def told(raw: bytes | str) -> tuple[str, bool | None, str]:
    made = read(raw).report
    assert made is not None
    assert (made.receipt, made.place) == (RECEIPT, 1)
    return made.event, made.positive, made.code


def encoded(raw: bytes, number: int, encoding: str) -> bytes:
    """Part `number` of the report as a server sends it that encodes whatever it encloses."""
    parts = raw.split(f"--{BOUNDARY}".encode())
    head, _, body = parts[number].partition(b"\r\n\r\n")
    body = encodebytes(body) if encoding == "base64" else encodestring(body, quotetabs=True)
    head += f"\r\nContent-Transfer-Encoding: {encoding}".encode()
    parts[number] = head + b"\r\n\r\n" + body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return f"--{BOUNDARY}".encode().join(parts)


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
@pytest.mark.parametrize("header_only", [False, True])
@pytest.mark.parametrize("number", [2, 3])
def test_a_delivery_receipt_is_read_in_whatever_encoding_its_parts_came(
    number: int, encoding: str, *, header_only: bool
) -> None:
    raw = encoded(dsn(OURS, header_only=header_only, date=DATE), number, encoding)
    assert told(raw) == FAILED
    made = read(raw).report
    assert made is not None
    assert made.left_at == LEFT_AT


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_a_read_receipt_is_read_in_whatever_encoding_it_came(encoding: str) -> None:
    assert told(encoded(mdn(OURS), 2, encoding)) == READ


@pytest.mark.parametrize("failed_first", [True, False])
def test_what_one_behind_the_address_did_not_get_was_not_delivered(*, failed_first: bool) -> None:
    failed = b"Final-Recipient: rfc822; dr@exemple.mssante.fr\r\nAction: failed\r\n"
    got = b"Final-Recipient: rfc822; aide@exemple.mssante.fr\r\nAction: delivered\r\n\r\n"
    place = failed if failed_first else got + failed
    raw = dsn(OURS).replace(failed, place).replace(b"user\r\n\r\n--", b"user\r\n\r\n" + got + b"--")
    if failed_first:
        raw = raw.replace(b"mailbox\r\n\r\n", b"mailbox\r\n\r\n" + got)
    assert raw.count(b"Action:") == 2
    assert told(raw) == FAILED


@pytest.mark.parametrize("kind", ["delivery-status", "disposition-notification"])
def test_receipts_of_servers_that_write_other_alphabets_are_read(kind: str) -> None:
    raw = dsn(OURS) if kind == "delivery-status" else mdn(OURS)
    made = raw.replace(f"message/{kind}".encode(), f"message/global-{kind}".encode())
    made = made.replace(b"message/rfc822", b"message/global")
    assert told(made) == (FAILED if kind == "delivery-status" else READ)


@pytest.mark.parametrize(
    ("action", "status"), [("failed (permanent)", "5.1.1 (bad)"), ("Failed", "5.1.1")]
)
def test_comments_behind_a_word_change_nothing(action: str, status: str) -> None:
    assert told(dsn(OURS, action=action, status=status, diagnostic="")) == FAILED


@pytest.mark.parametrize("field", ["In-Reply-To", "References"])
def test_a_receipt_that_encloses_nothing_is_of_the_mail_that_it_answers(field: str) -> None:
    head = f"{field}: {OTHER} {OURS}\r\nMIME-Version".encode()
    assert told(dsn("", header_only=True).replace(b"MIME-Version", head)) == FAILED
    assert told(mdn("").replace(b"MIME-Version", head)) == READ
    assert read(dsn(OTHER)).verdict is Verdict.REFUSE


def test_what_is_enclosed_goes_before_what_is_answered() -> None:
    other = f"<{message_id_of('f' * 32, 0)}@ours.mssante.fr>"
    head = f"In-Reply-To: {other}\r\nMIME-Version".encode()
    assert told(dsn(OURS).replace(b"MIME-Version", head)) == FAILED


def wrapped(raw: bytes, kind: str, beside: str, text: str = "x") -> bytes:
    """A report that a server on its way wrapped."""
    head, _, body = raw.partition(b"MIME-Version: 1.0\r\n")
    outer = (
        f"MIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary={kind}\r\n\r\n--{kind}\r\n"
    )
    end = f"\r\n--{kind}\r\nContent-Type: {beside}\r\n\r\n{text}\r\n--{kind}--\r\n"
    return head + outer.encode() + body + end.encode()


@pytest.mark.parametrize(
    ("kind", "beside"), [("mixed", "text/plain"), ("signed", "application/pkcs7-signature")]
)
def test_a_receipt_with_a_footer_or_a_signature_is_one(kind: str, beside: str) -> None:
    assert told(wrapped(dsn(OURS), kind, beside)) == FAILED


def test_a_receipt_that_is_signed_and_has_a_footer_is_one() -> None:
    signed = wrapped(mdn(OURS), "signed", "application/pkcs7-signature")
    assert told(wrapped(signed, "mixed", "text/html")) == READ


def test_a_receipt_beside_a_file_is_a_mail_like_any_other() -> None:
    assert read(wrapped(dsn(OURS), "mixed", "application/pdf", "%PDF-")).report is None


@pytest.mark.parametrize("raw", [QMAIL, EXIM])
def test_a_mail_brought_back_in_plain_text_is_a_receipt(raw: str) -> None:
    assert told(raw) == FAILED
    made = read(raw).report
    assert made is not None
    assert made.left_at == LEFT_AT
    assert read(raw.replace(OURS, OTHER)).report is None
    quiet = raw.replace("550", "non").replace("5.1.1", "")
    assert told(quiet) == ("Z02", False, "554")


def test_an_answer_that_quotes_ours_is_no_receipt() -> None:
    assert read(f"{HEAD}In-Reply-To: {OURS}\r\n\r\nAbsente.\r\n> {ORIGINAL}").report is None


@pytest.mark.parametrize(
    ("disposition", "event"),
    [
        ("manual-action/MDN-sent-manually; displayed (lu)", READ),
        ("automatic-action/MDN-sent-automatically;displayed/warning", READ),
        (
            "automatic-action/MDN-sent-automatically; displayed/expired,error",
            ("Z03", False, "906"),
        ),
        (
            "automatic-action/MDN-sent-automatically; processed/Error: 904^INS; autre",
            ("Z03", False, "904"),
        ),
    ],
)
def test_a_modifier_is_against_it_only_where_it_tells_of_an_error(
    disposition: str, event: tuple[str, bool, str]
) -> None:
    assert told(mdn(OURS, disposition=disposition)) == event


def test_an_empty_line_before_the_fields_is_read_over() -> None:
    raw = mdn(OURS).replace(b"\r\n\r\nReporting-UA", b"\r\n\r\n\r\n\r\nReporting-UA")
    assert told(raw) == READ
