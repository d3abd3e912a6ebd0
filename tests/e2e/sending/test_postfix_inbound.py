"""Mail in through a real Postfix: filed whole and once, however often and however it is sent."""

import asyncio
import base64
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from answers import ANSWER_SECONDS
from cut_wire import CutWire
from daemon_rig import eventually
from papers import mail, number, report, stranger
from post_house import CABINET, ELSEWHERE, LABORATORY, PATIENTS, PostHouse, post_house
from real_store import opened
from receipts import dsn

from gateway.access.grid import Grid
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.reading.decided.trace import trace_of_nothing
from gateway.mapping.mail.report import message_id_of
from gateway.records.correspondence.conversation import Delivery, Way
from gateway.records.correspondence.letter import KeptMail, Letter
from gateway.records.task import NewTask, TaskKind

WORDS = "Où l'œuvre est écrite : ça va."
SENT = "status=sent (250 2.0.0 Ok, filed: "
RECEIPT = re.compile(re.escape(SENT) + "([0-9a-f]{32})")
pytestmark = pytest.mark.postfix


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostHouse]:
    with post_house(tmp_path_factory.mktemp("post")) as one:
        yield one


@contextmanager
def wired(house: PostHouse) -> Iterator[CutWire]:
    """A wire between Postfix and the inbox."""
    wire = CutWire(house.inbox)
    try:
        with house.postfix.having(**house.through(wire.port)):
            yield wire
    finally:
        wire.close()


def test_an_archive_comes_through_as_it_was(house: PostHouse) -> None:
    what = report(house.operator.person, narrative=WORDS)
    house.inject(mail(what, LABORATORY), house.box())
    assert eventually(lambda: house.filed(what.id)) == [what.document()]
    eventually(lambda: "Verified TLS connection established to 127.0.0.1" in house.postfix.log)


def test_a_document_is_read_however_the_relay_codes_it_anew(house: PostHouse) -> None:
    """Postfix writes 8BITMIME as quoted-printable where the next one is said not to take it."""
    codings = ("8bit", "quoted-printable", "base64")
    papers = [report(house.operator.person, narrative=WORDS) for _ in codings]
    before = len(RECEIPT.findall(house.postfix.log))
    seven_bits = "inline:{ {127.0.0.1 = 8bitmime, smtputf8, dsn} }"
    with house.postfix.having(smtp_discard_ehlo_keyword_address_maps=seven_bits):
        for what, coding in zip(papers, codings, strict=True):
            letter = EmailMessage()
            letter["From"], letter["To"], letter["Subject"] = LABORATORY, house.box(), "Résultat"
            letter.set_content("Un document fictif, où tout est inventé.\n", cte="8bit")
            text = what.document().decode()
            letter.add_attachment(text, subtype="xml", filename="document.xml", cte=coding)
            house.inject(letter.as_bytes(policy=SMTP), house.box(), body="8BITMIME")
        eventually(lambda: len(RECEIPT.findall(house.postfix.log)) == before + len(codings))
    came = [house.kept(one) for one in RECEIPT.findall(house.postfix.log)[before:]]
    assert [max(one) < 128 for one in came] == [True] * len(codings)
    for what in papers:
        (body,) = house.filed(what.id)
        assert body.replace(b"\r\n", b"\n").rstrip() == what.document().rstrip()


def test_a_laboratory_that_asks_for_proof_of_delivery_gets_it_of_the_relay(
    house: PostHouse,
) -> None:
    before = len(house.postfix.to(LABORATORY))
    what = report(house.operator.person)
    house.inject(mail(what, LABORATORY), house.box(), notify="SUCCESS,FAILURE")
    (proof,) = eventually(lambda: house.postfix.to(LABORATORY)[before:])
    assert b"Action: relayed" in proof
    assert house.filed(what.id) == [what.document()]


def test_a_receipt_never_reaches_a_patients_box(house: PostHouse) -> None:
    house.inject(dsn("<x@laboratoire.mssante.fr>", to=house.box()), house.box(), sender="")
    eventually(lambda: "550 5.7.1 Receipts go where the mail came from" in house.postfix.log)


