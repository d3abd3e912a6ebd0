"""Merges of identifiers (A40): a record whole for every reader at once, and parted again."""

import asyncio
from datetime import timedelta

import pytest
from laid import lay
from papers import adt, message, msh, pid, results
from sqlalchemy import Connection, text
from store_house import NOW, FixedClock
from ward_house import ALIX, AUTHORITY, LOU, WORD, Ward, a40, numbered

from gateway.clock import SystemIds
from gateway.errors import RefusedError
from gateway.flows.filing import FilingJudge
from gateway.records.intake.finding import Verdict
from gateway.records.patients.index import DeskWord
from gateway.store import Keys, open_store
from gateway.store.index import settling
from gateway.store.index.lineage import MAX_LOCKS, hold
from gateway.store.people.consents import settle_feeding

HOUR = timedelta(hours=1)


async def test_a_merge_moves_what_was_kept_under_the_identifier_that_ends_and_back_again(
    ward: Ward,
) -> None:
    await ward.open(ALIX)
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    await ward.send(results(ALIX, "R1", local="IPP1"))
    held = await ward.send(numbered(ALIX, "R2", "IPP2"))
    assert await ward.count(ALIX) == 1
    await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    assert await ward.fate(held) is Verdict.ACCEPT
    assert await ward.count(ALIX) == 2
    later = await ward.send(numbered(ALIX, "R3", "IPP2"))
    assert later.verdict is Verdict.ACCEPT
    (merge,) = await ward.store.merges.list(limit=9)
    assert (merge.event, merge.documents, merge.undone_at) == ("A40", 2, None)

    await ward.store.merges.undo(merge.id, WORD, at=NOW)

    assert await ward.count(ALIX) == 1
    assert (await ward.send(numbered(ALIX, "R4", "IPP2"))).verdict is Verdict.HOLD
    (merge,) = await ward.store.merges.list(limit=9)
    assert merge.undone_at == NOW
    traces = await ward.store.traces.of_patient(ward.key(ALIX), limit=99)
    assert [one.trace.rule for one in traces if one.trace.action == "identity"] == [
        "operator",
        "adt",
    ]
    with pytest.raises(RefusedError, match="undone already"):
        await ward.store.merges.undo(merge.id, WORD, at=NOW)
    with pytest.raises(RefusedError, match="there is no merge"):
        await ward.store.merges.undo("00", WORD, at=NOW)

    await ward.send(a40(ALIX, "M2", "IPP2", local="IPP1"))
    assert await ward.count(ALIX) == 4  # and what was held since


@pytest.mark.parametrize("event", ["A44", "A24", "A08"])
async def test_an_mrg_outside_a_merge_moves_no_document(ward: Ward, event: str) -> None:
    """A44 takes one account away from a patient: the rest of that record is nobody else's."""
    await ward.open(ALIX)
    waiting = await ward.send(numbered(ALIX, "R1", "IPP2"))
    answer = await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1", event=event))
    assert answer.verdict is Verdict.ACCEPT
    assert "event-not-applied" in [one.code for one in answer.findings]
    assert await ward.fate(waiting) is Verdict.HOLD
    assert await ward.count(ALIX) == 0
    assert await ward.store.merges.list(limit=9) == []


async def test_both_sides_of_a_merge_are_news_of_its_hour(ward: Ward) -> None:
    """Whoever asks what changed since hears of what he may see from then on."""
    await ward.open(ALIX)
    await ward.open(LOU)
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    await ward.send(results(ALIX, "R1", local="IPP1"))
    await ward.send(results(LOU, "R2"))
    await ward.send(numbered(ALIX, "R3", "IPP2"))
    ward.clock.at = NOW + HOUR
    await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    cards = await ward.store.shelf.cards(ward.key(ALIX))
    seen = {one.changed.at or one.deposited_at for one in cards}
    assert (len(cards), seen) == (2, {NOW + HOUR})
    (other,) = await ward.store.shelf.cards(ward.key(LOU))
    assert other.changed.at is None


