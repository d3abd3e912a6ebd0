"""The file that a patient takes away: two readers who share no line agree on it, honest or not."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from log_house import KEY, LogHouse

from conformance.cli import main as conformance
from gateway.audit.checkpoint import signed, verified
from gateway.audit.note import SigningKey
from gateway.audit.proof_check import check_file
from gateway.audit.proof_file import statement
from gateway.errors import DeniedError
from gateway.store import Store

File = dict[str, Any]
OTHER = SigningKey(KEY.name, bytes(32))


@pytest.fixture
async def house(store: Store, tmp_path: Path) -> LogHouse:
    made = LogHouse(store, tmp_path)
    await made.people()
    for _ in range(3):
        await made.grow(4)
        await made.grow(90, who=1)
    return made


class Reader:
    """Both verifiers on files of this folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def write(self, name: str, text: bytes | str) -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def kit(self, file: Path, *more: str) -> tuple[int, str]:
        status = conformance(["verify", str(file), *more])
        said = self.capsys.readouterr()
        return status, said.out + said.err

    def refuse(self, text: bytes | str, *more: str) -> str:
        file = self.write("forged.json", text)
        status, words = self.kit(file, "--key", str(KEY.verifier), *more)
        assert status == 1
        assert "n'est pas valable" in words
        return words


@pytest.fixture
def reader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Reader:
    return Reader(tmp_path, capsys)


async def test_the_honest_file_is_accepted_by_both(house: LogHouse, reader: Reader) -> None:
    text = await house.file()
    file = json.loads(text)
    assert [one["words"]["what"] for one in file["entries"]][-1] == "journal"
    assert "rules" not in text.decode()
    found = check_file(text, KEY.verifier)
    assert (found.faults, found.entries, found.opened) == ((), 13, 13)
    path = reader.write("honest.json", text)
    status, words = reader.kit(path, "--key", str(KEY.verifier))
    assert status == 0
    assert "Ce journal est valable." in words
    key = reader.write("key.txt", f"{KEY.verifier}\n")
    assert reader.kit(path, "--key", str(key))[0] == 0
    status, words = reader.kit(path)
    assert status == 0
    assert "Comparez-la" in words


async def test_a_later_file_continues_an_earlier_one(house: LogHouse, reader: Reader) -> None:
    first = reader.write("first.json", await house.file())
    await house.grow(5, who=1)
    second = reader.write("second.json", await house.file())
    await house.grow(2)
    text = await house.file()
    third = reader.write("third.json", text)
    assert len(json.loads(text)["earlier"]) == 2
    assert check_file(text, KEY.verifier).faults == ()
    for older in (first, second, third):
        status, words = reader.kit(third, "--previous", str(older))
        assert (status, "inchangé" in words) == (0, True)


async def test_another_patient_never_gets_it(house: LogHouse) -> None:
    with pytest.raises(DeniedError):
        await house.prove(house.reader(1), house.key(0), lambda _trace: {})


FORGERIES: dict[str, Callable[[File], None]] = {
    "truncation": lambda file: file["entries"].pop(),
    "truncation in the middle": lambda file: file["entries"].pop(3),
    "edit of the rule": lambda file: edit(file, "shown", "P11", "P06"),
    "edit of the words": lambda file: file["entries"][2]["words"].update(who="Personne"),
    "edit of the time": lambda file: edit(file, "at", "2026", "2025"),
    "insertion": lambda file: file["entries"].insert(1, dict(file["entries"][0])),
    "reordering": lambda file: file["entries"].reverse(),
    "swapped patient": lambda file: file.update(patient="11" * 16),
}


def edit(file: File, name: str, old: str, new: str) -> None:
    one = file["entries"][1]
    assert old in one[name]
    one[name] = one[name].replace(old, new)


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_forged_file_is_refused_by_both(
    house: LogHouse, reader: Reader, forgery: str
) -> None:
    file = json.loads(await house.file())
    FORGERIES[forgery](file)
    text = json.dumps(file)
    reader.refuse(text)
    assert check_file(text.encode(), KEY.verifier).faults


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_forger_who_signs_the_statement_anew_is_refused_by_both(
    house: LogHouse, reader: Reader, forgery: str
) -> None:
    """A gateway that lies can only leave entries out, or put them in other words."""
    file = json.loads(await house.file())
    FORGERIES[forgery](file)
    head = verified(file["checkpoint"], KEY.verifier)
    file["statement"] = KEY.sign(statement(KEY.name, file["patient"], head, file["entries"]))
    text = json.dumps(file)
    if "truncation" in forgery or "words" in forgery:
        assert check_file(text.encode(), KEY.verifier).faults == ()
        return
    reader.refuse(text)
    assert check_file(text.encode(), KEY.verifier).faults


