"""`gateway pack`: what was filed comes back out as an archive that means the same."""

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.mapping.cda import understand_cda
from gateway.mapping.xdm import understand_xdm
from gateway.records.account import Trace
from gateway.records.filing import Answer
from gateway.records.finding import Verdict
from gateway.records.patient import PatientKey
from gateway.records.reading import DEFAULT_READING
from gateway.store import Store

Cda = Callable[..., bytes]
Deposit = Callable[[bytes], Answer]
OpenSpace = Callable[..., PatientKey]


def test_a_packed_receipt_is_read_back_with_the_same_metadata(
    config: str, cda: Cda, deposit: Deposit, open_space: OpenSpace, tmp_path: Path
) -> None:
    open_space()
    raw = cda(1)
    filed = deposit(raw)
    assert filed.verdict is Verdict.ACCEPT
    file = tmp_path / "out.zip"
    assert main(["pack", filed.receipt, "--xdm", str(file), "--config", config]) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    read = understand_xdm(file.read_bytes(), DEFAULT_READING)
    assert read.verdict is Verdict.ACCEPT
    assert read.contents[0].body == raw
    (document,) = read.documents
    (own,) = understand_cda(raw, DEFAULT_READING).documents
    assert replace(document, hash_ok=None, size_ok=None) == own
    assert read.submission is not None
    assert read.submission.patient_id == "1.2.250.1.213.1.4.10^255089999999966"


def test_an_archive_packed_again_keeps_its_submission(
    config: str, cda: Cda, deposit: Deposit, open_space: OpenSpace, tmp_path: Path
) -> None:
    open_space()
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    place = ["--config", config]
    assert main(["pack", deposit(cda(1)).receipt, "--xdm", str(first), *place]) == 0
    other = first.read_bytes()
    answer = deposit(other)
    assert [one.code for one in answer.findings] == ["already-filed"]
    assert main(["pack", answer.receipt, "--xdm", str(second), *place]) == 0
    assert (
        understand_xdm(second.read_bytes(), DEFAULT_READING).submission
        == understand_xdm(other, DEFAULT_READING).submission
    )


def test_packing_is_in_the_history_of_the_document(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    inside: Callable[..., list[Trace]],
    tmp_path: Path,
) -> None:
    key = open_space()
    filed = deposit(cda(1))
    words = ["--xdm", str(tmp_path / "out.zip"), "--by", "Lou Testeur", "--config", config]
    assert main(["pack", filed.receipt, *words]) == 0

    async def traces(store: Store) -> list[Trace]:
        return await store.traces.of_document(key, filed.documents[0].id, limit=5)

    newest = inside(traces)[0].trace
    assert (newest.action, newest.actor_name) == ("export", "Lou Testeur")


def test_what_cannot_be_packed_is_said_and_no_file_is_made(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_space()
    file = tmp_path / "out.zip"
    held = deposit(cda(1, ins=None))
    assert main(["pack", held.receipt, "--xdm", str(file), "--config", config]) == 1
    assert "no document on the shelf" in capsys.readouterr().err
    assert main(["pack", "f" * 32, "--xdm", str(file), "--config", config]) == 1
    assert not file.exists()
    file.write_bytes(b"mine")
    filed = deposit(cda(2))
    assert main(["pack", filed.receipt, "--xdm", str(file), "--config", config]) == 2
    assert file.read_bytes() == b"mine"
