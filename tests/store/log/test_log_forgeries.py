"""Each of the seven forgeries of the log, really done to a database; the honest log is accepted.

Who forges here holds the database and its keys. What he cannot change is what was signed and
carried away: the head kept apart, and the signatures of heads.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from laid import lay
from log_house import KEY, LogHouse
from sqlalchemy import Connection, delete, select, update
from store_house import FixedClock, PlainJudge
from ward_house import ALIX, Ward, a40, numbered

from gateway.audit.checkpoint import signed
from gateway.audit.note import SigningKey
from gateway.clock import SystemIds
from gateway.flows.log.seal import BrokenLogError
from gateway.flows.log.verify_log import VerifyLog
from gateway.records.log import Grown, Sealed
from gateway.store import Keys, Store, backup, open_store, restore
from gateway.store.log.log import DatabaseLog
from gateway.store.schema import data_key, document, local_name

OTHER = SigningKey(KEY.name, bytes(32))


@pytest.fixture
async def house(store: Store, tmp_path: Path) -> LogHouse:
    """Ten entries of Anne, five of Paul, ten of Anne; signed after ten and at the end."""
    made = LogHouse(store, tmp_path)
    await made.people()
    await made.grow(10)
    assert await made.sealed() == 10
    await made.grow(5, who=1)
    await made.grow(10)
    assert await made.sealed() == 25
    return made


async def test_the_honest_log_is_accepted(house: LogHouse) -> None:
    found = await house.verify()
    assert (found.faults, found.size, found.heads) == ([], 25, 2)
    await house.grow(3)
    assert (await house.verify()).faults == []
    assert await house.sealed() == 28


async def refused(house: LogHouse, *words: str) -> None:
    """Verification names it, and nothing more is signed."""
    found = await house.verify()
    assert found.count
    for one in words:
        assert any(one in fault for fault in found.faults), found.faults


async def not_signed(house: LogHouse, words: str) -> None:
    with pytest.raises(BrokenLogError, match=words):
        await house.seal()


async def test_a_log_that_was_cut_is_refused(house: LogHouse) -> None:
    await house.change("DELETE FROM trace WHERE number > 22")
    await refused(house, "3 entries are missing", "25 entries were signed, the log holds 22")
    await not_signed(house, "missing|rolled back")


async def test_a_log_that_was_cut_with_all_traces_of_it_wiped_is_refused(house: LogHouse) -> None:
    await house.change(
        "DELETE FROM trace WHERE number > 22",
        "DELETE FROM checkpoint WHERE size > 22",
        "UPDATE counter SET next = 23 WHERE name = 'trace'",
    )
    await refused(house, "25 entries were signed, the log holds 22")
    await not_signed(house, "it was rolled back")


async def test_a_database_that_was_rolled_back_is_refused(
    house: LogHouse, url: str, keys: Keys, tmp_path: Path, judge: PlainJudge
) -> None:
    """The database of yesterday, put back whole by its own backup."""
    if not url.startswith("sqlite"):
        pytest.skip("a restore needs a place of its own: tried on a file")
    backup(url, tmp_path / "yesterday")
    await house.grow(4)
    assert await house.sealed() == 29
    place = f"sqlite:///{tmp_path}/restored.sqlite3"
    restore(tmp_path / "yesterday", place)
    again = open_store(place, keys=keys, judge=judge, clock=FixedClock())
    back = LogHouse(again, tmp_path)
    try:
        await refused(back, "29 entries were signed, the log holds 25")
        await not_signed(back, "it was rolled back")
        await back.grow(9)
        await refused(back, "the first 29 entries are not those that were signed")
        await not_signed(back, "the first 29 entries are not those")
    finally:
        await again.close()


async def test_an_entry_that_was_edited_is_refused(house: LogHouse) -> None:
    """Of the name, with row, seal and leaf made anew so that they fit."""
    await house.write_again(3, actor_name="Dr Personne")
    await refused(house, "the first 10 entries are not those", "the first 25 entries are not")


async def test_an_edit_of_one_column_is_named_by_its_entry(house: LogHouse) -> None:
    await house.change("UPDATE trace SET document = 'x' WHERE number = 4")
    await refused(house, "entry 4 is altered")


@pytest.mark.parametrize(
    "change",
    [
        "at = at + 1",
        "document = ''",
        "number = 400",
        "patient = leaf",
        "leaf = sealed",
        "sealed = leaf",
    ],
)
async def test_a_change_of_any_column_is_named_by_its_entry(house: LogHouse, change: str) -> None:
    """Also of whose entry it is: a person who never was is not one whose key was destroyed."""
    await house.store.traces.write([replace(house.trace(1), document="d")])
    await house.change(f"UPDATE trace SET {change} WHERE number = 26")  # noqa: S608 - ours
    named = "entry 400 is altered" if "number" in change else "entry 26 is altered"
    await refused(house, named)


async def test_a_key_that_is_missing_is_told_by_its_record_and_is_no_fault(house: LogHouse) -> None:
    def erase(connection: Connection) -> None:
        whose = data_key.c.patient == house.key(1)
        connection.execute(delete(data_key).where(whose))

    await house.store.database.write(erase)
    house.store.database.keyring._cache.clear()
    found = await house.verify()
    assert (found.faults, found.unreadable, found.missing) == ([], 0, {house.key(1): 5})


@pytest.mark.parametrize("merge", ["still stands", "is undone"])
async def test_the_missing_key_of_a_local_number_is_no_fault(ward: Ward, merge: str) -> None:
    """They stand in the log under the number that their sender used, which is no patient's."""
    await ward.open(ALIX)
    await ward.send(a40(ALIX, "M0", "7001"))
    assert (await ward.send(numbered(ALIX, "R1", "7001"))).documents

    def erase(connection: Connection) -> None:
        own = data_key.c.patient.in_(select(document.c.patient))
        assert connection.execute(delete(data_key).where(own)).rowcount == 1
        if merge == "is undone":
            connection.execute(delete(local_name))

    await ward.store.database.write(erase)
    ward.store.database.keyring._cache.clear()
    found = await VerifyLog(ward.store.log_reader, ward.store.log, KEY.verifier)()
    assert (found.faults, list(found.missing.values())) == ([], [2])


