"""Who sees which message, and what the patient's side does with it (MSG-01, MSG-07, MSG-12)."""

import json
from datetime import timedelta

import pytest
from mail_house import HIDDEN, ROUX, Post, letter, with_report
from papers import ANA, report, stranger
from real_store import open_space

from gateway.errors import DeniedError
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.mapping.mail.letter import attached_in
from gateway.records.correspondence.conversation import Draft, Folder, Shut
from gateway.records.patients.account import Choice, ChoiceKind, Professional
from gateway.records.readers.access import Reader, ReaderKind
from gateway.records.task import TaskKind

PNG = b"\x89PNG\r\n\x1a\n0"
ACTIVE = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/OpenAction<</S/JavaScript/JS(1)>>>>\nendobj\n"


async def tied(post: Post, kind: ReaderKind, choice: ChoiceKind) -> Reader:
    """Alix, who acts for Ana."""
    alix = await open_space(post.store, stranger().identity)
    tie = Choice(kind=choice, target=alix.hex(), since=post.clock.now(), by="caisse")
    await post.store.people.choose(post.key, tie)
    return Reader(kind=kind, id=alix.hex(), name="Alix")


async def guardian(post: Post) -> Reader:
    return await tied(post, ReaderKind.REPRESENTATIVE, ChoiceKind.GUARDIAN)


async def caregiver(post: Post) -> Reader:
    return await tied(post, ReaderKind.CAREGIVER, ChoiceKind.CAREGIVER)


async def test_a_message_with_a_hidden_document_is_not_there_for_a_representative(
    post: Post,
) -> None:
    """REP-07: neither in lists nor counts, nor by its number, nor as a notice, nor in a history."""
    reader = await guardian(post)
    await post.come(letter("Ouvert"))
    answer = await post.come(with_report(report(ANA), codes=(HIDDEN,)))
    assert len(await post.folder()) == 2
    (seen,) = await post.folder(reader=reader)
    assert seen.subject == "Ouvert"
    counts = [await post.room.unread(one, post.key) for one in (reader, post.ana)]
    assert counts == [1, 2]
    assert await post.folder(Folder.RECEIVED, "Lettre", reader) == ()
    hidden = next(one for one in await post.folder() if one.subject != "Ouvert")
    with pytest.raises(DeniedError):
        await post.room.opened(reader, post.key, hidden.id)
    hears = [await post.look.may_hear(post.key, answer.receipt, one) for one in (post.ana, reader)]
    assert hears == [True, False]
    told = [row.trace for row in await post.read.history(reader, post.key)]
    received = [one for one in told if one.action == "message-received"]
    assert len(received) == 1
    assert hidden.id not in repr(told)


async def test_what_follows_a_hidden_document_is_hidden_with_it(post: Post) -> None:
    """An answer, and the answer to that, quote it."""
    reader = await guardian(post)
    await post.come(letter("Suivi", Message_ID="<1@a>"))
    hidden = with_report(report(ANA), codes=(HIDDEN,), Message_ID="<2@a>", In_Reply_To="<1@a>")
    await post.come(hidden)
    found = (await post.only()).id
    await post.room.write(post.ana, post.key, Draft(conversation=found, text="SECRET"))
    last = await post.come(letter("Re: Suivi", "> SECRET", In_Reply_To="<2@a>"))
    await post.leave()
    assert (await post.only()).count == 4
    (seen,) = await post.folder(reader=reader)
    assert (seen.count, await post.room.unread(reader, post.key)) == (1, 1)
    assert not await post.look.may_hear(post.key, last.receipt, reader)
    opened = await post.room.opened(reader, post.key, found)
    assert [one.text for one in opened.mails] == ["Bonjour"]
    told = [row.trace.action for row in await post.read.history(reader, post.key)]
    assert (told.count("message-received"), told.count("message-sent")) == (1, 0)
    assert "message-delivered" not in told
    await post.room.delete(reader, post.key, found)
    assert (await post.only()).count == 3


async def test_a_draft_about_a_hidden_document_is_not_there_for_a_representative(
    post: Post,
) -> None:
    reader = await guardian(post)
    await post.come(letter("Suivi", Message_ID="<1@a>"))
    hidden = with_report(report(ANA), codes=(HIDDEN,), Message_ID="<2@a>", In_Reply_To="<1@a>")
    document = (await post.come(hidden)).documents[0].id
    found = (await post.only()).id
    await post.room.save_draft(post.ana, post.key, Draft(conversation=found, text="SECRET"))
    alone = Draft(to=ROUX, subject="Question", text="SECRET", documents=(document,))
    await post.room.save_draft(post.ana, post.key, alone)
    assert len(await post.folder(Folder.DRAFTS)) == 2
    assert await post.folder(Folder.DRAFTS, reader=reader) == ()
    assert await post.folder(Folder.RECEIVED, "secret", reader) == ()
    (seen,) = await post.folder(reader=reader)
    assert not seen.has_draft
    assert (await post.room.opened(reader, post.key, found)).draft is None


