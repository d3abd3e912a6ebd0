"""Mails enter conversations in the commit of their receipt (VAULT MSG-01 to MSG-03, MSG-06)."""

import asyncio
from dataclasses import replace

import pytest
from mail_house import DOMAIN, ROUX, Post, letter, with_report
from msgspec import structs
from papers import ANA, report, stranger
from real_store import open_space
from sqlalchemy import select

from gateway.flows.again import Again
from gateway.flows.identity.qualify import attributed
from gateway.flows.receive import Delivery
from gateway.mapping.identity import same_traits
from gateway.records.correspondence.conversation import Folder, Shut
from gateway.records.intake.filing import Answer, IdentityChange, Receipt
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Format
from gateway.records.patients.account import AccountState, Choice, ChoiceKind
from gateway.records.patients.index import DeskWord
from gateway.records.task import TaskKind
from gateway.store import schema


async def test_words_alone_are_a_message_with_a_notice_and_an_entry(post: Post) -> None:
    answer = await post.come(letter(Message_ID="<1@demo.mssante.fr>"))
    assert (answer.verdict, answer.findings) == (Verdict.ACCEPT, ())
    found = await post.only()
    assert (found.subject, found.unread, found.count) == ("Suivi", 1, 1)
    assert found.correspondent.name == "Dr Hélène Roux"
    assert found.correspondent.organization == "Cabinet des Tilleuls"
    assert await post.room.unread(post.ana, post.key) == 1
    assert ("message-received", True, "MSG-12") in await post.acts()
    assert (await post.store.tasks.depth())[TaskKind.NOTICE] == 1


async def test_a_document_files_itself_once_and_stands_in_its_message(post: Post) -> None:
    what = report(ANA)
    answer = await post.come(with_report(what, Message_ID="<1@demo.mssante.fr>"))
    await post.come(with_report(what, Message_ID="<2@demo.mssante.fr>"))
    (document,) = answer.documents
    assert len(await post.store.shelf.cards(post.key)) == 1
    opened = await post.room.opened(post.ana, post.key, (await post.only()).id)
    shown = [[one.document for one in mail.enclosed] for mail in opened.mails]
    assert shown == [[document.id], [document.id]]
    assert opened.conversation.subject == "Lettre"


async def test_the_same_mail_twice_is_one_message(post: Post) -> None:
    mail = letter(Message_ID="<1@demo.mssante.fr>").as_bytes()
    first = await post.come(mail)
    again = await post.come(b"Received: by relais.exemple.fr\r\n" + mail)
    assert (again.receipt, again.copy) == (first.receipt, True)
    assert len(await post.mails()) == 1


@pytest.mark.parametrize(
    ("headers", "conversations"),
    [
        ({"In_Reply_To": "<1@demo.mssante.fr>"}, 1),
        ({"References": "<0@demo.mssante.fr> <1@demo.mssante.fr>"}, 1),
        ({"In_Reply_To": "<9@demo.mssante.fr>"}, 2),
    ],
)
async def test_a_mail_continues_the_conversation_that_it_answers(
    post: Post, headers: dict[str, str], conversations: int
) -> None:
    await post.come(letter("Suivi", Message_ID="<1@demo.mssante.fr>"))
    other = "secretariat@demo.mssante.fr"
    await post.come(letter("Autre objet", sender=other, **headers))
    assert len(await post.folder()) == conversations


@pytest.mark.parametrize(
    ("subject", "sender", "conversations"),
    [
        ("RE: suivi", ROUX.upper(), 1),
        ("Suivi", "paul.weber@demo.mssante.fr", 2),
        ("Bilan", ROUX, 2),
    ],
)
async def test_without_an_answered_mail_sender_and_subject_tell(
    post: Post, subject: str, sender: str, conversations: int
) -> None:
    await post.come(letter("Suivi", "un"))
    await post.come(letter(subject, "deux", sender=sender))
    assert len(await post.folder()) == conversations


async def test_two_mails_of_one_commit_make_one_conversation(post: Post) -> None:
    some = [letter("Suivi", f"mot {n}", Message_ID=f"<{n}@demo.mssante.fr>") for n in range(4)]
    await asyncio.gather(*(post.come(one) for one in some))
    assert (await post.only()).count == 4


async def test_a_conversation_is_of_one_patient(post: Post) -> None:
    alix = stranger()
    key = await open_space(post.store, alix.identity)
    await post.come(letter("Suivi", "à Ana", Message_ID="<1@demo.mssante.fr>"))
    await post.come(letter("Suivi", "à Alix", In_Reply_To="<1@demo.mssante.fr>"), to=(alix,))
    assert [one.letter.text for one in await post.mails()] == ["à Ana"]
    assert [one.letter.text for one in await post.store.correspondence.mails(key)] == ["à Alix"]


async def test_a_mail_for_two_patients_waits_for_a_person(post: Post) -> None:
    alix = stranger()
    await open_space(post.store, alix.identity)
    answer = await post.come(letter(), to=(ANA, alix))
    assert answer.verdict is Verdict.HOLD
    assert await post.mails() == []


async def test_a_document_whose_identity_is_in_doubt_brings_no_message(post: Post) -> None:
    other = replace(ANA, family="Autrement")
    answer = await post.come(with_report(report(other)))
    assert answer.verdict is Verdict.HOLD
    assert await post.mails() == []


