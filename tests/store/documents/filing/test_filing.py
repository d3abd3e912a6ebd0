"""What is filed is there, once, in order, and sealed."""

import asyncio
from dataclasses import replace

import pytest
from msgspec import structs
from sqlalchemy import select
from store_house import NOW, PlainJudge, document, identity, intake

from gateway.clock import SystemIds
from gateway.records.documents.document import Action
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Content, Piece
from gateway.records.readers.access import Reader, ReaderKind
from gateway.store import Store, schema


async def test_a_filed_input_is_found_again_byte_for_byte(store: Store, ids: SystemIds) -> None:
    sent = intake(ids)
    answer = await store.journal.file(sent)
    receipt = await store.journal.receipt(sent.receipt)
    assert receipt is not None
    assert (receipt.answer, receipt.key, receipt.at, receipt.digest) == (
        answer,
        sent.key,
        NOW,
        sent.digest,
    )
    assert await store.journal.raw(sent.receipt) == sent.raw
    found = await store.shelf.find(answer.documents[0].id)
    assert found is not None
    assert found.document == sent.understanding.documents[0]
    assert found.card.author == "Ursule YGGDRASILL"
    assert await store.shelf.body(answer.documents[0].id) == sent.raw
    results = await store.shelf.observations(answer.documents[0].id)
    assert results == list(sent.understanding.observations[0])


async def test_the_same_bytes_get_the_first_answer_again_even_within_one_group(
    store: Store, ids: SystemIds
) -> None:
    first = intake(ids)
    copies = [structs.replace(first, receipt=ids.identifier()) for _ in range(5)]
    answers = await asyncio.gather(*(store.journal.file(one) for one in [first, *copies]))
    assert {answer.receipt for answer in answers} == {first.receipt}
    assert [answer.copy for answer in answers] == [False, True, True, True, True, True]
    assert len(await store.shelf.cards(store.keys.patient_key(*_pair(1)))) == 1


@pytest.mark.parametrize(
    ("first", "second", "is_copy"),
    [
        ("idem:1", "idem:2", True),
        ("idem:1", None, True),
        (None, "idem:1", True),
        ("idem:1#0", "idem:1#1", True),
        ("msh:A|B|1", "idem:1", False),
    ],
)
async def test_the_same_bytes_under_another_key_of_the_senders_choice_are_a_copy(
    store: Store, ids: SystemIds, first: str | None, second: str | None, *, is_copy: bool
) -> None:
    one = structs.replace(intake(ids), key=first)
    answer = await store.journal.file(one)
    again = structs.replace(one, key=second, receipt=ids.identifier())
    assert ((await store.journal.file(again)).receipt == answer.receipt) is is_copy


@pytest.mark.parametrize("first", [None, "idem:1"])
async def test_a_key_that_first_came_with_a_copy_is_kept(
    store: Store, ids: SystemIds, first: str | None
) -> None:
    one = structs.replace(intake(ids), key=first)
    answer = await store.journal.file(one)
    for _time in range(2):
        again = structs.replace(one, key="idem:2", receipt=ids.identifier())
        assert (await store.journal.file(again)).receipt == answer.receipt
    other = await store.journal.file(intake(ids, 2, key="idem:2"))
    assert other.verdict is Verdict.REFUSE
    mended = await store.journal.file(intake(ids, 2, key="idem:3"))
    assert mended.verdict is Verdict.ACCEPT


async def test_the_same_bytes_are_another_senders_or_another_act_of_a_person(
    store: Store, ids: SystemIds, judge: PlainJudge
) -> None:
    judge.keep_facts = True
    one = structs.replace(intake(ids), key="idem:1")
    await store.journal.file(one)
    person = Reader(kind=ReaderKind.PATIENT, id="p")
    for other in (
        structs.replace(one, sender="other"),
        structs.replace(one, key="idem:2", depositor=person),
    ):
        await store.journal.file(structs.replace(other, receipt=ids.identifier()))
        assert judge.seen[-1].earlier is None


async def test_a_key_with_other_bytes_meets_the_earlier_receipt(
    store: Store, ids: SystemIds, judge: PlainJudge
) -> None:
    judge.keep_facts = True
    await store.journal.file(intake(ids, 1))
    other = intake(ids, 2, key="msh:A|B|1")
    answer = await store.journal.file(other)
    earlier = judge.seen[-1].earlier
    assert earlier is not None
    assert not earlier.same_bytes
    assert answer.verdict is Verdict.REFUSE


