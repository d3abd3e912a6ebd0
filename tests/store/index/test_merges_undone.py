"""What a merge that was undone gives back, and what it never gives to a stranger."""

import pytest
from papers import adt, results
from store_house import NOW
from ward_house import ALIX, LOU, WORD, Ward, a40, numbered

from gateway.errors import RefusedError
from gateway.records.intake.finding import Verdict
from gateway.records.patients.index import DeskWord


async def test_two_ins_become_one_record_by_two_people_and_two_again(ward: Ward) -> None:
    one, other = await ward.open(ALIX), await ward.open(LOU)
    await ward.send(adt(LOU, "A1", local="IPP2"))
    for number, who in enumerate((ALIX, LOU, LOU)):
        await ward.send(results(who, f"R{number}"))
    before = await ward.store.traces.of_patient(one, limit=99)
    held = await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    assert [f.code for f in held.findings] == ["merge-two-ins"]
    assert (await ward.count(ALIX), await ward.count(LOU)) == (1, 2)

    answer = await ward.decide(held, DeskWord.MERGE)

    assert answer.verdict is Verdict.ACCEPT
    assert (await ward.count(ALIX), await ward.count(LOU)) == (3, 3)
    assert await ward.root(LOU) == one
    assert len(await ward.store.traces.of_patient(one, limit=99)) > len(before) + 2
    found = await ward.store.shelf.words(one, ["leucocytes"])
    assert len(found) == 3
    card = next(c for c in await ward.store.shelf.cards(one) if c.id in found)
    shelved = await ward.store.shelf.find(card.id)
    assert shelved is not None
    assert shelved.card.patient == one
    assert (await ward.send(results(LOU, "R9"))).verdict is Verdict.ACCEPT
    assert await ward.count(ALIX) == 4

    (merge,) = await ward.store.merges.list(limit=9)
    await ward.store.merges.undo(merge.id, WORD, at=NOW)

    assert (await ward.count(ALIX), await ward.count(LOU)) == (1, 3)
    assert await ward.root(LOU) == other
    assert (await ward.store.log_reader.stretch(since=1, limit=999)).altered == ()


async def test_what_was_said_of_a_name_stays_with_it_whichever_merge_is_undone(
    ward: Ward,
) -> None:
    await ward.open(ALIX)
    ins = f"{ALIX.ins}^^^ASIP-SANTE-INS-NIR&{ALIX.oid}&ISO^INS~".encode()
    for control, survivor, gone in (("M1", "IPP1", "IPP2"), ("M2", "IPP3", "IPP1")):
        await ward.send(a40(ALIX, control, gone, local=survivor).replace(ins, b""))
    for control, local in (("A1", "IPP3"), ("A2", "IPP2")):
        await ward.send(adt(ALIX, control, local=local))
    for number in (1, 2, 3):
        answer = await ward.send(numbered(ALIX, f"R{number}", f"IPP{number}"))
        assert answer.verdict is Verdict.ACCEPT
    later, earlier = await ward.store.merges.list(limit=9)

    await ward.store.merges.undo(later.id, WORD, at=NOW)
    assert await ward.count(ALIX) == 3
    await ward.store.merges.undo(earlier.id, WORD, at=NOW)
    assert await ward.count(ALIX) == 2


async def test_a_merge_that_says_nothing_any_more_is_not_taken_back(ward: Ward) -> None:
    await ward.open(ALIX)
    await ward.open(LOU)
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    held = await ward.send(adt(LOU, "A2", local="IPP2"))
    assert [one.code for one in held.findings] == ["local-id-conflict"]
    assert (await ward.decide(held, DeskWord.CORRECT)).verdict is Verdict.ACCEPT
    (merge,) = await ward.store.merges.list(limit=9)
    with pytest.raises(RefusedError, match="nothing is taken back"):
        await ward.store.merges.undo(merge.id, WORD, at=NOW)
    person = await ward.store.people.person_by_local_id("1.2.250.1.999.31^IPP2")
    assert person is not None
    assert person.key == ward.key(LOU)


async def test_a_version_that_left_the_record_is_not_shown_in_the_other(ward: Ward) -> None:
    one = await ward.open(ALIX)
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    first = numbered(ALIX, "R1", "IPP2")
    answer = await ward.send(first)
    corrected = results(ALIX, "R2").replace(b"|R2-A|", b"|R1-A|").replace(b"|||F|||", b"|||C|||")
    newer = await ward.send(corrected)
    (card,) = await ward.store.shelf.cards(one)
    assert card.id == newer.documents[0].id
    assert [v.id for v in await ward.store.shelf.versions(card.id)] == [answer.documents[0].id]
    (merge,) = await ward.store.merges.list(limit=9)
    await ward.store.merges.undo(merge.id, WORD, at=NOW)
    assert await ward.store.shelf.versions(card.id) == []


async def test_documents_of_a_merge_that_was_undone_go_to_no_stranger_by_their_number(
    ward: Ward,
) -> None:
    await ward.open(ALIX)
    await ward.open(LOU)
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    assert (await ward.send(numbered(ALIX, "R1", "IPP2"))).verdict is Verdict.ACCEPT
    (merge,) = await ward.store.merges.list(limit=9)
    await ward.store.merges.undo(merge.id, WORD, at=NOW)

    answers = [
        await ward.send(adt(LOU, "A2", local="IPP2")),
        await ward.send(a40(LOU, "M2", "IPP2", local="IPP5")),
    ]

    for answer in answers:
        assert [one.code for one in answer.findings if one.holds] == ["identity-mismatch"]
        assert "birth_given" in answer.findings[-1].message
    assert await ward.count(LOU) == 0
    assert (await ward.send(adt(ALIX, "A3", local="IPP2"))).verdict is Verdict.ACCEPT
    assert await ward.count(ALIX) == 1