def test_a_mail_whose_answer_was_lost_is_filed_once(house: PostHouse) -> None:
    noise = base64.b64encode(os.urandom(90_000)).decode()
    what = report(house.operator.person, narrative=noise)
    with wired(house) as wire:
        wire.loses(60_000)
        before = house.postfix.log.count(SENT)
        house.inject(mail(what, LABORATORY), house.box())
        assert wire.lost.wait(ANSWER_SECONDS)
        eventually(lambda: house.postfix.log.count(SENT) > before)
    assert "message may be sent more than once" in house.postfix.log
    assert house.filed(what.id) == [what.document()]


def test_the_same_mail_handed_to_the_relay_twice_is_filed_once(house: PostHouse) -> None:
    what = report(house.operator.person)
    before = house.postfix.log.count(SENT)
    for _ in range(2):
        house.inject(mail(what, LABORATORY), house.box())
    eventually(lambda: house.postfix.queue == 0 and house.postfix.log.count(SENT) == before + 2)
    assert house.filed(what.id) == [what.document()]


def test_what_came_while_the_gateway_was_away_is_filed_when_it_is_back(house: PostHouse) -> None:
    what = report(house.operator.person)
    assert house.daemon.stop() == 0
    house.inject(mail(what, LABORATORY), house.box())
    eventually(lambda: "Connection refused" in house.postfix.log)
    house.daemon.start()
    assert eventually(lambda: house.filed(what.id)) == [what.document()]
    eventually(lambda: house.postfix.queue == 0)


def test_what_the_inbox_refuses_comes_back_to_who_wrote_it(house: PostHouse) -> None:
    what = report(stranger(order=333))
    before, to = len(house.postfix.to(LABORATORY)), f"{what.who.ins}@{PATIENTS}"
    house.inject(mail(what, LABORATORY), to)
    (back,) = eventually(lambda: house.postfix.to(LABORATORY)[before:])
    assert b"Status: 5.1.1" in back
    assert b"550 5.1.1 No such mailbox" in back


async def answered(house: PostHouse, name: str, to: str) -> None:
    """As the room of messages keeps what the patient wrote."""
    async with opened(house.operator.config) as store:
        person = house.operator.person
        key, now = store.keys.patient_key(person.oid, person.ins), datetime.now(UTC)
        local = message_id_of(name, 0)
        letter = Letter(subject="Suivi", sender="", text="Merci", message_id=f"{local}@{PATIENTS}")
        kept = KeptMail(
            id=name,
            patient=key,
            conversation=name,
            way=Way.OUT,
            at=now,
            letter=letter,
            to=to,
            read_at=now,
        )
        task = NewTask(kind=TaskKind.MESSAGE, subject=name, due_at=now, patient=key, name=local)
        act = trace_of_nothing(
            patient_reader(key), key, "message-sent", None, door="pages", grid=Grid(())
        )
        await store.correspondence.post(kept, task, act)


async def came_to(house: PostHouse, name: str) -> Delivery | None:
    async with opened(house.operator.config) as store:
        kept = await store.correspondence.mail(name)
        return kept.delivery if kept else None


@pytest.mark.parametrize(
    ("domain", "end"), [(CABINET, Delivery.DELIVERED), (ELSEWHERE, Delivery.UNDELIVERED)]
)
def test_a_patients_answer_arrives_or_its_return_is_told_in_the_conversation(
    house: PostHouse, domain: str, end: Delivery
) -> None:
    """What comes back goes to the patient's own box, and makes no message there."""
    to, name = f"dr{number()}@{domain}", f"{number():032x}"
    asyncio.run(answered(house, name, to))
    eventually(lambda: asyncio.run(came_to(house, name)) is end)
    if end is Delivery.DELIVERED:
        (raw,) = eventually(lambda: house.postfix.to(to))
        came = message_from_bytes(raw, policy=default)
        own = house.operator.person.ins + "@" + PATIENTS
        assert (came["Return-Path"], came["From"]) == (f"<{own}>", own)
