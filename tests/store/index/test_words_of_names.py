"""What a ZFA says of a name: the latest date rules, and it counts where the name leads."""

import pytest
from papers import Person, adt, message, msh, pid, results
from store_house import NOW
from ward_house import ALIX, HOUSE, READING, WORD, Ward, a40, numbered

from gateway.flows.receive import Delivery
from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import ChoiceKind


def zfa(who: Person, control: str, feeding: str, at: str, consultation: str = "NA") -> bytes:
    return message(
        msh("ADT^A01^ADT_A01", control),
        "EVN||20260115101500",
        pid(who),
        f"ZFA|ACTIF|{at}|||||||{feeding}|{at}|{consultation}|{at}",
    )


async def test_the_word_with_the_latest_date_rules_in_whatever_order_they_come(
    ward: Ward,
) -> None:
    key = await ward.open(ALIX)

    async def opposed() -> bool:
        person = await ward.store.people.person(key)
        assert person is not None
        return person.feeding_opposed

    await ward.send(zfa(ALIX, "Z1", "IO", "20260110"))
    assert await opposed()
    assert (await ward.send(results(ALIX, "R1"))).verdict is Verdict.REFUSE
    await ward.send(zfa(ALIX, "Z2", "INO", "20260105"))
    assert await opposed()
    await ward.send(zfa(ALIX, "Z3", "INO", "20260112"))
    assert not await opposed()
    assert (await ward.send(results(ALIX, "R1"))).verdict is Verdict.ACCEPT
    await ward.send(zfa(ALIX, "Z4", "IO", "20260111"))
    assert not await opposed()
    facts = [one for one in await ward.store.people.choices(key) if one.kind.startswith("feeding")]
    spans = sorted((one.since, one.until, one.kind) for one in facts if one.until)
    assert [kind for *_, kind in spans] == ["feeding-allowed", "feeding-opposed", "feeding-opposed"]
    assert spans[0][1] == spans[1][0]
    assert spans[1][1] == spans[2][0]
    (last,) = [one for one in facts if one.until is None]
    assert last.kind is ChoiceKind.FEEDING_ALLOWED
    assert last.by == "labo (CHARMES), message Z3"


@pytest.mark.parametrize("words", [("IO", "INO", "IO"), ("INO", "IO", "INO")])
async def test_of_the_words_of_one_day_the_last_to_come_rules(
    ward: Ward, words: tuple[str, ...]
) -> None:
    key = await ward.open(ALIX)
    for number, word in enumerate(words):
        team = {"IO": "INC", "INO": "IC"}[word]
        await ward.send(zfa(ALIX, f"Z{number}", word, "20260110", team))
        person = await ward.store.people.person(key)
        assert person is not None
        assert person.feeding_opposed is (word == "IO")
        choices = await ward.store.people.choices(key)
        kinds = {one.kind for one in choices if one.until is None}
        opposed = {ChoiceKind.FEEDING_OPPOSED, ChoiceKind.TEAM_OBJECTED}
        allowed = {ChoiceKind.FEEDING_ALLOWED, ChoiceKind.CARE_TEAM}
        assert kinds == (opposed if word == "IO" else allowed)


@pytest.mark.parametrize("spoken", ["INS", "IPP1", "IPP2"])
@pytest.mark.parametrize("named", ["INS", "IPP1", "IPP2"])
async def test_who_opposed_is_fed_no_more_by_what_is_stored_in_the_same_moment(
    ward: Ward, spoken: str, named: str
) -> None:
    """By whatever name of the record: the word and the document are one commit."""
    await ward.open(ALIX)
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    await ward.send(a40(ALIX, "A2", "IPP2", local="IPP1"))
    word, result = zfa(ALIX, "Z1", "IO", "20260110"), results(ALIX, "R1")
    if spoken != "INS":
        word = word.replace(pid(ALIX).encode(), pid(ALIX, local=spoken, with_ins=False).encode())
    if named != "INS":
        result = numbered(ALIX, "R1", named)
    batch = Delivery(
        sender="labo",
        door=Door.HTTP,
        raw=b"BHS|^~\\&|LABO\r" + word + result + b"BTS|2\r",
        organization=HOUSE,
        reading=READING,
    )
    told, fed = await ward.receive(batch)
    assert (told.answer.verdict, fed.answer.verdict) == (Verdict.ACCEPT, Verdict.REFUSE)


async def test_the_same_word_in_every_movement_is_kept_once(ward: Ward) -> None:
    key = await ward.open(ALIX)
    for number in range(3):
        await ward.send(zfa(ALIX, f"Z{number}", "INO", "20260110", "IC"))
    assert len(await ward.store.people.choices(key)) == 2
    traces = await ward.store.traces.of_patient(key, limit=99)
    assert [one.trace.action for one in traces] == ["choose", "choose"]


async def test_a_word_said_of_a_local_identifier_counts_while_that_leads_to_the_record(
    ward: Ward,
) -> None:
    key = await ward.open(ALIX)
    said = zfa(ALIX, "Z1", "IO", "20260110").replace(
        pid(ALIX).encode(), pid(ALIX, local="IPP2", with_ins=False).encode()
    )
    await ward.send(said)
    assert (await ward.send(results(ALIX, "R1"))).verdict is Verdict.ACCEPT
    await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    assert (await ward.send(results(ALIX, "R2"))).verdict is Verdict.REFUSE
    (merge,) = await ward.store.merges.list(limit=9)
    await ward.store.merges.undo(merge.id, WORD, at=NOW)
    assert (await ward.send(results(ALIX, "R3"))).verdict is Verdict.ACCEPT
    assert await ward.store.people.choices(key) == []