async def test_what_the_patient_may_not_read_yet_comes_with_its_month(post: Post) -> None:
    """DOC-11: the words of such a mail, and copies in it, would tell of the document."""
    answer = await post.come(with_report(report(ANA), codes=("INVISIBLE_PATIENT",)))
    assert (await post.folder(), await post.room.unread(post.ana, post.key)) == ((), 0)
    assert not await post.look.may_hear(post.key, answer.receipt, post.ana)
    post.wait(days=32)
    assert (await post.only()).unread == 1


async def test_a_caregiver_writes_under_his_own_name_and_changes_no_choice(post: Post) -> None:
    reader = await caregiver(post)
    await post.come(letter())
    found = await post.only()
    await post.room.write(reader, post.key, Draft(conversation=found.id, text="Pour Ana"))
    opened = await post.room.opened(post.ana, post.key, found.id)
    assert [(one.by, one.is_own) for one in opened.mails] == [
        ("Dr Hélène Roux", False),
        ("Alix", False),
    ]
    for choose in (
        post.room.refuse_sender(reader, post.key, found.id),
        post.room.receipts(reader, post.key, allowed=True),
    ):
        with pytest.raises(DeniedError):
            await choose
    assert (await post.only()).shut is None


async def test_a_box_is_nobody_elses(post: Post) -> None:
    """Strangers and professionals; each try is an entry of the log."""
    await post.come(letter())
    found = await post.only()
    known = Professional(id="899900000018", name="Dr Roux", profession="G15_10")
    other = patient_reader(await open_space(post.store, stranger().identity))
    for reader in (other, professional_reader(known)):
        with pytest.raises(DeniedError):
            await post.room.listing(reader, post.key, Folder.RECEIVED)
        with pytest.raises(DeniedError):
            await post.room.opened(reader, post.key, found.id)
        assert await post.room.unread(reader, post.key) == 0
    refused = [act for act, permitted, _ in await post.acts() if not permitted]
    assert refused == ["message-list", "message-opened"] * 2


async def test_a_conversation_that_is_not_there_is_told_as_one_of_another(post: Post) -> None:
    alix = await open_space(post.store, stranger().identity)
    await post.come(letter())
    found = await post.only()
    reader = patient_reader(alix)
    told = set()
    for identifier in (found.id, "0" * 32, "\x00"):
        for verb in (
            post.room.opened(reader, alix, identifier),
            post.room.archive(reader, alix, identifier),
            post.room.delete(reader, alix, identifier),
            post.room.write(reader, alix, Draft(conversation=identifier, text="a")),
            post.room.save_draft(reader, alix, Draft(conversation=identifier, text="a")),
        ):
            with pytest.raises(DeniedError) as refused:
                await verb
            told.add(str(refused.value))
    assert len(told) == 1
    assert len(await post.mails()) == 1


async def test_what_is_archived_or_thrown_away_comes_back_with_the_next_mail(post: Post) -> None:
    await post.come(letter())
    found = (await post.only()).id
    for put, back, folder in (
        (post.room.archive, post.room.unarchive, Folder.ARCHIVED),
        (post.room.to_bin, post.room.restore, Folder.BIN),
    ):
        await put(post.ana, post.key, found)
        assert await post.folder() == ()
        assert [one.id for one in await post.folder(folder)] == [found]
        await back(post.ana, post.key, found)
        assert (await post.only()).id == found
        await put(post.ana, post.key, found)
        post.wait(minutes=1)
        await post.come(letter(text=folder.value))
        assert (await post.only()).id == found
        assert await post.folder(folder) == ()


async def test_unread_ones_in_the_bin_are_not_counted(post: Post) -> None:
    await post.come(letter())
    await post.room.to_bin(post.ana, post.key, (await post.only()).id)
    page = await post.room.listing(post.ana, post.key, Folder.BIN)
    assert (page.total, page.unread) == (1, 0)


async def test_a_deleted_conversation_goes_with_its_bytes_and_its_document_stays(
    post: Post,
) -> None:
    words = await post.come(letter(Message_ID="<1@a>"))
    filed = await post.come(with_report(report(ANA), In_Reply_To="<1@a>"))
    found = (await post.only()).id
    await post.room.save_draft(post.ana, post.key, Draft(conversation=found, text="a"))
    await post.room.delete(post.ana, post.key, found)
    await post.store.journal.drop_expired(post.clock.now())
    kept = [await post.store.journal.raw(one.receipt) for one in (words, filed)]
    assert (kept[0] is None, kept[1] is None) == (True, False)
    assert await post.mails() == []
    assert await post.store.correspondence.notes(post.key) == {}
    assert len(await post.store.shelf.cards(post.key)) == 1
    await post.come(letter(text="encore"))
    assert (await post.only()).id != found


