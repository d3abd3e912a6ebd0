"""What a document or a message says cannot become a line of the mail that carries it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import ANA

from gateway.daemon.rooms.sending.mailer import PRODUCT, sender_address
from gateway.mapping.xdm.write import Editor
from gateway.mssante import message
from gateway.mssante.message import Letter, build_mail, build_notice, subject_of
from gateway.records.documents.document import Document
from gateway.records.intake.understanding import Submission
from gateway.records.messages.outgoing_mail import OutgoingNotice
from gateway.settings.sections.doors import Mssante

NOTE = Document(
    patient=ANA.identity, type_code="11488-4", unique_id="1.2.250.1.999.1.1", mime_type="text/plain"
)
FIELDS = [
    *("From", "To", "Subject", "Date", "Message-ID", "X-MSS-CODECDA", "X-MSS-INS", "X-MSS-NIL"),
    *("MIME-Version", "Content-Type"),
]
LINE_END = "CR =?utf-8?Q?=0D=0AX-MSS-MES:_FIN?="
INJECTED = "A =?utf-8?Q?=0D=0ABcc:_x@y.fr=0D=0A=0D=0AA?="


def letter(document: Document, body: str = "") -> Letter:
    return Letter(
        message_id=f"{'0123456789abcdef' * 2}.0",
        sender=sender_address(Mssante()),
        to="dr@exemple.mssante.fr",
        at=datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
        documents=[(document, b"Tout va bien.")],
        submission=Submission(),
        editor=Editor(author="Lou", organization="Labo", organization_id="1"),
        product=PRODUCT,
        body=body,
    )


def head_of(raw: bytes) -> list[bytes]:
    return raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").split(b"\r\n")


def is_whole(raw: bytes) -> bool:
    """Our fields, each once, in lines of RFC 5322, 2045 and 2047."""
    names = [line.partition(b":")[0].decode() for line in head_of(raw)]
    lines = raw.split(b"\r\n")
    plain = all(line.isascii() and b"\r" not in line and b"\n" not in line for line in lines)
    return names == FIELDS and plain and max(map(len, lines)) <= 76


@pytest.mark.parametrize("words", [LINE_END, INJECTED, "=?utf-8?B?DQpCY2M6IHhAeS5mcg==?="])
@pytest.mark.parametrize(
    "say",
    [
        lambda words: replace(NOTE, type_display=words),
        lambda words: replace(NOTE, title=words),
        lambda words: replace(NOTE, type_code=words),
        lambda words: replace(NOTE, patient=replace(NOTE.patient, birth_family=words)),
        lambda words: replace(NOTE, patient=replace(NOTE.patient, birth_given=words)),
    ],
)
def test_encoded_words_in_a_document_add_nothing_to_the_header(
    words: str, say: Callable[[str], Document]
) -> None:
    assert is_whole(build_mail(letter(say(words))))


@given(st.text(max_size=60), st.text(max_size=200), st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_the_mail_is_whole_and_its_subject_reads_the_same(
    display: str, name: str, body: str
) -> None:
    document = replace(NOTE, type_display=display, patient=replace(NOTE.patient, birth_family=name))
    raw = build_mail(letter(document, body.encode("utf-8", "replace").decode()))
    assert is_whole(raw)
    assert message_from_bytes(raw, policy=default)["Subject"] == subject_of([document])


def test_blanks_between_words_with_accents_are_kept() -> None:
    named = replace(
        NOTE,
        type_display="Compte rendu d'hospitalisation — été œuv",
        patient=replace(NOTE.patient, birth_family="Ł Ø"),
    )
    raw = build_mail(letter(named))
    assert "hospitalisation — été œuv Ł Ø" in message_from_bytes(raw, policy=default)["Subject"]


def test_the_lines_of_a_long_text_are_those_of_quoted_printable() -> None:
    raw = build_mail(letter(NOTE, "x" * 3_000))
    assert max(map(len, raw.split(b"\r\n"))) == 76
    body = message_from_bytes(raw, policy=default).get_body()
    assert body is not None
    assert "x" * 3_000 in body.get_content()


@pytest.mark.parametrize(
    "address",
    ["a=?utf-8?Q?=0D=0ABcc=3Ax?=@exemple.fr", f"{'a' * 250}@exemple.fr", "a b@exemple.fr"],
)
def test_an_address_that_no_header_can_hold_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        build_mail(replace(letter(NOTE), reply_to=address))


def test_a_notice_says_who_writes_to_whom_of_what_and_that_no_program_answers_it() -> None:
    notice = OutgoingNotice(
        to="dr@exemple.mssante.fr",
        subject="Un accès\r\nBcc: x@y.fr",
        body="Bonjour,\n",
        at=datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
        tries=1,
        reference="0123456789abcdef.0",
    )
    told = message_from_bytes(
        build_notice(notice, sender="nous@exemple.fr", product="P 1"), policy=default
    )
    assert dict(told.items()) | {"Content-Type": ""} == {
        "From": "nous@exemple.fr",
        "To": "dr@exemple.mssante.fr",
        "Subject": "Un accès Bcc: x@y.fr",
        "Date": "Thu, 15 Jan 2026 09:30:00 +0000",
        "Message-ID": "<0123456789abcdef.0@exemple.fr>",
        "Auto-Submitted": "auto-generated",
        "X-MSS-NIL": "P1",
        "MIME-Version": "1.0",
        "Content-Type": "",
        "Content-Transfer-Encoding": "quoted-printable",
    }


def test_a_subject_names_the_patient_by_family_given_and_birth() -> None:
    patient = replace(
        NOTE.patient, birth_family="durand", birth_given="ANA", birth_date="1955-08-15"
    )
    document = replace(NOTE, type_display="Note", patient=patient)
    assert subject_of([document]) == "XDM/1.0/DDM+Note DURAND Ana 15/08/1955"
    unknown = replace(patient, birth_given=None, birth_date="1955")
    assert subject_of([replace(document, patient=unknown)]) == "XDM/1.0/DDM+Note DURAND"


@pytest.mark.parametrize("asked", [True, False])
def test_a_receipt_of_reading_is_asked_for_the_box_that_writes_or_not_at_all(
    *, asked: bool
) -> None:
    written = replace(letter(NOTE), read_receipt=asked)
    told = message_from_bytes(build_mail(written), policy=default)
    assert told["Disposition-Notification-To"] == (written.sender if asked else None)


def test_what_no_relay_would_take_for_its_size_does_not_leave(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    size = len(build_mail(letter(NOTE)))
    monkeypatch.setattr(message, "MAX_SENT_BYTES", size)
    assert len(build_mail(letter(NOTE))) == size
    monkeypatch.setattr(message, "MAX_SENT_BYTES", size - 1)
    with pytest.raises(ValueError, match="exceeds"):
        build_mail(letter(NOTE))