async def test_a_damaged_key_does_not_stop_the_reading_of_the_rest(house: LogHouse) -> None:
    def damage(connection: Connection) -> None:
        whose = data_key.c.patient == house.key(1)
        connection.execute(update(data_key).where(whose).values(wrapped=bytes(40)))

    await house.store.database.write(damage)
    house.store.database.keyring._cache.clear()
    found = await house.verify()
    key = house.key(1).hex()
    assert found.faults == [f"the key of record {key} is damaged: 5 entries of it are closed"]


async def test_a_count_that_was_set_back_is_named(house: LogHouse) -> None:
    """Every new entry would take the number of one that is there."""
    await house.change("UPDATE counter SET next = 20 WHERE name = 'trace'")
    await refused(house, "the count of entries was set back to 19")


async def test_an_entry_that_was_inserted_is_refused(house: LogHouse) -> None:
    """Everything after it moves up by one, and the count is raised."""
    await house.change(
        "UPDATE trace SET number = -number - 1 WHERE number >= 8",
        "UPDATE trace SET number = -number WHERE number < 0",
        "INSERT INTO trace (number, patient, document, at, leaf, sealed)"
        " SELECT 8, patient, document, at, leaf, sealed FROM trace WHERE number = 7",
        "UPDATE counter SET next = next + 1 WHERE name = 'trace'",
    )
    await refused(house, "entry 8 is altered", "the first 10 entries are not those")


