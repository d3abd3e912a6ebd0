"""`gateway person erase` and `receipt`: two people, one commit, and no way back by a backup."""

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from cda_sample import INS_OID
from place import INS, OTHER_INS, Place, Said, cda

from gateway.clock import SystemClock
from gateway.flows.erasing.bury import Erase
from gateway.records.patients.account import AccountState
from gateway.store import Store, schema

WHO = ("--ins", INS)


def closed(place: Place, *, asked: bool = True) -> None:
    """As the owner of the space closed it a month ago."""
    at = int((SystemClock().now() - timedelta(days=30)).timestamp() * 1_000_000)
    t = schema.patient

    async def work(store: Store) -> None:
        key = store.keys.patient_key(INS_OID, INS)
        values = {"state": AccountState.CLOSED.value, "closed_at": at}
        more = {"deletion_asked_at": at} if asked else {}
        shut = t.update().where(t.c.patient == key).values(**values, **more)
        await store.database.write(lambda connection: connection.execute(shut).rowcount)

    place.inside(work)


def proposed(place: Place, by: str = "Lou Testeur") -> Said:
    words = ("--by", by, "--reason", "asked by letter")
    return place.command("person", "erase", *WHO, *words)


def confirmed(place: Place, by: str = "Camille Fabre") -> Said:
    return place.command("person", "erase", *WHO, "--by", by, "--confirm")


def number_of(said: Said) -> str:
    return said.out.split()[1].rstrip(":")


def furnished(place: Place) -> str:
    """The receipt of a document of a person, beside another person."""
    place.open_space()
    place.open_space(OTHER_INS, family="AUTRE")
    answer = place.deposit(cda(1))
    assert answer.documents
    return answer.receipt


def erased(place: Place) -> Said:
    closed(place)
    assert proposed(place).status == 0
    said = confirmed(place)
    assert said.status == 0, said
    return said


def elsewhere(place: Place, name: str, *, keys: bool = True) -> Place:
    here = place.config.parent
    other = here.with_name(name)
    other.mkdir()
    if keys:
        shutil.copytree(here / "keys", other / "keys")
    shutil.copy(place.config, other)
    return Place(other / "gateway.toml")


def test_two_people_erase_a_person_and_the_log_verifies(place: Place) -> None:
    furnished(place)
    assert "is active" in proposed(place).err
    closed(place)
    assert "nothing of this person waits" in confirmed(place).err
    assert proposed(place).status == 0
    same = confirmed(place, "lou  TESTEUR")
    assert (same.status, "second person confirms" in same.err) == (1, True)
    said = confirmed(place)
    assert said.status == 0, said
    assert "1 documents, 1 messages" in said.out
    lines = [json.loads(line + "]") for line in said.out.splitlines() if line.startswith('["')]
    assert place.inside(_name) in [name for (name,) in lines]
    told = place.done("audit", "verify")
    assert "0 faults" in told
    assert "leaves of 1 erasures stand in the tree as they were left" in told
    shown = place.done("person", "receipt", number_of(said))
    assert shown == place.done("person", "receipt", *WHO)
    assert "Documents supprimés : 1" in shown
    assert "nobody is known" in confirmed(place).err


async def _name(store: Store) -> str:
    return store.keys.patient_key(INS_OID, INS).hex()


def test_a_person_opened_anew_is_empty_and_takes_documents(place: Place) -> None:
    furnished(place)
    erased(place)
    place.open_space()

    async def count(store: Store) -> int:
        return len(await store.shelf.cards(store.keys.patient_key(INS_OID, INS)))

    assert place.inside(count) == 0
    assert place.deposit(cda(1)).documents
    assert place.inside(count) == 1
    place.done("audit", "verify")


