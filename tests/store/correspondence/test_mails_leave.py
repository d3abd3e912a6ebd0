"""What a patient writes: to whom, how much, and what became of it (VAULT MSG-04 to MSG-08)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from mail_house import DOMAIN, NO_ANSWER, ROUX, Post, letter, refusal, with_report
from papers import ANA, mdm, report

from gateway.flows.corresponding.refusal import UnwrittenError
from gateway.flows.filing import FilingJudge
from gateway.flows.receive import Delivery
from gateway.records.correspondence.conversation import (
    Delivery as Fate,
)
from gateway.records.correspondence.conversation import (
    Draft,
    Folder,
    Limits,
    Reason,
    Unwritten,
)
from gateway.records.intake.filing import Door
from gateway.records.messages.mail_report import MailReport
from gateway.records.readers.switches import Switch
from gateway.records.task import TaskKind
from gateway.store import open_store

DAY = timedelta(days=1)


async def written(post: Post, text: str = "Merci", **more: object) -> str:
    """An answer in the one conversation; its mail's id."""
    found = await post.only()
    draft = Draft(conversation=found.id, text=text, **more)  # type: ignore[arg-type]  # any field
    assert await post.room.write(post.ana, post.key, draft) == found.id
    return (await post.mails())[-1].id


async def unwritten(post: Post, draft: Draft) -> Unwritten:
    before = len(await post.mails())
    with pytest.raises(UnwrittenError) as refused:
        await post.room.write(post.ana, post.key, draft)
    assert len(await post.mails()) == before
    assert TaskKind.MESSAGE not in await post.store.tasks.depth()
    return refused.value.code


async def deposit(post: Post) -> str:
    raw = mdm(report(ANA), "M1")
    (received,) = await post.receive(Delivery(sender="labo", door=Door.MLLP, raw=raw))
    return received.answer.documents[0].id


async def test_an_answer_leaves_in_its_thread_to_whom_it_answers(post: Post) -> None:
    mail = letter(Message_ID="<2@a>", References="<1@a>", Reply_To="secretariat@demo.mssante.fr")
    await post.come(mail)
    own = await written(post, "Merci\r\nbeaucoup")
    assert await post.leave() == 1
    (sent,) = post.relay.mails
    assert (sent.ins, sent.to) == (ANA.ins, "secretariat@demo.mssante.fr")
    assert (sent.subject, sent.text) == ("Re: Suivi", "Merci\nbeaucoup")
    assert (sent.reference, tuple(sent.answers)) == (f"{own}.0", ("2@a", "1@a"))
    opened = await post.room.opened(post.ana, post.key, (await post.only()).id)
    assert [(m.way.value, m.delivery) for m in opened.mails] == [("in", None), ("out", "delivered")]
    acts = [act for act, _, _ in await post.acts()]
    assert {"message-sent", "message-delivered", "message-read"} <= set(acts)


async def test_a_form_that_is_sent_twice_sends_one_message(post: Post) -> None:
    await post.come(letter())
    found = await post.only()
    draft = Draft(conversation=found.id, text="Merci")
    both = [post.room.write(post.ana, post.key, draft, key="k" * 16) for _ in range(2)]
    assert await asyncio.gather(*both) == [found.id, found.id]
    assert await post.room.write(post.ana, post.key, draft, key="k" * 16) == found.id
    assert len(await post.mails()) == 2
    assert await post.leave() == 1


async def test_what_answers_an_answer_stays_in_its_conversation(post: Post) -> None:
    await post.come(letter(Message_ID="<1@a>"))
    own = await written(post)
    await post.come(letter("Autre", sender="x@demo.mssante.fr", In_Reply_To=f"<{own}.0@{DOMAIN}>"))
    assert (await post.only()).count == 3