async def test_a_refused_input_may_come_again_and_is_judged_anew(
    store: Store, ids: SystemIds, judge: PlainJudge
) -> None:
    judge.keep_facts = True
    refused = intake(ids, verdict=Verdict.REFUSE)
    await store.journal.file(refused)
    await store.journal.file(structs.replace(refused, receipt=ids.identifier()))
    assert judge.seen[-1].earlier is None
    assert await store.journal.raw(refused.receipt) == refused.raw


async def test_refused_bytes_are_dropped_when_their_time_is_over(
    store: Store, ids: SystemIds
) -> None:
    refused = intake(ids, verdict=Verdict.REFUSE)
    await store.journal.file(refused)
    assert await store.journal.drop_expired(NOW) == 0
    assert await store.journal.drop_expired(NOW.replace(month=5)) == 1
    assert await store.journal.raw(refused.receipt) is None
    assert await store.journal.receipt(refused.receipt) is not None


async def test_a_bug_in_one_judgement_spoils_no_neighbour(store: Store, ids: SystemIds) -> None:
    bad = intake(ids, 99, raw=b"BOOM")
    work = [intake(ids, 1), bad, intake(ids, 2, serial=2)]
    answers = await asyncio.gather(
        *(store.journal.file(one) for one in work), return_exceptions=True
    )
    assert isinstance(answers[1], RuntimeError)
    assert await store.journal.receipt(bad.receipt) is None
    for place in (0, 2):
        assert await store.journal.raw(work[place].receipt) == work[place].raw


async def test_a_row_the_database_refuses_spoils_no_neighbour(store: Store, ids: SystemIds) -> None:
    first = intake(ids, 1)
    twin = structs.replace(intake(ids, 2, serial=2), receipt=first.receipt)
    third = intake(ids, 3, serial=3)
    answers = await asyncio.gather(
        *(store.journal.file(one) for one in (first, twin, third)), return_exceptions=True
    )
    assert isinstance(answers[1], Exception)
    assert await store.journal.raw(first.receipt) == first.raw
    assert await store.journal.raw(third.receipt) == third.raw


async def test_a_replacement_in_the_same_group_sees_what_it_replaces(
    store: Store, ids: SystemIds
) -> None:
    old = intake(ids, 1)
    unique = old.understanding.documents[0].unique_id
    raw = b"MSH|second|" + b"x" * 50
    new = intake(ids, 2, raw=raw, documents=(document(raw, replaces=unique),))
    answers = await asyncio.gather(store.journal.file(old), store.journal.file(new))
    newest = answers[1].documents[0].id
    (card,) = await store.shelf.cards(store.keys.patient_key(*_pair(1)))
    assert card.id == newest
    (version,) = await store.shelf.versions(newest)
    assert version.id == answers[0].documents[0].id
    assert version.status is DocumentStatus.SUPERSEDED


async def test_who_follows_one_of_the_group_that_waits_is_judged_after_it(
    store: Store, ids: SystemIds
) -> None:
    sent = [intake(ids, 1)]
    for number in (2, 3):
        raw = b"MSH|%d|" % number + b"x" * 50
        replaces = sent[-1].understanding.documents[0].unique_id
        sent.append(intake(ids, number, raw=raw, documents=(document(raw, replaces=replaces),)))
    answers = await asyncio.gather(*map(store.journal.file, sent))
    (card,) = await store.shelf.cards(store.keys.patient_key(*_pair(1)))
    assert card.id == answers[2].documents[0].id


async def test_an_identity_learned_in_a_group_is_known_to_the_next_of_the_group(
    store: Store, ids: SystemIds, judge: PlainJudge
) -> None:
    judge.learns = judge.keep_facts = True
    await asyncio.gather(store.journal.file(intake(ids, 1)), store.journal.file(intake(ids, 2)))
    assert [len(facts.persons) for facts in judge.seen] == [0, 1]
    person = await store.people.person_by_local_id("1.2.3.4^IPP1")
    assert person is not None
    assert person.identity == identity()
    assert person.qualified


