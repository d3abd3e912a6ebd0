"""The mail that a patient writes, as it leaves: from his own box, whole, and nobody's tool."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from papers import ANA, report

from gateway.daemon.rooms.sending.mailer import HouseMailer
from gateway.errors import RefusedError
from gateway.mapping.cda import read_cda
from gateway.mapping.mail import understand_mail
from gateway.mapping.mail.report import message_id_of
from gateway.records.documents.document import Document
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.messages.patient_mail import PatientMail, ReadReceipt
from gateway.settings.sections.doors import Mssante

ID = "0123456789abcdef" * 2
BOX = f"{ANA.ins}@patient.mssante.fr"
MAIL = PatientMail(
    ins=ANA.ins,
    to="dr@exemple.mssante.fr",
    subject="Re: Suivi du genou",
    text="Merci\n.\nÀ bientôt",
    at=datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
    reference=message_id_of(ID, 0),
    answers=("2@exemple.mssante.fr", "1@exemple.mssante.fr"),
)
NOTE = Document(patient=ANA.identity, title="Note", mime_type="text/plain")


def laid_down(folder: Path) -> bytes:
    (path,) = folder.glob("*.eml")
    return path.read_bytes()


async def sent(folder: Path, mail: PatientMail) -> EmailMessage:
    await HouseMailer(settings=Mssante(), folder=folder).answer(mail)
    read = message_from_bytes(laid_down(folder), policy=default)
    assert isinstance(read, EmailMessage)
    return read


async def test_an_answer_leaves_from_the_patients_own_box_and_names_what_it_answers(
    tmp_path: Path,
) -> None:
    mail = await sent(tmp_path, MAIL)
    assert (mail["From"], mail["To"], mail["Subject"]) == (BOX, MAIL.to, MAIL.subject)
    assert mail["Message-ID"] == f"<{ID}.0@patient.mssante.fr>"
    assert mail["In-Reply-To"] == "<2@exemple.mssante.fr>"
    assert mail["References"] == "<1@exemple.mssante.fr> <2@exemple.mssante.fr>"
    assert (mail["Disposition-Notification-To"], mail["X-MSS-MES"]) == (BOX, None)
    assert mail.get_content().splitlines() == MAIL.text.splitlines()


async def test_documents_go_as_files_and_a_cda_in_its_archive(tmp_path: Path) -> None:
    body = report(ANA).document()
    clinical = read_cda(body, DEFAULT_READING).document
    assert clinical is not None
    files = [(clinical, body), (NOTE, b"un"), (NOTE, b"deux")]
    mail = await sent(tmp_path, replace(MAIL, documents=files))
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names == ["IHE_XDM.ZIP", "Note_PATTE_Ana.txt", "Note_PATTE_Ana_2.txt"]
    understood = understand_mail(mail.as_bytes(), DEFAULT_READING)
    assert [one.body for one in understood.contents] == [body]


@pytest.mark.parametrize(
    "words", ["a\r\nBcc: eve@evil.fr", "A =?utf-8?Q?=0D=0ABcc:_x@y.fr=0D=0A=0D=0AA?=", "", "\x00"]
)
async def test_no_word_of_a_patient_or_of_whom_he_answers_is_a_line_of_the_header(
    tmp_path: Path, words: str
) -> None:
    mail = await sent(tmp_path, replace(MAIL, subject=words, answers=(words, f"{words}@b")))
    assert mail["Bcc"] is None
    assert mail["To"] == MAIL.to
    assert len(mail.get_all("Subject", [])) == 1


@pytest.mark.parametrize("to", ["dr@exemple.fr, eve@evil.fr", "a\r\nBcc: b@c.fr", "", "x"])
async def test_an_address_that_is_none_is_refused(tmp_path: Path, to: str) -> None:
    with pytest.raises(RefusedError):
        await HouseMailer(settings=Mssante(), folder=tmp_path).answer(replace(MAIL, to=to))


async def test_a_message_that_is_tried_again_is_the_same_bytes(tmp_path: Path) -> None:
    files = replace(MAIL, documents=[(NOTE, b"un")])
    for tries in (1, 2):
        await sent(tmp_path, replace(files, tries=tries))


async def test_a_read_receipt_is_one_that_this_house_reads_itself(tmp_path: Path) -> None:
    """RFC 8098: of a mail of ours, so that our own reader matches it."""
    receipt = ReadReceipt(
        ins=ANA.ins,
        to="dr@exemple.mssante.fr",
        original=f"{ID}.0@exemple.mssante.fr",
        at=MAIL.at,
        reference=message_id_of(ID, 1),
    )
    await HouseMailer(settings=Mssante(), folder=tmp_path).receipt(receipt)
    raw = laid_down(tmp_path)
    told = understand_mail(raw, DEFAULT_READING).report
    assert told is not None
    assert (told.event, told.receipt, told.positive) == ("Z03", ID, True)
    mail = message_from_bytes(raw, policy=default)
    assert mail.get_content_type() == "multipart/report"
    assert (mail["From"], mail["Auto-Submitted"]) == (BOX, "auto-replied")
