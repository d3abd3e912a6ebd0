"""The seven forgeries of the log, on what a real daemon left behind: its files and its database.

A patient tries the downloaded journal with the offline verifier, as a command of its own; an
operator tries the database with `gateway audit verify`. The honest ones pass both.
"""

import base64
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from configured import Done, gateway
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from daemon_rig import Daemon, Visitor
from papers import Person, number, results

ROOT = Path(__file__).resolve().parents[3]
File = dict[str, Any]


@dataclass(frozen=True)
class Left:
    """What one daemon left: its key, journals of two patients, and its data of two days."""

    key: str
    older: Path
    newer: Path
    others: Path
    yesterday: Path
    today: Path


def verify(*words: str) -> tuple[int, str]:
    """The offline verifier, a process that has nothing of the gateway."""
    line = [sys.executable, "-m", "conformance", "verify", *words]
    return ended(subprocess.run(line, capture_output=True, text=True, cwd=ROOT, check=False))


def audit_verify(place: Path) -> tuple[int, str]:
    return ended(gateway("audit", "verify", "--data", str(place)))


def ended(done: Done) -> tuple[int, str]:
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def acts(daemon: Daemon, who: Person) -> None:
    for _ in range(3):
        assert daemon.mllp(results(who, f"SEVEN{number()}")).code == "AA"
    for one in daemon.search(who)[:3]:
        daemon.content(one)


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    folder = tmp_path_factory.mktemp("log")
    daemon = Daemon(folder / "daemon")
    daemon.folder.mkdir()
    daemon.start()
    try:
        yield _left(daemon, folder)
    finally:
        daemon.end()


def _left(daemon: Daemon, folder: Path) -> Left:
    data = daemon.folder / "data"
    one, other = daemon.lines(login=True)[:2]
    journals = {}
    for day in ("yesterday", "today"):
        if not daemon.alive:
            daemon.start()
            one, other = daemon.lines(login=True)[:2]
        acts(daemon, Person.of(one))
        acts(daemon, Person.of(other))
        patient = Visitor(daemon).sign_in(one)
        key = patient.get("/journal/cle").body.decode().strip()
        journals[day] = _written(folder / f"{day}.json", patient.get("/historique/preuve").body)
        stranger = Visitor(daemon).sign_in(other).get("/historique/preuve").body
        others = _written(folder / "others.json", stranger)
        assert daemon.stop() == 0
        place = next(data.rglob("gateway.db")).parent
        shutil.copytree(place, folder / day)
    return Left(
        key,
        journals["yesterday"],
        journals["today"],
        others,
        folder / "yesterday",
        folder / "today",
    )


def _written(path: Path, text: bytes) -> Path:
    path.write_bytes(text)
    return path


def test_the_honest_journals_and_the_honest_database_are_accepted(left: Left) -> None:
    for words in (
        [str(left.older)],
        [str(left.newer), "--key", left.key],
        [str(left.newer), "--key", left.key, "--previous", str(left.older)],
        [str(left.others), "--key", left.key],
    ):
        status, said = verify(*words)
        assert (status, "Ce journal est valable." in said) == (0, True), said
    status, said = audit_verify(left.today)
    assert (status, ", 0 faults" in said) == (0, True), said


def edited(file: File, _left: Left) -> None:
    one = next(one for one in file["entries"] if "P" in one["shown"])
    one["shown"] = one["shown"].replace('"P', '"F', 1)


def inserted(file: File, _left: Left) -> None:
    invented = dict(file["entries"][-1])
    invented["number"] += 1
    file["entries"].append(invented)


def reordered(file: File, _left: Left) -> None:
    entries = file["entries"]
    entries[0], entries[1] = entries[1], entries[0]


def renumbered(file: File, _left: Left) -> None:
    one, two = file["entries"][:2]
    one["number"], two["number"] = two["number"], one["number"]


def swapped(file: File, left: Left) -> None:
    file["patient"] = json.loads(left.others.read_bytes())["patient"]


def lent(file: File, left: Left) -> None:
    """What was done with somebody else's documents, among mine."""
    others = json.loads(left.others.read_bytes())["entries"]
    file["entries"] = sorted([*file["entries"], others[0]], key=lambda one: int(one["number"]))


def with_another_root(file: File, _left: Left) -> None:
    lines = file["checkpoint"].split("\n")
    lines[2] = base64.b64encode(bytes(32)).decode()
    file["checkpoint"] = "\n".join(lines)


def by_another_key(file: File, _left: Left) -> None:
    """Signed well, in our name and under our key's hash, by somebody else."""
    text = file["checkpoint"][: file["checkpoint"].rindex("\n\n") + 1]
    name, blob = file["checkpoint"].rstrip("\n").rsplit(" ", 2)[1:]
    signature = Ed25519PrivateKey.generate().sign(text.encode())
    signed = base64.b64encode(base64.b64decode(blob)[:4] + signature).decode()
    file["checkpoint"] = f"{text}\n— {name} {signed}\n"