async def test_a_held_receipt_is_released_once_under_its_own_name(
    store: Store, ids: SystemIds
) -> None:
    refused, held = intake(ids, 7, verdict=Verdict.REFUSE), intake(ids, verdict=Verdict.HOLD)
    await store.journal.file(refused)
    await store.journal.file(held)
    patient = store.keys.patient_key(*_pair(1))
    assert [one.id for one in await store.journal.held(limit=9)] == [held.receipt]
    assert await store.journal.waiting_for(patient) == [held.receipt]
    answers = await asyncio.gather(*(store.journal.refile(held) for _ in range(3)))
    assert {answer.receipt for answer in answers} == {held.receipt}
    assert len({answer.documents for answer in answers}) == 1
    assert len(await store.shelf.cards(patient)) == 1
    assert await store.journal.held(limit=9) == []
    assert await store.journal.waiting_for(patient) == []
    assert await store.journal.raw(held.receipt) == held.raw
    assert await store.journal.raw(refused.receipt) == refused.raw
    kept = await store.database.read(lambda c: c.execute(select(schema.raw.c.number)).all())
    assert len(kept) == 1  # the refused one's: the other's bytes are its document's


@pytest.mark.parametrize("base64", [False, True])
async def test_a_document_inside_its_input_is_kept_once(
    store: Store, ids: SystemIds, *, base64: bool
) -> None:
    body = b"<ClinicalDocument/>" * 9
    inner = body.hex().encode() if not base64 else __import__("base64").b64encode(body)
    raw = b"MSH|head|" + inner + b"|tail\r"
    own = body if base64 else inner
    sent = intake(ids, raw=raw, documents=(document(own),))
    piece = Piece(9, 9 + len(inner), base64=base64)
    understood = replace(sent.understanding, contents=(Content(own, "", piece),))
    sent = structs.replace(sent, understanding=understood)
    answer = await store.journal.file(sent)
    assert await store.journal.raw(sent.receipt) == raw
    assert await store.shelf.body(answer.documents[0].id) == own


async def test_an_input_that_is_its_document_is_one_row_and_is_searched_in_its_body(
    store: Store, ids: SystemIds
) -> None:
    raw = b"MSH|^~\\&|LAB|Clinique|||||ORU^R01|1|P|2.5\rOBX|1|NM|2160-0^Creatinine^LN||71\r"
    sent = intake(ids, raw=raw, documents=(document(raw),))
    contents = (Content(raw, None, Piece(0, len(raw), base64=False)),)
    sent = structs.replace(sent, understanding=replace(sent.understanding, contents=contents))
    filed = (await store.journal.file(sent)).documents[0]
    patient = store.keys.patient_key(*_pair(1))

    kept = await store.database.read(lambda c: c.execute(select(schema.raw.c.number)).all())

    assert kept == []
    assert await store.journal.raw(sent.receipt) == raw
    assert await store.shelf.words(patient, ["creat", "clinique"]) == {filed.id}
    assert await store.shelf.words(patient, ["sodium"]) == set()


async def test_what_is_deposited_is_traced_in_the_same_commit_with_dense_numbers(
    store: Store, ids: SystemIds
) -> None:
    await asyncio.gather(*(store.journal.file(intake(ids, n, serial=n)) for n in range(1, 30)))
    assert len(await store.traces.leaves()) == 29
    assert (await store.log_reader.stretch(since=1, limit=100)).altered == ()
    (trace,) = await store.traces.of_patient(store.keys.patient_key(*_pair(7)), limit=5)
    assert (trace.trace.action, trace.trace.actor, trace.at) == ("deposit", "labo", NOW)


async def test_a_withdrawal_leaves_a_line_of_its_own_and_a_replacement_none(
    store: Store, ids: SystemIds
) -> None:
    sent = intake(ids)
    first = (await store.journal.file(sent)).documents[0]
    newer = document(b"<newer/>", replaces=first.unique_id, action=Action.REPLACE)
    replacing = intake(ids, 2, raw=b"<newer/>", documents=(newer,))
    second = (await store.journal.file(replacing)).documents[0]
    (card,) = await store.shelf.cards(store.keys.patient_key(*_pair(1)))
    assert (card.id, card.modified) == (second.id, True)
    gone = replace(newer, replaces=None, action=Action.DELETE)
    await store.journal.file(intake(ids, 3, raw=b"<gone/>", documents=(gone,)))
    lines = await store.traces.of_patient(store.keys.patient_key(*_pair(1)), limit=9)
    assert [(one.trace.action, one.trace.rule, one.trace.document) for one in lines] == [
        ("delete", "P26", second.id),
        ("deposit", "P22", second.id),
        ("deposit", "P22", first.id),
    ]
    assert lines[0].trace.actor_name == lines[1].trace.actor_name


def _pair(serial: int) -> tuple[str, str]:
    one = identity(serial)
    return one.ins_oid or "", one.ins or ""
