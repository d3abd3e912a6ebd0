"""`gateway key`: a new master key is made, brought to its places, and rotated to."""

import json
from pathlib import Path

import pytest
from place import Place, cda, command
from sqlalchemy import update

from gateway.records.patients.patient import DESK, PatientKey
from gateway.store import Store
from gateway.store.schema import data_key

BY = ("--by", "anne")


def listed(place: Place) -> dict[str, tuple[int, str]]:
    """Of each file how many data keys are under it, and what it is."""
    rows = [line.split("\t") for line in place.done("key", "list").splitlines()]
    return {name: (int(count), state) for name, count, state in rows}


def keys_of(place: Place) -> Path:
    return place.config.parent / "keys"


def test_a_key_is_made_then_every_data_key_is_wrapped_by_it(place: Place) -> None:
    place.open_space()
    filed = place.deposit(cda(1))
    [(count, state)] = [listed(place)["master.key"]]
    assert (count > 0, state) == (True, "in force")
    said = place.done("key", "new", *BY)
    assert said.startswith("master-2.key is made, and nothing uses it yet. Bring it to the backup")
    assert listed(place)["master-2.key"] == (0, "made, not used yet")
    made = keys_of(place) / "master-2.key"
    assert (made.stat().st_mode & 0o777, len(made.read_bytes())) == (0o600, 32)
    said = place.done("key", "rotate", *BY)
    assert said.splitlines()[0] == f"{count + 1} data keys are wrapped anew, by master-2.key"
    assert said.splitlines()[1].startswith("master.key may be put away: no data key needs it.")
    assert listed(place) == {
        "master.key": (0, "may be put away"),
        "master-2.key": (count + 1, "in force"),
    }
    (keys_of(place) / "master.key").unlink()
    place.done("replay", filed.receipt, "--dry-run")
    place.done("audit", "verify")
    assert listed(place) == {"master-2.key": (count + 1, "in force")}


def test_who_rotated_stands_in_the_signed_log(place: Place) -> None:
    place.done("key", "new", *BY)
    place.done("key", "rotate", "--by", "marc")

    async def log(store: Store) -> list[tuple[str, str, dict[str, int]]]:
        traces = [one.trace for one in await store.traces.of_patient(DESK, limit=9)]
        return [(one.action, one.actor, json.loads(one.details)) for one in traces]

    assert place.inside(log) == [
        ("master-key-rotated", "marc", {"version": 2, "keys": 1}),
        ("master-key-rotating", "marc", {"version": 2}),
        ("master-key-made", "anne", {"version": 2}),
    ]


def test_without_a_new_key_there_is_nothing_to_rotate_to(place: Place) -> None:
    said = place.fails("key", "rotate", *BY, status=2)
    assert (
        said == "every data key is under master.key, and there is no newer key: gateway key new\n"
    )
    place.done("key", "new", *BY)
    kept = (keys_of(place) / "master-2.key").read_bytes()
    assert "master-2.key is made already" in place.fails("key", "new", *BY, status=2)
    assert (keys_of(place) / "master-2.key").read_bytes() == kept
    place.done("key", "rotate", *BY)
    assert "under master-2.key" in place.fails("key", "rotate", *BY, status=2)
    assert sorted(one.name for one in keys_of(place).iterdir()) == [
        "index.key",
        "log.key",
        "master-2.key",
        "master.key",
    ]


def test_a_second_rotation_follows_the_first_and_an_old_key_is_not_taken_up_again(
    place: Place,
) -> None:
    place.open_space()
    filed = place.deposit(cda(1))
    for _ in range(2):
        place.done("key", "new", *BY)
        place.done("key", "rotate", *BY)
    states = {name: state for name, (_, state) in listed(place).items()}
    assert states == {
        "master.key": "may be put away",
        "master-2.key": "may be put away",
        "master-3.key": "in force",
    }
    (keys_of(place) / "master.key").unlink()
    (keys_of(place) / "master-2.key").unlink()
    place.done("replay", filed.receipt, "--dry-run")


@pytest.mark.parametrize("name", ["master.key", "master-2.key"])
def test_a_rotation_that_damage_holds_up_still_needs_both_keys(place: Place, name: str) -> None:
    patient = place.open_space()
    place.done("key", "new", *BY)
    kept = place.inside(lambda store: spoil(store, patient, bytes(40)))
    said = place.command("key", "rotate", *BY)
    assert (said.status, said.out.splitlines()[1]) == (
        1,
        "1 data keys are damaged and stay as they are: earlier master keys are still needed",
    )
    assert listed(place)["master.key"] == (1, "needed until gateway key rotate is through")
    file = keys_of(place) / name
    file.rename(file.with_suffix(".away"))
    assert place.fails("key", "list", status=2) == (
        f"{name} is missing: restore it from its own backup\n"
    )
    file.with_suffix(".away").rename(file)
    place.inside(lambda store: spoil(store, patient, kept))
    assert "1 data keys are wrapped anew" in place.done("key", "rotate", *BY)


async def spoil(store: Store, patient: PatientKey, wrapped: bytes) -> bytes:
    """Puts other bytes in the place of a wrapped key, and says what stood there."""
    mine = data_key.c.patient == patient
    read = data_key.select().where(mine)
    before = await store.database.read(lambda c: bytes(c.execute(read).one().wrapped))
    change = update(data_key).where(mine).values(wrapped=wrapped)
    await store.database.write(lambda c: c.execute(change).rowcount)
    return before


def test_check_config_names_what_is_wrong_with_any_version(place: Place) -> None:
    place.done("key", "new", *BY)
    key = keys_of(place) / "master-2.key"
    key.chmod(0o640)
    said = command("check-config", str(place.config))
    assert f"master-2.key is open to others: chmod 600 {key}" in said.out
    assert "master-2.key is open to others" in place.fails("key", "list", status=2)


def test_a_restore_says_which_master_keys_its_data_keys_are_under(
    sqlite_place: Place, tmp_path: Path
) -> None:
    place = sqlite_place
    place.open_space()
    place.done("key", "new", *BY)
    place.done("key", "rotate", *BY)
    place.done("backup", str(tmp_path / "copy"))
    for file in place.config.parent.glob("gateway.db*"):
        file.unlink()
    assert "its data keys are under master-2.key\n" in place.done("restore", str(tmp_path / "copy"))
    (keys_of(place) / "master.key").unlink()
    assert listed(place)["master-2.key"][1] == "in force"
    assert "tried" in place.done("restore", str(tmp_path / "copy"), "--try")