async def test_who_wrote_before_may_be_written_to_first(post: Post) -> None:
    await post.come(letter())
    draft = Draft(to=ROUX.upper(), subject="Question", text="Bonjour")
    new = await post.room.write(post.ana, post.key, draft)
    (sent,) = await post.folder(Folder.SENT)
    assert (sent.id, sent.subject, sent.shut) == (new, "Question", None)
    assert await post.leave() == 1
    assert post.relay.mails[0].to == ROUX


@pytest.mark.parametrize(
    ("policy", "to", "code"),
    [
        ("known", "weber@demo.mssante.fr", Unwritten.UNKNOWN_CORRESPONDENT),
        ("reply", ROUX, Unwritten.UNKNOWN_CORRESPONDENT),
        ("known-and-pharmacies", "weber@demo.mssante.fr", Unwritten.UNKNOWN_CORRESPONDENT),
    ],
)
async def test_nobody_else_may_be_written_to_first(
    post: Post, policy: str, to: str, code: Unwritten
) -> None:
    house = Post(post.store, post.clock, policy=Switch(policy))
    await house.come(letter())
    assert await unwritten(house, Draft(to=to, subject="Question", text="Bonjour")) is code
    assert ("message-sent", False, code.value) in await house.acts()


async def test_the_policy_is_that_of_the_day(post: Post) -> None:
    policy = Switch("reply", ((post.clock.now() + DAY, "known"),))
    house = Post(post.store, post.clock, policy=policy)
    await house.come(letter())
    assert await house.room.writable(house.ana, house.key) == ()
    house.wait(days=1)
    assert len(await house.room.writable(house.ana, house.key)) == 1


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (Draft(text=" \r\n"), Unwritten.EMPTY),
        (Draft(text="a" * 10_001), Unwritten.TEXT_TOO_LONG),
        (Draft(text="a", documents=tuple(map(str, range(11)))), Unwritten.TOO_MANY),
        (Draft(text="a", documents=("0" * 32,)), Unwritten.NOT_YOURS),
    ],
)
async def test_a_form_that_is_not_right_sends_nothing(
    post: Post, draft: Draft, code: Unwritten
) -> None:
    await post.come(letter())
    assert await unwritten(post, replace(draft, conversation=(await post.only()).id)) is code


@pytest.mark.parametrize("subject", ["a\r\nBcc: eve@evil.fr", "a\nb", "a\x00", "", "a" * 201])
async def test_a_subject_is_one_line(post: Post, subject: str) -> None:
    await post.come(letter())
    draft = Draft(to=ROUX, subject=subject, text="Bonjour")
    assert await unwritten(post, draft) is Unwritten.SUBJECT


async def test_nothing_is_answered_after_fin(post: Post) -> None:
    await post.come(letter("[FIN] Suivi"))
    found = await post.only()
    for draft in (Draft(conversation=found.id, text="a"), Draft(to=ROUX, subject="b", text="a")):
        assert await unwritten(post, draft) is Unwritten.ENDED


async def test_documents_go_along_up_to_their_size(post: Post) -> None:
    await post.come(letter())
    document = await deposit(post)
    size = (await post.store.shelf.cards(post.key))[0].size
    small = Post(post.store, post.clock, limits=Limits(documents_bytes=size - 1))
    draft = Draft(conversation=(await post.only()).id, documents=(document, document))
    assert await unwritten(small, draft) is Unwritten.TOO_LARGE
    exact = Post(post.store, post.clock, limits=Limits(documents_bytes=size))
    await exact.room.write(exact.ana, exact.key, draft)
    assert await exact.leave() == 1
    assert [one.title for one, _ in exact.relay.mails[0].documents] == ["Compte rendu fictif"]
    opened = await post.room.opened(post.ana, post.key, (await post.only()).id)
    assert [one.document for one in opened.mails[1].shared] == [document]


