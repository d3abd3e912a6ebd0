"""`messages/` of a copy: what its asker sees of the box, each a file of its own (VAULT EXP-02)."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape

import pytest
from export_house import PATH, Copy, ask, asked, copy_of
from family_house import HIDDEN, LEO, family, open_profile, page
from message_twins import CAME, ROUX, furnished, put, received, sent
from vault_house import sign_in, visiting

from gateway.mapping.mail.written import end_of, file_of, head_of, words_of
from gateway.records.correspondence.conversation import Delivery
from gateway.records.correspondence.letter import Attached, KeptMail

WORDS, PAGE = b"Boire de l'eau.", b"<script>alert(1)</script>"
RAW = (
    b"From: anne.roux@hopital.mssante.fr\r\nX-Secret: raw\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
    b"--x\r\nContent-Type: text/html\r\n\r\n<p>Bonjour</p>\r\n"
    b'--x\r\nContent-Type: text/plain; name="conseils.txt"\r\n'
    b"Content-Disposition: attachment\r\n\r\n" + WORDS + b"\r\n"
    b"--x\r\nContent-Type: text/html; name=page.html\r\n"
    b"Content-Disposition: attachment\r\n\r\n" + PAGE + b"\r\n--x--\r\n"
)
ATTACHED = (
    Attached(place=1, name="conseils.txt", mime_type="text/plain", size=len(WORDS)),
    Attached(place=2, name="page.html", mime_type="text/html", size=25, refused="mime-mismatch"),
)


def read(octets: bytes) -> EmailMessage:
    made = message_from_bytes(octets, policy=default)
    assert isinstance(made, EmailMessage)
    assert not made.defects
    return made


def mails(copy: Copy) -> dict[str, EmailMessage]:
    names = (name for name in copy.names if name.startswith("messages/"))
    return {name: read(copy.zip.read(name)) for name in names}


def parts(made: EmailMessage) -> list[tuple[str | None, bytes]]:
    """Name and bytes of what came with it."""
    return [(one.get_filename(), bytes_of(one)) for one in made.iter_attachments()]


def bytes_of(part: EmailMessage) -> bytes:
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body


def words(made: EmailMessage) -> str:
    said = made.get_body()
    assert isinstance(said, EmailMessage)
    return str(said.get_content())


async def test_every_message_is_in_it_with_its_documents_and_what_the_shield_lets_through() -> None:
    house = furnished()
    document = house.add("Bilan", body=b"<ClinicalDocument/>")
    put(house, received(attached=ATTACHED, documents=(document,)))
    put(house, replace(sent(Delivery.DELIVERED), documents=(document,), titles=("Bilan",)))
    house.journal.mails[CAME] = RAW
    async with visiting(house) as client:
        await sign_in(client, house)
        copy = await copy_of(client, house)
    found = mails(copy)
    assert list(found) == [
        "messages/2026-03-12 Re Lettre.eml",
        "messages/2026-03-12 Lettre.eml",
    ]
    left, came = found.values()
    assert (came["From"], came["Subject"]) == (ROUX, "Lettre")
    assert "@patient.mssante.fr" in came["To"]
    assert parts(came) == [("conseils.txt", WORDS), ("Bilan.xml", b"<ClinicalDocument/>")]
    assert words(came).splitlines() == [
        "Bonjour, voici votre courrier.",
        "",
        "[page.html : retenue, car le contenu de ce fichier ne correspond pas à son type.]",
    ]
    assert b"X-Secret" not in came.as_bytes()
    assert (left["To"], words(left), parts(left)) == (ROUX, "Merci", parts(came)[1:])
    readme = unescape(copy.text("LISEZMOI.html"))
    assert "2 messages échangés par messagerie" in readme
    assert readme.count('href="messages/') == 2
    assert not house.correspondence.kept[CAME].read_at


async def test_a_message_about_what_is_hidden_is_in_no_copy_and_ends_one_that_has_it() -> None:
    house = family()
    open_one = house.add("Vaccins", owner=LEO)
    secret = house.add("Secret", owner=LEO, codes=HIDDEN)
    put(house, replace(received("Ouvert"), documents=(open_one,)), owner=LEO)
    put(house, replace(received("SECRET"), id="d" * 32, documents=(secret,)), owner=LEO)
    put(house, replace(received("SECRET"), id="e" * 32, under=(secret,)), owner=LEO)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, LEO) == 303
        copy = await copy_of(client, house)
        (one,) = mails(copy).values()
        assert words(one).strip() == "Ouvert"
        last = house.correspondence.kept[CAME]
        house.correspondence.kept[CAME] = replace(last, documents=(), under=(secret,))
        assert (await page(client, f"{PATH}/{asked(house).id}"))[0] == 410


async def test_there_has_to_be_room_for_what_came_with_messages() -> None:
    house = furnished(received(attached=(replace(ATTACHED[0], size=20_000_000),)))
    house.exports.free_bytes = 20_000_000
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await ask(client))[0] == 507


@pytest.mark.parametrize(
    "odd",
    ["", 'a"b\\c', "é" * 200, "x\r\nBcc: eve@evil.fr", "\ud800", "=?utf-8?q?=0ABcc:?=", "\u202e"],
)
def test_no_name_or_subject_writes_a_header(odd: str) -> None:
    mail = received(odd)
    letter = replace(
        mail.letter, subject=odd, display=odd, message_id="1@a", answers=("2@a", "3@a")
    )
    one: KeptMail = replace(mail, letter=letter)
    octets = head_of(one, name=odd, box="1@patient.mssante.fr")
    octets += b"".join(words_of(one, odd)) + b"".join(file_of(one, odd, "text/html", b"x" * 99))
    made = read(octets + end_of(one))
    assert made["Bcc"] is None
    assert (made["Message-ID"], made["References"]) == ("<1@a>", "<3@a> <2@a>")
    (file,) = made.iter_attachments()
    assert (file.get_content_type(), file.get_content()) == ("application/octet-stream", b"x" * 99)
    assert timedelta(0) <= made["Date"].datetime - one.at < timedelta(seconds=1)
