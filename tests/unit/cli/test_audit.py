"""`gateway audit`: what was altered or taken out of the access log is named; an entry is proved."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection

from gateway.audit.note import VerifierKey
from gateway.audit.proof_check import check_file
from gateway.cli import main
from gateway.records.account import NewTrace
from gateway.records.patient import PatientKey
from gateway.store import Store

Inside = Callable[..., object]
OpenSpace = Callable[..., PatientKey]
ENTRIES = 5


@pytest.fixture
def log(config: str, inside: Inside, open_space: OpenSpace) -> str:
    """A place whose access log has five entries."""
    key = open_space()

    async def act(store: Store) -> None:
        for number in range(ENTRIES):
            trace = NewTrace(
                patient=key,
                action="open",
                permitted=True,
                rule="P1",
                kind="professional",
                actor=str(number),
                actor_name="Dr Essai",
            )
            await store.traces.write([trace])

    inside(act)
    return config


@pytest.fixture
def alter(inside: Inside) -> Callable[[str], None]:
    """Changes the database behind the gateway's back."""

    def run(statement: str) -> None:
        def work(connection: Connection) -> None:
            connection.exec_driver_sql(statement)

        async def act(store: Store) -> None:
            await store.database.write(work)

        inside(act)

    return run


def head(config: str, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    assert main(["audit", "verify", "--config", config]) == 0
    words = capsys.readouterr().out.replace(",", "").split()
    return words[1], words[3]


def test_a_log_that_nobody_touched_is_whole_and_continues_its_earlier_head(
    log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    size, root = head(log, capsys)
    assert size == str(ENTRIES)
    earlier = ["--size", size, "--root", root.upper()]
    assert main(["audit", "verify", *earlier, "--config", log]) == 0
    other = ["--size", size, "--root", "00" * 32]
    assert main(["audit", "verify", *other, "--config", log]) == 1
    assert f"the first {ENTRIES} entries are not those" in capsys.readouterr().out
    assert main(["audit", "verify", "--size", size, "--config", log]) == 2


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE trace SET at = at + 1 WHERE number = 2", "entry 2 is altered"),
        ("UPDATE trace SET leaf = (SELECT leaf FROM trace WHERE number = 1) WHERE number = 3", "3"),
        ("UPDATE trace SET sealed = (SELECT sealed FROM trace WHERE number = 1)", "entry 5"),
        ("DELETE FROM trace WHERE number = 4", "1 entries are missing"),
    ],
)
def test_what_was_altered_or_taken_out_is_named(
    log: str,
    alter: Callable[[str], None],
    statement: str,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    alter(statement)
    assert main(["audit", "verify", "--config", log]) == 1
    assert said in capsys.readouterr().out


def test_a_proof_holds_without_the_gateway(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "key", "--config", log]) == 0
    key = VerifierKey.parse(capsys.readouterr().out)
    assert main(["audit", "prove", "3", "1", "--config", log]) == 0
    text = capsys.readouterr().out
    assert "Essai" not in text
    found = check_file(text.encode(), key)
    assert (found.faults, found.size, found.entries, found.opened) == ((), ENTRIES, 2, 0)
    moved = text.replace('"number":3', '"number":2')
    assert check_file(moved.encode(), key).faults


def test_a_signed_head_is_a_check_that_the_log_was_not_cut(
    log: str, alter: Callable[[str], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "checkpoint", "--config", log]) == 0
    head = tmp_path / "head.txt"
    head.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["audit", "verify", "--checkpoint", str(head), "--config", log]) == 0
    assert "1 signed heads" in capsys.readouterr().out
    cut_off(alter, 2)
    assert main(["audit", "verify", "--checkpoint", str(head), "--config", log]) == 1
    assert "5 entries were signed, the log holds 3 without a gap" in capsys.readouterr().out
    head.write_text("nothing\n", encoding="utf-8")
    assert main(["audit", "verify", "--checkpoint", str(head), "--config", log]) == 1
    assert "is not a checkpoint of this log" in capsys.readouterr().err


def test_a_log_rolled_back_is_not_signed_until_an_operator_resumes_it(
    log: str, alter: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "checkpoint", "--config", log]) == 0
    resume = ["audit", "resume", "--by", "Essai", "--reason", "restored", "--config", log]
    assert main(resume) == 1
    assert "nothing to resume" in capsys.readouterr().err
    cut_off(alter, 2)
    assert main(["audit", "checkpoint", "--config", log]) == 1
    assert "it was rolled back" in capsys.readouterr().err
    assert main(["audit", "verify", "--config", log]) == 1
    assert main(resume) == 0
    assert "goes on with 4 entries; void-1.txt" in capsys.readouterr().out
    assert main(["audit", "verify", "--config", log]) == 0


def cut_off(alter: Callable[[str], None], count: int) -> None:
    """As a backup of before them would leave it."""
    alter(f"DELETE FROM trace WHERE number > {ENTRIES - count}")  # noqa: S608 - numbers of ours
    alter(f"DELETE FROM checkpoint WHERE size > {ENTRIES - count}")  # noqa: S608 - numbers of ours
    alter(f"UPDATE counter SET next = next - {count} WHERE name = 'trace'")  # noqa: S608 - numbers of ours


@pytest.mark.parametrize("entry", ["0", "-1", "6"])
def test_an_entry_that_is_not_there_is_said(
    log: str, entry: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "prove", f"--config={log}", "--", entry]) == 1
    assert f"no entry {entry}: the log has {ENTRIES}" in capsys.readouterr().err