async def test_entries_that_were_reordered_are_refused(house: LogHouse) -> None:
    await house.change(
        "UPDATE trace SET number = -2 WHERE number = 2",
        "UPDATE trace SET number = 2 WHERE number = 5",
        "UPDATE trace SET number = 5 WHERE number = -2",
    )
    await refused(house, "entry 2 is altered", "entry 5 is altered", "the first 10 entries are not")


async def test_an_entry_that_was_given_to_another_patient_is_refused(house: LogHouse) -> None:
    """What Anne's record says was done is now said of Paul's."""
    await house.write_again(6, patient=house.key(1))
    await refused(house, "the first 10 entries are not those")


async def test_a_checkpoint_that_was_forged_is_refused(house: LogHouse) -> None:
    last = await house.store.log.latest()
    assert last is not None
    forged = replace(last, size=26, note=signed(26, last.root, OTHER))
    await house.store.log.keep(forged, ())
    await refused(house, "the checkpoint of 26 entries is forged")
    await not_signed(house, "not ours")


async def test_a_checkpoint_whose_row_says_something_else(house: LogHouse) -> None:
    await house.change("UPDATE checkpoint SET root = peaks WHERE size = 25")
    await refused(house, "the checkpoint of 25 entries was changed")


@pytest.mark.parametrize("size", [10, 25])
async def test_an_edge_kept_beside_a_checkpoint_that_was_changed(
    house: LogHouse, size: int
) -> None:
    await house.change(f"UPDATE checkpoint SET peaks = root WHERE size = {size:d}")  # noqa: S608 - ours
    await refused(house, f"the hashes beside the checkpoint of {size} were changed")


@pytest.mark.parametrize(
    ("change", "entries"),
    [
        ("UPDATE log_node SET place = 7 WHERE place = 0", "1 to 256"),
        ("DELETE FROM log_node WHERE place = 1", "257 to 512"),
        ("UPDATE log_node SET hash = (SELECT root FROM checkpoint WHERE size = 25)", "1 to 256"),
    ],
)
async def test_what_is_kept_of_the_tree_is_named_by_its_entries(
    house: LogHouse, change: str, entries: str
) -> None:
    """Proofs are made of it: with a wrong one nothing can be proved or signed."""
    await house.grow(300)
    assert await house.sealed() == 325
    await house.grow(300)
    assert (await house.verify()).faults == []
    assert await house.sealed() == 625
    await house.change(change)
    await refused(house, f"the hash kept of entries {entries} is missing or changed")


async def test_a_head_kept_apart_that_is_no_head_is_never_signed_over(house: LogHouse) -> None:
    await house.witness.keep("nothing\n")
    await not_signed(house, "kept apart is not one of this log")


async def test_a_tree_whose_kept_nodes_are_gone_is_not_signed(
    url: str, keys: Keys, tmp_path: Path
) -> None:
    lay(url)
    store = open_store(url, keys=keys, judge=PlainJudge(keys, SystemIds()), clock=FixedClock())
    house = LogHouse(store, tmp_path)
    try:
        await house.grow(700)
        assert await house.seal()
        await house.grow(600)
        await house.change("DELETE FROM log_node")
        await not_signed(house, "a part of the tree")
    finally:
        await store.close()


async def test_several_processes_may_seal_one_log(house: LogHouse) -> None:
    await house.grow(300)
    one = await house.seal()
    await house.grow(300)
    two, three = house.seal, house.seal
    heads = await two(), await three()
    assert [head and head.size for head in heads] == [625, 625]
    assert one is not None
    assert one.size == 325
    assert (await house.verify()).faults == []


async def test_a_longer_log_that_another_signs_meanwhile_is_no_roll_back(
    house: LogHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = DatabaseLog.grown

    async def overtaken(self: DatabaseLog, since: Sealed | None) -> Grown:
        grown = await plain(self, since)
        monkeypatch.setattr(DatabaseLog, "grown", plain)
        await house.grow(1)
        assert await house.sealed() == 27
        return grown

    await house.grow(1)
    monkeypatch.setattr(DatabaseLog, "grown", overtaken)
    assert await house.sealed() >= 26
