"""`gateway pack`: what was filed comes back out as an archive that means the same."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from place import Place, cda

from gateway.mapping.cda import understand_cda
from gateway.mapping.xdm import understand_xdm
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.patients.account import Trace
from gateway.store import Store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "out.zip"


def test_a_packed_receipt_is_read_back_with_the_same_metadata(place: Place, file: Path) -> None:
    place.open_space()
    raw = cda(1)
    filed = place.deposit(raw)
    assert filed.verdict is Verdict.ACCEPT
    place.done("pack", filed.receipt, "--xdm", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    read = understand_xdm(file.read_bytes(), DEFAULT_READING)
    assert read.verdict is Verdict.ACCEPT
    assert read.contents[0].body == raw
    (document,) = read.documents
    (own,) = understand_cda(raw, DEFAULT_READING).documents
    assert replace(document, hash_ok=None, size_ok=None) == own
    assert read.submission is not None
    assert read.submission.patient_id == "1.2.250.1.213.1.4.10^255089999999966"


def test_an_archive_packed_again_keeps_its_submission(place: Place, tmp_path: Path) -> None:
    place.open_space()
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    place.done("pack", place.deposit(cda(1)).receipt, "--xdm", str(first))
    other = first.read_bytes()
    answer = place.deposit(other)
    assert [one.code for one in answer.findings] == ["already-filed"]
    place.done("pack", answer.receipt, "--xdm", str(second))
    assert (
        understand_xdm(second.read_bytes(), DEFAULT_READING).submission
        == understand_xdm(other, DEFAULT_READING).submission
    )


def test_packing_is_in_the_history_of_the_document(place: Place, file: Path) -> None:
    key = place.open_space()
    filed = place.deposit(cda(1))
    place.done("pack", filed.receipt, "--xdm", str(file), "--by", "Lou Testeur")

    async def traces(store: Store) -> list[Trace]:
        return await store.traces.of_document(key, filed.documents[0].id, limit=5)

    newest = place.inside(traces)[0].trace
    assert (newest.action, newest.actor_name) == ("export", "Lou Testeur")


def test_what_cannot_be_packed_is_said_and_no_file_is_made(place: Place, file: Path) -> None:
    place.open_space()
    held = place.deposit(cda(1, ins=None))
    told = place.fails("pack", held.receipt, "--xdm", str(file))
    assert "no document on the shelf" in told
    place.fails("pack", "f" * 32, "--xdm", str(file))
    assert not file.exists()
    file.write_bytes(b"mine")
    filed = place.deposit(cda(2))
    place.fails("pack", filed.receipt, "--xdm", str(file), status=2)
    assert file.read_bytes() == b"mine"