@pytest.mark.parametrize("state", [AccountState.CLOSED, AccountState.OPPOSED])
async def test_a_space_that_takes_nothing_has_no_box(post: Post, state: AccountState) -> None:
    change = IdentityChange(key=post.key, identity=ANA.identity, qualified=True, state=state)
    await post.store.people.change_identity(change)
    assert (await post.come(letter())).verdict is Verdict.HOLD
    assert await post.mails() == []


async def test_fin_shuts_a_conversation_until_the_same_writes_again(post: Post) -> None:
    await post.come(letter("Suivi", "un"))
    await post.come(letter("Re: Suivi", "adieu", X_MSS_MES="FIN"))
    assert (await post.only()).shut is Shut.ENDED
    assert await post.room.writable(post.ana, post.key) == ()
    assert "message-ended" in {act for act, _, _ in await post.acts()}
    await post.come(letter("Re: Suivi", "encore"))
    assert (await post.only()).shut is None
    (known,) = await post.room.writable(post.ana, post.key)
    assert known.address == ROUX


async def test_an_answer_goes_to_secure_mail_only(post: Post) -> None:
    await post.come(letter(Reply_To="eve@gmail.com"))
    assert (await post.only()).correspondent.address == ROUX
    await post.come(letter("Bilan", Reply_To="secretariat@demo.mssante.fr"))
    addresses = {one.correspondent.address for one in await post.folder()}
    assert addresses == {ROUX, "secretariat@demo.mssante.fr"}


async def test_messages_are_found_by_their_words_and_those_who_wrote(post: Post) -> None:
    await post.come(letter("Suivi", "Votre échographie est normale"))
    await post.come(letter("Bilan", "Rien"))
    looked_for = {"echographie": ["Suivi"], "tilleuls bilan": ["Bilan"], "kaléidoscope": []}
    for words, subjects in looked_for.items():
        assert [one.subject for one in await post.folder(Folder.RECEIVED, words)] == subjects


async def test_no_word_of_a_message_stands_in_clear(post: Post) -> None:
    await post.come(letter("KALEIDOSCOPE", "Hématochromatose"))
    rows = await post.store.database.read(lambda c: c.execute(select(schema.mail)).all())
    text = repr(rows)
    assert not any(one in text for one in ("KALEIDOSCOPE", "chromatose", "roux", ANA.ins, DOMAIN))


async def held(post: Post) -> tuple[Answer, Again]:
    """A letter whose document bears a birth name that the index does not know, and who judges it
    again as the mail door did."""
    wrong = with_report(report(replace(ANA, family="AUTRE")), Message_ID="<1@a>")
    wrong["Reply-To"] = "roux@ailleurs.fr"
    answer = await post.come(wrong)
    assert (answer.verdict, await post.mails()) == (Verdict.HOLD, [])

    async def hand_over(kept: Receipt, raw: bytes) -> Delivery:
        return Delivery(
            sender=kept.sender,
            writer=ROUX,
            door=kept.door,
            raw=raw,
            declared=Format.MAIL,
            box=kept.box,
        )

    return answer, Again(
        journal=post.store.journal, receive=post.receive, hand_over=hand_over, admit=post.admit
    )


async def corrected(answer: Answer, again: Again) -> Answer:
    """Two operators found that the sender was mistaken."""
    intake = await again.intake(await again(answer.receipt))
    return await again.journal.refile(structs.replace(intake, desk=DeskWord.CORRECT))


async def test_what_was_held_for_an_identity_is_a_message_once_it_is_settled(post: Post) -> None:
    answer, again = await held(post)
    post.wait(days=2)
    filed = await corrected(answer, again)
    (mail,) = await post.mails()
    assert (filed.verdict, mail.id) == (Verdict.ACCEPT, answer.receipt)
    assert mail.documents == tuple(one.id for one in filed.documents)
    assert (mail.at, mail.other) == (post.clock.now(), ROUX)
    assert ("message-received", True, "MSG-12") in await post.acts()
    kept = await post.store.journal.receipt(answer.receipt)
    assert kept is not None
    assert kept.box is None  # judged once more it enters nothing
    later = await post.come(letter("Re: Lettre", In_Reply_To="<1@a>"))
    assert [one.id for one in await post.mails()] == [answer.receipt, later.receipt]
    assert (await post.only()).count == 2


async def test_of_a_sender_who_is_refused_meanwhile_the_document_alone_is_filed(post: Post) -> None:
    answer, again = await held(post)
    refused = Choice(kind=ChoiceKind.SENDER_REFUSED, target=ROUX, since=post.clock.now())
    await post.store.people.choose(post.key, refused)
    assert (await corrected(answer, again)).verdict is Verdict.ACCEPT
    assert await post.mails() == []
    assert ("message-refused", False, "MSG-12") in await post.acts()


async def test_what_is_found_to_be_another_patients_enters_no_box(post: Post) -> None:
    answer, again = await held(post)
    lou = replace(stranger(322), family="AUTRE")
    await open_space(post.store, lou.identity)
    kept = await again(answer.receipt)
    received = kept.understanding.documents[0].patient
    differing = same_traits(lou.identity, received)
    understood = attributed(kept.understanding, lou.identity, differing)
    intake = structs.replace(await again.intake(kept, understood), released=True)
    assert (await again.journal.refile(intake)).verdict is Verdict.ACCEPT
    assert await post.mails() == []