async def test_entries_left_out_by_the_gateway_itself_show_beside_an_older_file(
    house: LogHouse, reader: Reader
) -> None:
    first = reader.write("first.json", await house.file())
    second = json.loads(await house.file())
    del second["entries"][4]
    head = verified(second["checkpoint"], KEY.verifier)
    second["statement"] = KEY.sign(statement(KEY.name, second["patient"], head, second["entries"]))
    words = reader.refuse(json.dumps(second), "--previous", str(first))
    assert "manque ou a changé" in words


async def test_a_forged_checkpoint_is_refused_by_both(house: LogHouse, reader: Reader) -> None:
    file = json.loads(await house.file())
    size, root = int(file["checkpoint"].split("\n")[1]), bytes(32)
    for note in (
        signed(size, root, OTHER),
        file["checkpoint"].replace(f"\n{size}\n", f"\n{size + 1}\n"),
        signed(size, root, KEY),
        "",
    ):
        text = json.dumps(file | {"checkpoint": note})
        reader.refuse(text)
        assert check_file(text.encode(), KEY.verifier).faults


async def test_a_rolled_back_log_shows_beside_an_older_file(
    house: LogHouse, reader: Reader
) -> None:
    """Signed by the true key, over a log that lost its end and grew otherwise."""
    first = reader.write("first.json", await house.file())
    await house.change(
        "DELETE FROM trace WHERE number > 200",
        "DELETE FROM checkpoint",
        "DELETE FROM log_node",
        "UPDATE counter SET next = 201 WHERE name = 'trace'",
    )
    house.witness.file.unlink()
    shorter = await house.file()
    assert check_file(shorter, KEY.verifier).faults == ()
    words = reader.refuse(shorter, "--previous", str(first))
    assert "revenu en arrière" in words
    await house.grow(200, who=1)
    longer = await house.file()
    words = reader.refuse(longer, "--previous", str(first))
    assert "Rien ne prouve" in words


async def test_the_file_of_somebody_else_is_not_the_next_of_mine(
    house: LogHouse, reader: Reader
) -> None:
    mine = reader.write("mine.json", await house.file())
    words = reader.refuse(await house.file(who=1), "--previous", str(mine))
    assert "même personne" in words


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": "passerelle-journal/1"}',
        b'{"format": "passerelle-journal/1", "entries": [{}]}',
        b'{"format": "passerelle-journal/1", "entries": 5, "checkpoint": []}',
    ],
)
def test_any_bytes_are_refused_in_words(reader: Reader, text: bytes) -> None:
    reader.refuse(text)
    assert check_file(text, KEY.verifier).faults


def test_a_command_that_cannot_be_carried_out_says_so(reader: Reader, tmp_path: Path) -> None:
    file, absent = reader.write("file.json", b"{}"), tmp_path / "absent"
    cannot, none = "Impossible de vérifier : ", "ce fichier n'existe pas.\n"
    assert reader.kit(absent) == (2, f"{cannot}{absent} : {none}")
    told = f"{cannot}{tmp_path} : c'est un dossier, pas un fichier.\n"
    assert reader.kit(tmp_path) == (2, told)
    assert reader.kit(file, "--previous", str(absent)) == (2, f"{cannot}{absent} : {none}")
    for no_key in ("no+key", "", str(absent), str(tmp_path)):
        status, words = reader.kit(file, "--key", no_key)
        assert (status, words.count("\n")) == (2, 1), words


def test_of_two_files_it_is_told_which_one_is_wrong(reader: Reader) -> None:
    file, old = reader.write("file.json", b"{}"), reader.write("old.json", b"")
    status, words = reader.kit(file, "--previous", str(old))
    assert (status, "L'ancien fichier (--previous) est en cause" in words) == (1, True)


def test_a_file_whose_own_key_has_no_name_that_can_be_written_is_refused(reader: Reader) -> None:
    blob = base64.b64encode(b"\x01" + bytes(32)).decode()
    key = f"\\ud800+00000000+{blob}"
    text = f'{{"format": "passerelle-journal/1", "key": "{key}", "entries": []}}'
    status, words = reader.kit(reader.write("forged.json", text))
    assert (status, "La clé n'est pas écrite" in words) == (1, True)
