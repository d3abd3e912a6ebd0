"""`gateway grid decide --jsonl` on lines meant to break it: each is answered no, in words.

The command itself is run, as a process: an answer a line, nothing on standard error, exit 0.
"""

import json
import os
import subprocess
import sys
from itertools import product

import pytest
from question_builder import GRID, Json, consent, document, professional, scenario

from gateway.access.lines.scenario import MAX_LINE_BYTES, decide_line
from gateway.records.readers.access import AccessAction, ReaderKind

COMMAND = [sys.executable, "-m", "gateway", "grid", "decide", "--jsonl"]
GOOD = scenario("open", professional(), record=consent())
HUGE = 10**400


def run(lines: bytes) -> tuple[list[Json], int, bytes]:
    done = subprocess.run(COMMAND, input=lines, capture_output=True, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()], done.returncode, done.stderr


def but(**changes: object) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


def without(*keys: str) -> bytes:
    return json.dumps({name: value for name, value in GOOD.items() if name not in keys}).encode()


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not one JSON object"),
    "blanks": (b" \t ", "not one JSON object"),
    "half an object": (but()[:-1], "not one JSON object"),
    "two objects": (but() * 2, "not one JSON object"),
    "a comment": (but() + b" // yes", "not one JSON object"),
    "not a number": (b'{"now": NaN}', "not one JSON object"),
    "Latin-1": ('{"title": "décision"}'.encode("latin-1"), "not one JSON object"),
    "UTF-16": (but().decode().encode("utf-16"), "not one JSON object"),
    "a byte order mark": (b"\xef\xbb\xbf" + but(), "not one JSON object"),
    "a lone surrogate": (rb'{"title": "\ud800"}', "not one JSON object"),
    "zero bytes": (bytes(500), "not one JSON object"),
    "deep nesting": (b'{"title": ' + b"[" * 200_000, "not one JSON object"),
    "deep and closed": (b"[" * 200_000 + b"]" * 200_000, "not one JSON object"),
    "a number without end": (f'{{"now": {HUGE}}}'.encode(), "not one JSON object"),
    "larger than a line may be": (but(title="x" * MAX_LINE_BYTES), "larger than 1000000 bytes"),
    "a list": (b"[]", "an object is expected"),
    "no reader": (without("reader"), "reader is missing"),
    "no key at all": (b"{}", "now is missing"),
    "an unknown key": (but(permitted=True), "a key is unknown: 'permitted'"),
    "an unknown key without end": (but(**{"k" * 5_000: 1}), f"a key is unknown: '{'k' * 40}'"),
    "an unknown action": (but(action="read"), "action: a value is outside its list"),
    "an unknown kind": (but(reader={"kind": "root"}), "reader: kind: a value is outside"),
    "a date that is none": (but(record={"birth_date": "2026-02-30"}), "record: birth_date: a date"),
    "a year without end": (but(now="99999-01-01T00:00:00Z"), "now: an instant is written"),
    "an age without end": (but(settings={"minor_account_age": 10**30}), "settings: minor_account"),
    "an age below zero and broken": (but(settings={"minor_account_age": -1.5}), "minor_account"),
    "an unknown code": (but(document=document(codes=["X"])), "document: codes: codes holds"),
    "a consent to nobody": (but(record=consent(None)), "record: consents: id: text is expected"),  # type: ignore[arg-type]  # on purpose
    "a grid of lists": (but(grid=[[]]), "grid: grid is a list of rows"),
}
REFUSED: dict[str, tuple[bytes, str]] = {
    "an unknown profession": (but(reader=professional(profession="G15_99")), "F55"),
    "a profession without end": (but(reader=professional(profession="G" * 100_000)), "F55"),
    "a profession in other letters": (but(reader=professional(profession="G15_１０")), "F55"),
    "an empty profession": (but(reader=professional(profession="")), "F54"),
    "an unknown type": (but(document=document(type="unheard-of")), "F55"),
    "a type with a zero byte": (but(document=document(type="11502-2\x00")), "F55"),
    "nobody's consent": (but(record={"consents": []}), "F50"),
}


def test_each_hostile_line_is_answered_no_and_says_what_to_fix_and_the_next_is_answered() -> None:
    lines = [line for line, _ in UNREADABLE.values()] + [line for line, _ in REFUSED.values()]
    answers, status, said = run(b"\n".join([*lines, but()]))
    assert (status, said, len(answers)) == (0, b"", len(lines) + 1)
    assert answers.pop()["permitted"] is True
    for (name, (_, words)), answer in zip(UNREADABLE.items(), answers, strict=False):
        assert (answer["permitted"], answer["rule"]) == (False, "X00"), name
        assert words in answer["unreadable"], name
        assert answer["because"], name
    for (name, (_, rule)), answer in zip(REFUSED.items(), answers[len(UNREADABLE) :], strict=True):
        assert (answer["permitted"], answer["rule"]) == (False, rule), name
        assert answer["because"].endswith("."), name
        assert "unreadable" not in answer, name


def test_an_explanation_never_repeats_a_value() -> None:
    secret = "1" * 40
    line = but(now=secret, reader={"kind": secret, "id": 7}, document={"type": 7})
    answers, *_ = run(line)
    assert secret not in json.dumps(answers)


@pytest.mark.parametrize("lines", [b"", b"\n" * 3, b"\r\n"])
def test_an_input_without_scenarios_ends_well(lines: bytes) -> None:
    answers, status, said = run(lines)
    assert (len(answers), status, said) == (lines.count(b"\n"), 0, b"")
    assert {answer["rule"] for answer in answers} <= {"X00"}


def test_a_closed_input_is_said_in_words() -> None:
    done = subprocess.run(COMMAND, capture_output=True, check=False, preexec_fn=lambda: os.close(0))
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.startswith(b"grid: standard input is closed")
    assert b"Traceback" not in done.stderr


def test_a_reader_who_leaves_after_one_answer_gets_no_traceback() -> None:
    process = subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdin.write(but() + b"\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["permitted"] is True
    process.stdout.close()
    process.stdin.write(but() + b"\n")
    process.stdin.close()
    assert (process.stderr.read(), process.wait(120)) == (b"", 1)
    process.stderr.close()


BORDERS = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")


@pytest.mark.parametrize("now", BORDERS)
@pytest.mark.parametrize("age", [0, -5, 10**18, 2**63 - 1])
def test_the_ends_of_time_and_of_numbers_are_answered(now: str, age: int) -> None:
    """Civil dates in Paris, birthdays and delays of notices are reckoned past both ends."""
    for at, kind, action, born in product(
        BORDERS, ReaderKind, AccessAction, ("0001-01-01", "9999-12-31", "2000-02-29")
    ):
        line = {
            "now": now,
            "action": action,
            "reader": {"kind": kind, "id": "x", "profession": "G15_10"},
            "document": document(
                deposited=at,
                hidden_from=at,
                announced=at,
                codes=["INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"],
            ),
            "record": {
                "birth_date": born,
                "representatives": [{"id": "x", "role": "parent"}],
                **consent("x", **{"from": at, "until": at}),
            },
            "settings": {"minor_account_age": age},
        }
        assert decide_line(json.dumps(line).encode(), GRID).because