async def test_a_document_that_went_away_meanwhile_does_not_leave(post: Post) -> None:
    await post.come(letter())
    what = report(ANA)
    (filed,) = (await post.come(with_report(what, Message_ID="<2@a>"))).documents
    found = next(one for one in await post.folder() if one.subject == "Suivi")
    draft = Draft(conversation=found.id, text="Voici", documents=(filed.id,))
    await post.room.write(post.ana, post.key, draft)
    raw = mdm(what, "M2", action="delete")
    await post.receive(Delivery(sender="roux@demo.mssante.fr", door=Door.MLLP, raw=raw))
    await post.leave()
    assert post.relay.mails == []
    sent = (await post.mails())[-1]
    assert (sent.delivery, sent.reason) == (Fate.UNDELIVERED, Reason.DOCUMENT)


@pytest.mark.parametrize(
    ("code", "reason"),
    [(550, Reason.UNKNOWN_ADDRESS), (552, Reason.TOO_LARGE), (554, Reason.REFUSED)],
)
async def test_a_refused_message_says_why(post: Post, code: int, reason: Reason) -> None:
    await post.come(letter())
    await written(post)
    post.relay.fails = refusal(code)
    await post.leave()
    sent = (await post.mails())[-1]
    assert (sent.delivery, sent.reason) == (Fate.UNDELIVERED, reason)
    assert ("message-undelivered", True, reason.value) in await post.acts()


async def test_a_message_waits_for_its_relay_and_is_given_up_in_the_end(post: Post) -> None:
    await post.come(letter())
    await written(post)
    post.relay.fails = NO_ANSWER
    await post.leave()
    assert (await post.mails())[-1].delivery is Fate.WAITING
    post.wait(days=30)
    await post.leave()
    sent = (await post.mails())[-1]
    assert (sent.delivery, sent.reason) == (Fate.UNDELIVERED, Reason.NO_ANSWER)


async def test_receipts_tell_what_became_of_it_and_read_stays_read(post: Post) -> None:
    await post.come(letter())
    own = await written(post)
    await post.leave()
    for event, positive, code, delivery in (
        ("Z02", None, "", Fate.DELIVERED),
        ("Z02", False, "552", Fate.UNDELIVERED),
        ("Z02", True, "", Fate.DELIVERED),
        ("Z03", False, "906", Fate.DELIVERED),
        ("Z03", True, "", Fate.READ),
        ("Z02", False, "550", Fate.READ),
    ):
        told = MailReport(event=event, receipt=own, place=0, positive=positive, code=code)
        await post.fates.came_back(told)
        assert (await post.mails())[-1].delivery is delivery


async def test_a_read_receipt_leaves_only_where_the_patient_allows_it(post: Post) -> None:
    asks = {"Disposition_Notification_To": ROUX}
    await post.come(letter("Un", Message_ID="<1@a>", **asks))
    await post.room.opened(post.ana, post.key, (await post.only()).id)
    assert await post.leave() == 0
    assert not await post.room.gives_receipts(post.ana, post.key)
    await post.room.receipts(post.ana, post.key, allowed=True)
    assert await post.room.gives_receipts(post.ana, post.key)
    await post.come(letter("Un", Message_ID="<2@a>", **asks))
    await post.come(letter("Un", Disposition_Notification_To="eve@demo.mssante.fr"))
    for _ in range(2):
        await post.room.opened(post.ana, post.key, (await post.only()).id)
    assert await post.leave() == 1
    (sent,) = post.relay.receipts
    assert (sent.to, sent.original) == (ROUX, "2@a")
    await post.room.receipts(post.ana, post.key, allowed=False)
    assert not await post.room.gives_receipts(post.ana, post.key)


async def test_what_was_written_outlives_a_restart(post: Post, url: str) -> None:
    await post.come(letter())
    own = await written(post)
    await post.store.close()
    keyring = post.store.keys
    again = open_store(url, keys=keyring, judge=FilingJudge(keyring, post.ids), clock=post.clock)
    try:
        house = Post(again, post.clock)
        assert await house.leave() == 1
        assert house.relay.mails[0].reference == f"{own}.0"
        assert (await house.mails())[-1].delivery is Fate.DELIVERED
    finally:
        await again.close()
