"""What lies beside the archive of a mail, for who has no software that reads it (ECO.2.1.5)."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from cda_sample import WHOLE, pdf, scanned
from papers import ANA

from gateway.daemon.rooms.sending.mailer import HouseMailer
from gateway.mapping.cda import read_cda
from gateway.mapping.mail import understand_mail
from gateway.mssante import message
from gateway.mssante.copies import name_of
from gateway.records.documents.document import Document
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.messages.outgoing_mail import OutgoingMail
from gateway.settings.sections.doors import Mssante

PAPER = pdf()


def mail_of(*bodies: bytes) -> OutgoingMail:
    return OutgoingMail(
        to="dr@exemple.mssante.fr",
        documents=[(_document(body, number), body) for number, body in enumerate(bodies)],
        at=datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
        reference="0123456789abcdef0123456789abcdef.0",
    )


def _document(body: bytes, number: int) -> Document:
    document = read_cda(body, DEFAULT_READING).document
    assert document is not None
    return replace(document, unique_id=f"1.2.250.1.999.1.{number}")


async def written(folder: Path, mail: OutgoingMail) -> bytes:
    await HouseMailer(settings=Mssante(), folder=folder).mail(mail)
    return laid_down(folder)


def laid_down(folder: Path) -> bytes:
    (path,) = folder.glob("*.eml")
    return path.read_bytes()


async def beside(folder: Path, mail: OutgoingMail) -> list[tuple[str | None, bytes]]:
    raw = await written(folder, mail)
    parsed = message_from_bytes(raw, policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    files = list(parsed.iter_attachments())
    assert files[0].get_filename() == "IHE_XDM.ZIP"
    assert {one.get_content_type() for one in files[1:]} <= {"application/pdf"}
    return [(one.get_filename(), one.get_content()) for one in files[1:]]


async def test_a_scanned_document_lies_beside_its_archive_as_its_pdf(tmp_path: Path) -> None:
    name = "20260115_CR d'examens biologiques_PATTE_Ana.pdf"
    assert await beside(tmp_path, mail_of(scanned(PAPER))) == [(name, PAPER)]


async def test_each_of_two_has_a_name_of_its_own(tmp_path: Path) -> None:
    names = [name for name, _ in await beside(tmp_path, mail_of(scanned(PAPER), scanned(pdf(""))))]
    assert len(set(names)) == 2


async def test_of_a_structured_document_and_of_a_picture_there_is_none(tmp_path: Path) -> None:
    picture = scanned(b"\xff\xd8\xff\xe0", "image/jpeg")
    assert await beside(tmp_path, mail_of(WHOLE.encode(), picture)) == []


async def test_our_own_door_reads_such_a_mail_as_its_documents_alone(tmp_path: Path) -> None:
    raw = await written(tmp_path, mail_of(scanned(PAPER)))
    assert [one.body for one in understand_mail(raw, DEFAULT_READING).contents] == [scanned(PAPER)]


async def test_what_is_too_large_with_its_copy_leaves_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await written(tmp_path / "with", mail_of(scanned(PAPER)))
    monkeypatch.setattr(message, "MAX_SENT_BYTES", len(whole) - 1)
    assert await beside(tmp_path / "without", mail_of(scanned(PAPER))) == []


@pytest.mark.parametrize("words", ["../../x", 'a"b\r\nBcc: x', "a\0b", "nul:", "é" * 400, "..", ""])
def test_a_name_is_one_of_a_file_whatever_a_document_says(words: str) -> None:
    patient = replace(ANA.identity, birth_family=words, birth_given=words)
    name = name_of(Document(patient=patient, title=words, service_start=words))
    assert name.isprintable()
    assert len(name) < 300
    assert not set(name) & set('\\/:*?"<>|')
    assert name[0] != "."