def test_an_older_backup_brings_nobody_back(sqlite_place: Place, tmp_path: Path) -> None:
    place, old, new = sqlite_place, tmp_path / "old", tmp_path / "new"
    receipt = furnished(place)
    place.done("backup", str(old))
    number = number_of(erased(place))
    place.done("backup", str(new))
    name = place.inside(_name)
    assert name in (old / "data-keys.jsonl").read_text()
    assert name not in (new / "data-keys.jsonl").read_text()
    beside = place.config.parent / "keys" / "erased.jsonl"
    assert number in beside.read_text()
    assert (new / "erased.jsonl").read_text() == beside.read_text()

    by_keys = elsewhere(place, "by-keys")
    assert "1 erased since the backup" in by_keys.done("restore", str(old))
    shown = by_keys.done("person", "receipt", number)
    assert shown == place.done("person", "receipt", number)
    by_keys.fails("replay", receipt, "--dry-run")
    by_keys.done("audit", "verify", "--help")
    assert by_keys.inside(_people) == (False, True)

    by_later = elsewhere(place, "by-later")
    (by_later.config.parent / "keys" / "erased.jsonl").unlink()
    words = ("--erased", str(new / "erased.jsonl"))
    assert "1 erased since" in by_later.done("restore", str(old), *words)
    assert by_later.inside(_people) == (False, True)

    keyless = elsewhere(place, "keyless", keys=False)
    assert "keys are not here yet" in keyless.done("restore", str(old), *words)
    folder = keyless.config.parent / "keys"
    for file in (place.config.parent / "keys").glob("*.key"):
        shutil.copy(file, folder)
    assert keyless.inside(_people) == (False, True)
    assert "is no file" in keyless.fails("restore", str(old), "--erased", "/no", status=2)


async def _people(store: Store) -> tuple[bool, bool]:
    keys = [store.keys.patient_key(INS_OID, ins) for ins in (INS, OTHER_INS)]
    one, other = [await store.people.person(key) is not None for key in keys]
    return one, other


def test_keys_that_cannot_be_written_beside_are_said(sqlite_place: Place) -> None:
    place = sqlite_place
    furnished(place)
    closed(place)
    assert proposed(place).status == 0
    folder = place.config.parent / "keys"
    (folder / ".erased.jsonl.writing").mkdir()  # nothing can be written under this name
    said = confirmed(place)
    assert (said.status, "not kept beside the keys" in said.err) == (1, True), said
    (folder / ".erased.jsonl.writing").rmdir()
    place.inside(_people)
    assert os.path.exists(folder / "erased.jsonl")


class Killed(BaseException):
    """As no command catches it."""


def test_who_confirms_again_after_a_kill_is_told_what_is_left(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def kill(*_words: object) -> bool:
        raise Killed

    furnished(place)
    closed(place)
    assert proposed(place).status == 0
    with monkeypatch.context() as patched:
        patched.setattr(Erase, "_finish", kill)
        with pytest.raises(Killed):
            confirmed(place)
    said = confirmed(place)
    assert (said.status, "keys of this person are destroyed already" in said.err) == (1, True), said


@pytest.mark.parametrize(
    ("words", "status", "wrong"),
    [
        (("erase", *WHO, "--by", "Lou"), 2, "--reason is needed"),
        (("erase", *WHO, "--by", " ", "--reason", "x"), 2, "cannot be empty"),
        (("erase", "--ins", "199019999999938", "--by", "Lou", "--reason", "x"), 1, "nobody is"),
        (("receipt",), 2, "say which"),
        (("receipt", "0" * 32), 1, "no receipt"),
        (("receipt", *WHO), 1, "no receipt"),
    ],
)
def test_what_is_wrong_is_said(
    sqlite_place: Place, words: tuple[str, ...], status: int, wrong: str
) -> None:
    assert wrong in sqlite_place.fails("person", *words, status=status)


def test_a_key_that_was_taken_out_is_named_and_its_record_may_be_erased(place: Place) -> None:
    furnished(place)

    async def take_out(store: Store) -> None:
        whose = schema.data_key.c.patient == store.keys.patient_key(INS_OID, INS)
        gone = schema.data_key.delete().where(whose)
        await store.database.write(lambda connection: connection.execute(gone).rowcount)

    place.inside(take_out)
    named = f"the key of record {place.inside(_name)} is missing"
    assert named in place.command("key", "list").out
    told = place.done("audit", "verify")
    assert named in told
    assert "0 faults" in told
    assert proposed(place).status == 0
    said = confirmed(place)
    assert said.status == 0, said
    assert place.command("key", "list").status == 0
    assert "is missing" not in place.done("audit", "verify")
    place.open_space()
    assert place.deposit(cda(1)).documents
