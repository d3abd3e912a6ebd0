"""How this house writes a mail that leaves, and writes it again where its fate is not known."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from papers import ANA

from gateway.daemon.rooms.sending.mailer import HouseMailer, heard
from gateway.mapping.mail import understand_mail
from gateway.mssante.message import build_mail
from gateway.mssante.outbox import write_aside
from gateway.records.documents.document import Document
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.messages.outgoing_mail import OutgoingMail
from gateway.settings.sections.doors import Mssante

NOTE = Document(
    patient=ANA.identity,
    type_code="11488-4",
    type_system="2.16.840.1.113883.6.1",
    title="Note",
    unique_id="1.2.250.1.999.1.1",
    mime_type="text/plain",
)
MAIL = OutgoingMail(
    to="dr@exemple.mssante.fr",
    documents=[(NOTE, b"Tout va bien.")],
    at=datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
    reference="0123456789abcdef0123456789abcdef.0",
)


async def written(folder: Path, *mails: OutgoingMail) -> list[bytes]:
    mailer = HouseMailer(settings=Mssante(), folder=folder)
    for mail in mails:
        await mailer.mail(mail)
    return laid_down(folder)


def laid_down(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in folder.glob("*.eml"))


async def test_a_mail_that_is_tried_again_is_the_same_bytes(tmp_path: Path) -> None:
    (once,) = await written(tmp_path / "once", MAIL)
    assert await written(tmp_path / "again", MAIL, MAIL) == [once]
    understood = understand_mail(once, DEFAULT_READING)
    assert [one.unique_id for one in understood.documents] == ["1.2.250.1.999.1.1"]


async def test_a_large_mail_does_not_stop_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writing one of 16 MB takes seconds: nobody's acknowledgement waits for it."""
    beside: list[bool] = []

    def noted(work: Callable[..., object]) -> Callable[..., object]:
        def run(*given: object) -> object:
            beside.append(threading.current_thread() is not threading.main_thread())
            return work(*given)

        return run

    for name, work in (("build_mail", build_mail), ("write_aside", write_aside)):
        monkeypatch.setattr(f"gateway.daemon.rooms.sending.mailer.{name}", noted(work))
    await written(tmp_path, MAIL)
    assert beside == [True, True]


async def test_another_mail_is_another_submission(tmp_path: Path) -> None:
    other = replace(MAIL, reference="0123456789abcdef0123456789abcdef.1")
    raws = await written(tmp_path, MAIL, other)
    submissions = [understand_mail(raw, DEFAULT_READING).submission for raw in raws]
    assert len({one.unique_id for one in submissions if one}) == 2
    assert len({message_from_bytes(raw)["Message-ID"] for raw in raws}) == 2


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2.0.0 Ok: queued as 4B2F91C03", "2.0.0 queued as 4B2F91C03"),
        ("2.0.0 Ok: queued as 4cKp7Q1z9Kz3sWx", "2.0.0 queued as 4cKp7Q1z9Kz3sWx"),
        ("2.1.5 284037511604282@patient.mssante.fr accepted", "2.1.5"),
        ("2.0.0 Ok: queued as 284037511604282", "2.0.0"),
        ("2.0.0 Ok: queued as 279032A42110845", "2.0.0"),
        ("2.0.0 Ok: queued as aubert1@cabinet.fr", "2.0.0"),
        ("2.0.0 Ok: queued as Aubert", "2.0.0"),
        ("Merci, Claire DURAND", ""),
        ("2.0.0.Durand", ""),
        ("", ""),
    ],
)
def test_of_what_a_relay_says_nothing_is_kept_that_may_name_somebody(said: str, kept: str) -> None:
    assert " ".join(heard(said)) == kept