async def test_a_merge_of_identifiers_without_ins_is_remembered_until_one_comes(
    ward: Ward,
) -> None:
    await ward.open(ALIX)
    held = await ward.send(numbered(ALIX, "R1", "IPP2"))
    nameless = a40(ALIX, "M1", "IPP2", local="IPP1").replace(
        f"{ALIX.ins}^^^ASIP-SANTE-INS-NIR&{ALIX.oid}&ISO^INS~".encode(), b""
    )
    assert (await ward.send(nameless)).verdict is Verdict.ACCEPT
    assert await ward.fate(held) is Verdict.HOLD
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    assert await ward.fate(held) is Verdict.ACCEPT
    (merge,) = await ward.store.merges.list(limit=9)
    await ward.store.merges.undo(merge.id, WORD, at=NOW)
    assert await ward.count(ALIX) == 0


async def test_a_merge_outlives_the_process(url: str, keys: Keys, ids: SystemIds) -> None:
    lay(url)
    for turn in range(2):
        store = open_store(url, keys=keys, judge=FilingJudge(keys, ids), clock=FixedClock())
        ward = Ward(store, FixedClock())
        if turn == 0:
            await ward.open(ALIX)
            await ward.send(adt(ALIX, "A1", local="IPP1"))
            await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
        assert (await ward.send(numbered(ALIX, f"R{turn}", "IPP2"))).verdict is Verdict.ACCEPT
        await store.close()


async def test_a_reader_sees_a_merge_whole_or_not_at_all(ward: Ward) -> None:
    one, other = await ward.open(ALIX), await ward.open(LOU)
    await ward.send(adt(LOU, "A1", local="IPP2"))
    await ward.send(results(ALIX, "R0"))
    for number in range(1, 4):
        await ward.send(results(LOU, f"R{number}"))
    await ward.send(numbered(LOU, "R4", "IPP2"))
    held = await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    seen: set[tuple[int, int]] = set()
    done = asyncio.Event()

    async def read() -> None:
        while not done.is_set():
            cards = await asyncio.gather(*(ward.store.shelf.cards(key) for key in (one, other)))
            assert {card.patient for card in cards[0]} == {one}
            seen.add((len(cards[0]), len(cards[1])))

    reading = asyncio.create_task(read())
    await ward.decide(held, DeskWord.MERGE)
    for turn in range(10):
        merge = (await ward.store.merges.list(limit=1))[0]
        await ward.store.merges.undo(merge.id, WORD, at=NOW)
        again = await ward.send(a40(ALIX, f"M1{turn}", "IPP2", local="IPP1"))
        await ward.decide(again, DeskWord.MERGE)
    done.set()
    await reading
    assert {pair[0] for pair in seen} <= {1, 5}
    assert {pair[1] for pair in seen} <= {4, 5}
    assert (5, 5) in seen


async def test_a_record_that_takes_many_names_at_once_is_settled_once(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[bytes] = []

    def counting(connection: Connection, name: bytes, *, lost: bool = False) -> None:
        settled.append(name)
        settle_feeding(connection, name, lost=lost)

    monkeypatch.setattr(settling, "settle_feeding", counting)
    await ward.open(ALIX)
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    settled.clear()
    names = "~".join(f"OLD{number}^^^{AUTHORITY}^PI" for number in range(40))
    merged = message(
        msh("ADT^A40^ADT_A39", "M1"), "EVN||20260115101500", pid(ALIX, local="IPP1"), f"MRG|{names}"
    )
    assert (await ward.send(merged)).verdict is Verdict.ACCEPT
    assert settled == [ward.key(ALIX)]
    assert (await ward.send(numbered(ALIX, "R1", "OLD39"))).verdict is Verdict.ACCEPT


@pytest.mark.parametrize(("names", "locks"), [(3, 4), (MAX_LOCKS + 1, 1)])
async def test_a_message_takes_no_more_locks_than_a_server_has(
    postgresql_url: str, keys: Keys, ids: SystemIds, names: int, locks: int
) -> None:
    await asyncio.to_thread(lay, postgresql_url)
    store = open_store(postgresql_url, keys=keys, judge=FilingJudge(keys, ids), clock=FixedClock())
    held = text(  # in the space of names (objsubid 1): the one shared with erasures is beside it
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
        " AND pid = pg_backend_pid()"
    )

    def work(connection: Connection) -> int:
        hold(connection, [(number + 1).to_bytes(8, "big") for number in range(names)])
        return int(connection.execute(held).scalar_one())

    assert await store.database.write(work) == locks
    await store.close()
