"""Mail out to a relay on loopback (our own inbox plays it), in clear and inside TLS."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from papers import ANA

from gateway.errors import DeferredError, RefusedError
from gateway.mapping.mail import understand_mail
from gateway.mapping.xdm.write import Editor
from gateway.mssante.message import Letter, build_mail, build_notice
from gateway.mssante.postman import Destination, Postman
from gateway.mssante.smtp.inbox import InboxSettings, Mailbox, SmtpInbox, SmtpMail, SmtpPeer
from gateway.records.documents.document import Action, Document
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Submission
from gateway.records.messages.outgoing_mail import OutgoingNotice

BOX = "255089999999966@patient.mssante.fr"
AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
DOCUMENT = Document(
    patient=replace(ANA.identity, birth_family="Pâtte-d'Oie"),
    type_code="11488-4",
    type_system="2.16.840.1.113883.6.1",
    type_display="CR ou fiche de consultation ou de visite en cabinet",
    title="Note",
    unique_id="1.2.250.1.999.1.1",
    service_start="2026-01-15T08:00:00Z",
    mime_type="text/plain",
)
LETTER = Letter(
    message_id="abc",
    sender="app@demo.mssante.fr",
    to=BOX,
    at=AT,
    documents=[(DOCUMENT, b"Bonjour")],
    submission=Submission(
        unique_id="1.2.250.1.999.8.1", patient_id="1.2.250.1.213.1.4.10^255089999999966"
    ),
    editor=Editor(author="Lou", organization="Labo fictif", organization_id="1"),
    product="PASSERELLE-1",
)


class Relay:
    def __init__(self, outcome: Answer | Exception | None = None) -> None:
        self.outcome = outcome or Answer(receipt="r1", verdict=Verdict.ACCEPT)
        self.mails: list[SmtpMail] = []

    async def receive(self, mail: SmtpMail) -> Answer:
        self.mails.append(mail)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    async def may_send(self, sender: str, peer: SmtpPeer) -> bool:
        return True

    async def mailbox(self, ins: str) -> Mailbox:
        return Mailbox.OPEN if ins == BOX[:15] else Mailbox.UNKNOWN


@asynccontextmanager
async def relaying(
    relay: Relay, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[SmtpInbox, int]]:
    settings = InboxSettings(port=0, tls=tls, require_tls=tls is not None)
    inbox = SmtpInbox(
        settings, receive=relay.receive, may_send=relay.may_send, mailbox=relay.mailbox
    )
    _, port = await inbox.open()
    try:
        yield inbox, port
    finally:
        await inbox.close(grace_seconds=1)


async def send(postman: Postman, to: str = BOX) -> str:
    raw = build_mail(replace(LETTER, to=to))
    return await postman.send(sender=LETTER.sender, recipient=to, raw=raw)


async def test_a_letter_arrives_whole_and_our_own_reader_files_it() -> None:
    relay = Relay()
    async with (
        relaying(relay) as (_, port),
        Postman(Destination(host="127.0.0.1", port=port)) as postman,
    ):
        assert (await send(postman)).split()[-1] == "r1"
        assert (await send(postman)).split()[-1] == "r1"
    answer = understand_mail(relay.mails[0].raw, DEFAULT_READING)
    assert answer.verdict is Verdict.ACCEPT
    assert answer.contents[0].body == b"Bonjour"
    assert answer.documents[0].unique_id == DOCUMENT.unique_id
    assert len(relay.mails) == 2


def test_the_headers_are_those_of_the_reference() -> None:
    letter = replace(LETTER, reply_to="labo@demo.mssante.fr", last_word=True)
    mail = message_from_bytes(build_mail(letter), policy=default)
    assert mail["Subject"] == (
        "XDM/1.0/DDM+CR ou fiche de consultation ou de visite PATTE D OIE Ana 15/08/1955"
    )
    assert (mail["X-MSS-CODECDA"], mail["X-MSS-INS"]) == ("11488-4", "O")
    assert (mail["X-MSS-NIL"], mail["X-MSS-MES"]) == ("PASSERELLE-1", "FIN")
    assert (mail["Reply-To"], mail["Message-ID"]) == (
        "labo@demo.mssante.fr",
        "<abc@demo.mssante.fr>",
    )
    [archive] = mail.iter_attachments()
    assert archive.get_filename() == "IHE_XDM.ZIP"


def test_a_given_name_of_two_words_keeps_both_capitals() -> None:
    named = replace(DOCUMENT, patient=replace(DOCUMENT.patient, birth_given="Zoé-Maëlle"))
    mail = message_from_bytes(
        build_mail(replace(LETTER, documents=[(named, b"Bonjour")])), policy=default
    )
    assert " PATTE D OIE Zoe Maelle 15/08/1955" in mail["Subject"]


def test_the_body_says_when_a_document_is_replaced() -> None:
    replaced = replace(DOCUMENT, action=Action.REPLACE)
    mail = message_from_bytes(
        build_mail(replace(LETTER, documents=[(replaced, b"Bonjour")])), policy=default
    )
    body = mail.get_body()
    assert body is not None
    assert "remplace" in body.get_content()


@pytest.mark.parametrize("to", ["a@b\r\nBcc: x@y.fr", "é@b.fr", "a b@c.fr", ""])
def test_an_address_that_would_break_a_header_is_refused(to: str) -> None:
    with pytest.raises(ValueError, match="address"):
        build_mail(replace(LETTER, to=to))


async def test_an_unknown_box_refuses_and_the_next_letter_still_leaves() -> None:
    relay = Relay()
    async with (
        relaying(relay) as (_, port),
        Postman(Destination(host="127.0.0.1", port=port)) as postman,
    ):
        with pytest.raises(RefusedError, match="550") as refused:
            await send(postman, "279035121518989@patient.mssante.fr")
        assert refused.value.finding is not None
        assert (refused.value.finding.condition, refused.value.finding.application) == (207, 550)
        await send(postman)
    assert len(relay.mails) == 1


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [(RefusedError("no"), RefusedError), (DeferredError("later"), DeferredError)],
)
async def test_a_reply_decides_between_never_and_later(
    outcome: Exception, expected: type[Exception]
) -> None:
    async with (
        relaying(Relay(outcome)) as (_, port),
        Postman(Destination(host="127.0.0.1", port=port)) as postman,
    ):
        with pytest.raises(expected):
            await send(postman)


async def test_a_server_that_is_away_defers_until_it_is_back() -> None:
    relay = Relay()
    async with relaying(relay) as (_, port):
        postman = Postman(Destination(host="127.0.0.1", port=port))
        await send(postman)
    with pytest.raises(DeferredError) as away:
        await send(postman)
    assert away.value.finding is not None
    assert away.value.finding.application in (111, 442)
    await postman.close()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_a_letter_leaves_inside_tls(certificate: Path) -> None:
    relay = Relay()
    trust = ssl.create_default_context(cafile=str(certificate))
    async with (
        relaying(relay, server_tls(certificate)) as (_, port),
        Postman(Destination(host="localhost", port=port, tls=trust)) as postman,
    ):
        await send(postman)
    assert len(relay.mails) == 1


async def test_a_notice_is_words_alone_and_answered_by_no_program() -> None:
    relay = Relay()
    notice = OutgoingNotice(
        to=BOX,
        subject="Accès en urgence\r\nBcc: x@y.fr",
        body="Le 12/03/2026, un accès en urgence.\n",
        at=LETTER.at,
        reference="emergency-7-1",
    )
    raw = build_notice(notice, sender="labo@demo.mssante.fr", product="passerelle-1")
    async with (
        relaying(relay) as (_, port),
        Postman(Destination(host="127.0.0.1", port=port)) as postman,
    ):
        await postman.send(sender="labo@demo.mssante.fr", recipient=notice.to, raw=raw)
    mail = message_from_bytes(relay.mails[0].raw, policy=default)
    assert (mail["Bcc"], mail["Auto-Submitted"]) == (None, "auto-generated")
    assert mail["Message-ID"] == "<emergency-7-1@demo.mssante.fr>"
    assert list(mail.iter_attachments()) == []
    with pytest.raises(ValueError, match="address"):
        build_notice(replace(notice, to="a b@c.fr"), sender="labo@demo.mssante.fr", product="p")


async def test_an_untrusted_certificate_defers_and_nothing_is_sent(certificate: Path) -> None:
    relay = Relay()
    async with (
        relaying(relay, server_tls(certificate)) as (_, port),
        Postman(
            Destination(host="localhost", port=port, tls=ssl.create_default_context())
        ) as postman,
    ):
        with pytest.raises(DeferredError, match="certificate"):
            await send(postman)
    assert relay.mails == []


async def test_commands_sent_before_tls_never_run_inside_it(certificate: Path) -> None:
    relay = Relay()
    async with relaying(relay, server_tls(certificate)) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"EHLO c\r\nMAIL FROM:<a@b.mssante.fr>\r\nSTARTTLS\r\nRSET\r\n")
        said = (await reader.read()).decode().split("\r\n")
        writer.close()
    assert "530 Must issue a STARTTLS command first" in said
    assert said[-2] == "503 5.5.1 Commands sent before TLS"