FORGED_FILES: dict[str, tuple[Callable[[File, Left], object], str]] = {
    "truncation": (lambda file, _: file["entries"].pop(), "retirées ou ajoutées"),
    "truncation at the beginning": (lambda file, _: file["entries"].pop(0), "retirées ou ajoutées"),
    "edit": (edited, "changées ou déplacées"),
    "insertion": (inserted, "retirées ou ajoutées"),
    "reordering": (reordered, "changées ou déplacées"),
    "reordering by number": (renumbered, "changées ou déplacées"),
    "swapped patient": (swapped, "une autre personne"),
    "an entry of another patient": (lent, "retirées ou ajoutées"),
    "forged checkpoint": (with_another_root, "signature est fausse"),
    "checkpoint of another key": (by_another_key, "signature est fausse"),
}


@pytest.mark.parametrize("forgery", FORGED_FILES)
def test_a_forged_journal_is_refused_by_the_offline_verifier(
    left: Left, tmp_path: Path, forgery: str
) -> None:
    file = json.loads(left.newer.read_bytes())
    change, words = FORGED_FILES[forgery]
    change(file, left)
    forged = _written(tmp_path / "forged.json", json.dumps(file).encode())
    for more in ([], ["--key", left.key], ["--key", left.key, "--previous", str(left.older)]):
        status, said = verify(str(forged), *more)
        assert (status, "Ce journal n'est pas valable." in said) == (1, True), said
        assert words in said


def test_a_journal_rolled_back_is_refused_beside_the_one_that_was_kept(left: Left) -> None:
    words = [str(left.older), "--key", left.key, "--previous", str(left.newer)]
    status, said = verify(*words)
    assert (status, "il est revenu en arrière" in said) == (1, True), said


def test_the_journal_of_somebody_else_is_refused_beside_mine(left: Left) -> None:
    words = [str(left.others), "--key", left.key, "--previous", str(left.older)]
    status, said = verify(*words)
    assert (status, "même personne" in said) == (1, True), said


def test_a_journal_that_names_a_key_of_its_own_is_refused(left: Left, tmp_path: Path) -> None:
    """The whole file made anew by a forger: only the published key tells."""
    file = json.loads(left.newer.read_bytes())
    name = left.key.partition("+")[0]
    file["key"] = left.key.replace(name, f"{name}x")
    forged = _written(tmp_path / "forged.json", json.dumps(file).encode())
    assert verify(str(forged))[0] == 1


FORGED_DATABASES: dict[str, tuple[list[str], str]] = {
    "truncation": (
        ["DELETE FROM trace WHERE number > (SELECT max(number) FROM trace) - 3"],
        "are missing",
    ),
    "truncation with its traces wiped": (
        [
            "DELETE FROM trace WHERE number > (SELECT max(number) FROM trace) - 3",
            "DELETE FROM checkpoint WHERE size > (SELECT max(number) FROM trace)",
            "UPDATE counter SET next = (SELECT max(number) FROM trace) + 1 WHERE name = 'trace'",
        ],
        "were signed, the log holds",
    ),
    "edit": (["UPDATE trace SET document = 'x' WHERE number = 4"], "entry 4 is altered"),
    "edit of the instant": (["UPDATE trace SET at = at + 1 WHERE number = 4"], "entry 4 is alt"),
    "insertion": (
        [
            "UPDATE trace SET number = -number - 1 WHERE number >= 8",
            "UPDATE trace SET number = -number WHERE number < 0",
            "INSERT INTO trace (number, patient, document, at, leaf, sealed)"
            " SELECT 8, patient, document, at, leaf, sealed FROM trace WHERE number = 7",
            "UPDATE counter SET next = next + 1 WHERE name = 'trace'",
        ],
        "entry 8 is altered",
    ),
    "reordering": (
        [
            "UPDATE trace SET number = -2 WHERE number = 2",
            "UPDATE trace SET number = 2 WHERE number = 5",
            "UPDATE trace SET number = 5 WHERE number = -2",
        ],
        "entry 5 is altered",
    ),
    "swapped patient": (
        [
            "UPDATE trace SET patient = (SELECT max(patient) FROM trace)"
            " WHERE number = (SELECT max(number) FROM trace"
            " WHERE patient < (SELECT max(patient) FROM trace))"
        ],
        "is altered",
    ),
    "forged checkpoint": (
        [
            "UPDATE checkpoint SET root = zeroblob(32)"
            " WHERE size = (SELECT max(size) FROM checkpoint)"
        ],
        "was changed",
    ),
    "forged signature": (
        [
            "UPDATE checkpoint SET note = replace(note, '/', '+')"
            " WHERE size = (SELECT max(size) FROM checkpoint)"
        ],
        "is forged",
    ),
}


@pytest.mark.parametrize("forgery", FORGED_DATABASES)
def test_a_forged_database_is_refused_by_audit_verify(
    left: Left, tmp_path: Path, forgery: str
) -> None:
    place = tmp_path / "data"
    shutil.copytree(left.today, place)
    statements, words = FORGED_DATABASES[forgery]
    with closing(sqlite3.connect(place / "gateway.db")) as database, database:
        for one in statements:
            assert database.execute(one).rowcount, one
    status, said = audit_verify(place)
    assert (status, words in said) == (1, True), said


def test_a_database_rolled_back_is_refused_by_audit_verify(left: Left, tmp_path: Path) -> None:
    """Yesterday's database under the head that was kept apart today."""
    place = tmp_path / "data"
    shutil.copytree(left.today, place)
    for file in place.glob("gateway.db*"):
        file.unlink()
    for file in left.yesterday.glob("gateway.db*"):
        shutil.copy(file, place)
    status, said = audit_verify(place)
    assert (status, "were signed, the log holds" in said) == (1, True), said
