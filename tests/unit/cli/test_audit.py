"""`gateway audit`: what was altered or taken out of the access log is named; an entry is proved."""

from pathlib import Path

import pytest
from place import Place
from sqlalchemy import Connection

from gateway.audit.note import VerifierKey
from gateway.audit.proof_check import check_file
from gateway.records.patients.account import NewTrace
from gateway.store import Store

ENTRIES = 5


@pytest.fixture
def logged(place: Place) -> Place:
    """A place whose access log has five entries."""
    key = place.open_space()

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

    place.inside(act)
    return place


def alter(place: Place, *statements: str) -> None:
    """Changes the database behind the gateway's back."""

    def work(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    async def act(store: Store) -> None:
        await store.database.write(work)

    place.inside(act)


def cut_off(place: Place, count: int) -> None:
    """As a backup of before them would leave it."""
    alter(
        place,
        f"DELETE FROM trace WHERE number > {ENTRIES - count}",  # noqa: S608 - numbers of ours
        f"DELETE FROM checkpoint WHERE size > {ENTRIES - count}",  # noqa: S608 - numbers of ours
        f"UPDATE counter SET next = next - {count} WHERE name = 'trace'",  # noqa: S608 - numbers of ours
    )


def test_a_log_that_nobody_touched_is_whole_and_continues_its_earlier_head(logged: Place) -> None:
    words = logged.done("audit", "verify").replace(",", "").split()
    size, root = words[1], words[3]
    assert size == str(ENTRIES)
    logged.done("audit", "verify", "--size", size, "--root", root.upper())
    status, out, _ = logged.command("audit", "verify", "--size", size, "--root", "00" * 32)
    assert (status, f"the first {ENTRIES} entries are not those" in out) == (1, True)
    assert logged.command("audit", "verify", "--size", size).status == 2


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE trace SET at = at + 1 WHERE number = 2", "entry 2 is altered"),
        ("UPDATE trace SET leaf = (SELECT leaf FROM trace WHERE number = 1) WHERE number = 3", "3"),
        ("UPDATE trace SET sealed = (SELECT sealed FROM trace WHERE number = 1)", "entry 5"),
        ("DELETE FROM trace WHERE number = 4", "1 entries are missing"),
    ],
)
def test_what_was_altered_or_taken_out_is_named(logged: Place, statement: str, said: str) -> None:
    alter(logged, statement)
    status, out, _ = logged.command("audit", "verify")
    assert (status, said in out) == (1, True)


def test_a_proof_holds_without_the_gateway(logged: Place) -> None:
    key = VerifierKey.parse(logged.done("audit", "key"))
    text = logged.done("audit", "prove", "3", "1")
    assert "Essai" not in text
    found = check_file(text.encode(), key)
    assert (found.faults, found.size, found.entries, found.opened) == ((), ENTRIES, 2, 0)
    moved = text.replace('"number":3', '"number":2')
    assert check_file(moved.encode(), key).faults


def test_a_signed_head_is_a_check_that_the_log_was_not_cut(logged: Place, tmp_path: Path) -> None:
    head = tmp_path / "head.txt"
    head.write_text(logged.done("audit", "checkpoint"), encoding="utf-8")
    verify = ("audit", "verify", "--checkpoint", str(head))
    assert "1 signed heads" in logged.done(*verify)
    cut_off(logged, 2)
    status, out, _ = logged.command(*verify)
    cut = "5 entries were signed, the log holds 3 without a gap"
    assert (status, cut in out) == (1, True)
    head.write_text("nothing\n", encoding="utf-8")
    assert "is not a checkpoint of this log" in logged.fails(*verify)


def test_a_log_rolled_back_is_not_signed_until_an_operator_resumes_it(logged: Place) -> None:
    logged.done("audit", "checkpoint")
    resume = ("audit", "resume", "--by", "Essai", "--reason", "restored")
    assert "nothing to resume" in logged.fails(*resume)
    cut_off(logged, 2)
    assert "it was rolled back" in logged.fails("audit", "checkpoint")
    assert logged.command("audit", "verify").status == 1
    assert "goes on with 4 entries; void-1.txt" in logged.done(*resume)
    logged.done("audit", "verify")


@pytest.mark.parametrize("entry", ["0", "-1", "6"])
def test_an_entry_that_is_not_there_is_said(logged: Place, entry: str) -> None:
    told = logged.fails("audit", "prove", "--", entry)
    assert f"no entry {entry}: the log has {ENTRIES}" in told