async def test_a_conversation_keeps_one_draft_until_it_is_sent_or_dropped(post: Post) -> None:
    await post.come(letter())
    found = (await post.only()).id
    for text in ("un", "deux"):
        await post.room.save_draft(post.ana, post.key, Draft(conversation=found, text=text))
    (shown,) = await post.folder(Folder.DRAFTS)
    assert (shown.id, shown.has_draft) == (found, True)
    draft = (await post.room.opened(post.ana, post.key, found)).draft
    assert draft is not None
    assert (draft.text, draft.conversation) == ("deux", found)
    await post.room.write(post.ana, post.key, draft)
    assert await post.folder(Folder.DRAFTS) == ()
    await post.room.save_draft(post.ana, post.key, Draft(conversation=found, text="trois"))
    await post.room.drop_draft(post.ana, post.key, found)
    await post.room.drop_draft(post.ana, post.key, found)
    assert await post.folder(Folder.DRAFTS) == ()
    begun = [act for act, _, _ in await post.acts() if act == "message-draft"]
    assert len(begun) == 2


async def test_the_draft_of_a_new_message_is_sent_from_where_it_stands(post: Post) -> None:
    await post.come(letter())
    new = await post.room.save_draft(post.ana, post.key, Draft(to=ROUX, subject="Q", text="a"))
    await post.room.save_draft(
        post.ana, post.key, Draft(conversation=new, to=ROUX, subject="Question", text="b")
    )
    (shown,) = await post.folder(Folder.DRAFTS)
    assert (shown.subject, shown.correspondent.name, shown.count) == (
        "Question",
        "Dr Hélène Roux",
        0,
    )
    draft = (await post.room.opened(post.ana, post.key, new)).draft
    assert draft is not None
    assert await post.room.write(post.ana, post.key, draft) == new
    assert await post.folder(Folder.DRAFTS) == ()
    assert [one.id for one in await post.folder(Folder.SENT)] == [new]


async def test_a_refused_sender_is_turned_away_until_he_is_taken_again(post: Post) -> None:
    await post.come(letter())
    found = (await post.only()).id
    await post.room.refuse_sender(post.ana, post.key, found)
    shown = await post.only()
    assert (shown.shut, shown.is_refused) == (Shut.REFUSED, True)
    with pytest.raises(DeniedError):
        await post.come(letter(text="encore"))
    assert (await post.only()).count == 1
    assert ("message-refused", False, "MSG-12") in await post.acts()
    await post.room.take_sender(post.ana, post.key, found)
    await post.come(letter(text="encore"))
    assert (await post.only()).count == 2


async def test_files_are_given_as_they_came_and_active_ones_are_not(post: Post) -> None:
    mail = letter()
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="../a.png")
    mail.add_attachment(ACTIVE, maintype="application", subtype="pdf", filename="b.pdf")
    await post.come(mail)
    found = (await post.only()).id
    (opened,) = (await post.room.opened(post.ana, post.key, found)).mails
    given, kept_back = opened.enclosed
    assert (given.name, given.refused, kept_back.refused) == ("a.png", None, "active-content")
    ask = post.room.enclosed
    file = await ask(post.ana, post.key, found, opened.id, given.place)
    assert (file.name, file.mime_type, file.body) == ("a.png", "image/png", PNG)
    assert (file.by, file.at) == (opened.by, opened.at)
    for place in (kept_back.place, 0, -1, 99):
        with pytest.raises(DeniedError):
            await ask(post.ana, post.key, found, opened.id, place)
    assert attached_in(mail.as_bytes(), kept_back.place) is not None
    files = [one for act, one, _ in await post.acts() if act == "message-file"]
    assert files == [True, False, False, False, False]


async def test_the_notice_of_messages_waits_for_the_quarter_of_an_hour(post: Post) -> None:
    """NOT-04: so that many make one."""
    await post.come(letter(text="un"))
    await post.come(letter(text="deux"))
    kinds = frozenset({TaskKind.NOTICE})
    lease = timedelta(minutes=1)
    assert await post.store.tasks.claim(post.clock.now(), lease=lease, limit=9, kinds=kinds) == []
    post.wait(minutes=15)
    due = await post.store.tasks.claim(post.clock.now(), lease=lease, limit=9, kinds=kinds)
    assert [json.loads(one.payload) for one in due] == [{"notice": "new_message"}] * 2
