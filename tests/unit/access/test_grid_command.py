"""`gateway grid`: answers as it reads, exit codes, and words an operator can use."""

import argparse
import io
import json
import sys
from pathlib import Path

import pytest
from question_builder import consent, professional, scenario

from gateway.access.grid import shipped_grid
from gateway.cli.grid import add_parser, answer_lines
from gateway.cli.grid.explain import question_of
from gateway.cli.grid.in_force import InForce, in_force
from gateway.clock import SystemClock

LINE = json.dumps(scenario("open", professional(), record=consent())).encode() + b"\n"
PERMITTED, MALFORMED = {"permitted": True, "rule": "P11"}, {"permitted": False, "rule": "X00"}


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True))
    return parser.parse_args(["grid", *words])


def run(*words: str) -> int:
    arguments = parsed(*words)
    status: int = arguments.run(arguments)
    return status


def told(answer: dict[str, object]) -> dict[str, object]:
    """The keys that ACCESS section 9 names; there is always an explanation beside them."""
    assert answer["because"]
    return {name: answer[name] for name in ("permitted", "rule")}


class Conversation(io.BytesIO):
    """Standard input that checks, before it gives a line, that the one before was answered."""

    def __init__(self, lines: list[bytes], answers: io.BytesIO) -> None:
        super().__init__(b"".join(lines))
        self.answers, self.given = answers, 0

    def readline(self, size: int | None = -1, /) -> bytes:
        assert self.answers.getvalue().count(b"\n") == self.given
        self.given += 1
        return super().readline(size)


def test_each_line_is_answered_before_the_next_is_read() -> None:
    answers = io.BytesIO()
    answer_lines(
        Conversation([LINE, b"\n", b"{\n", LINE.strip()], answers), answers, shipped_grid()
    )
    lines = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert [told(line) for line in lines] == [PERMITTED, MALFORMED, MALFORMED, PERMITTED]


def test_a_line_without_end_is_one_malformed_line() -> None:
    answers = io.BytesIO()
    answer_lines(io.BytesIO(b" " * 2_500_000 + b"\n" + LINE), answers, shipped_grid())
    lines = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert [told(line) for line in lines] == [MALFORMED, PERMITTED]


def test_a_file_that_is_no_grid_is_bad_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "grid.csv"
    broken.write_text("profession_code\n")
    for path in (broken, tmp_path / "absent.csv"):
        for verb, status in ((["decide", "--jsonl"], 3), (["show"], 2), (["check"], 2)):
            assert run(*verb, "--grid", str(path)) == status, "of decide ACCESS section 9 says 3"
    assert "column type_code is missing" in capsys.readouterr().err


def test_decide_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINE)))
    assert run("decide", "--jsonl") == 0
    assert told(json.loads(capfdbinary.readouterr().out)) == PERMITTED


def test_show_prints_the_hash_and_how_sure_the_grid_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show") == 0
    shown = capsys.readouterr().out
    assert shipped_grid().digest in shown
    assert "placeholder: 6889 (96.3%)" in shown


def test_show_of_one_column_prints_its_types(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "--profession", "G15_28") == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 130
    assert run("show", "--profession", "G15_00") == 1


def test_check_finds_nothing_in_the_shipped_grid_and_compares(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = tmp_path / "one.csv"
    one.write_text("profession_code,type_code,consultation\nG15_10,11502-2,N\n")
    assert run("check", "--against", str(one)) == 0
    said = capsys.readouterr()
    assert "Médecin (G15_10) and CR d'examens biologiques (11502-2): read -> not read" in said.out
    assert "Médecin (G15_10): 0 more, 120 fewer" in said.err
    assert run("check", "--grid", str(one)) == 1


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ([], "P11"),
        (["--no-consent"], "F50"),
        (["--masked"], "F51"),
        (["--masked", "--emergency-masked", "--mode", "bris_de_glace"], "P06"),
        (["--mode", "samu"], "P05"),
        (["--function", "FON-29"], "F43"),
        (["--at", "2023-10-29T12:00:00Z"], "F55"),
    ],
)
def test_explain_prints_the_decision_its_rule_and_the_cell(
    options: list[str], rule: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("explain", "--profession", "G15_10", "--type", "11502-2", *options) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[0] == "grid: the one of the product"
    assert shown.splitlines()[1].endswith(f"by {rule}")
    assert "column G15_10: Médecin" in shown


ONE_CELL = "profession_code,type_code,consultation\nG15_10,11502-2,N\n"
EXPLAIN = ("explain", "--profession", "G15_10", "--type", "11502-2")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A place with a grid of its own, where masked documents are closed to the treating doctor."""
    (tmp_path / "own.csv").write_text(ONE_CELL)
    file = tmp_path / "gateway.toml"
    switches = "[access.switches]\ntreating_sees_masked = false\n"
    file.write_text(f'[mllp]\nsender = "a"\n[access]\ngrid = "own.csv"\n{switches}')
    return file


@pytest.mark.parametrize("verb", [("show",), ("check",), EXPLAIN])
def test_the_grid_in_force_is_that_of_the_settings(
    verb: tuple[str, ...],
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = f"grid: {config.parent / 'own.csv'}, [access] grid of "
    run(*verb, "--config", str(config))
    assert capsys.readouterr().out.startswith(f"{said}{config}\n")
    monkeypatch.chdir(config.parent)
    run(*verb)
    assert capsys.readouterr().out.startswith(f"{said}gateway.toml\n")
    run(*verb, "--grid", "own.csv")
    assert capsys.readouterr().out.startswith("grid: own.csv\n")
    assert run(*verb, "--config", "none.toml") == 2


def test_explain_decides_by_the_grid_and_the_switches_of_the_settings(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = parsed(*EXPLAIN, "--config", str(config))
    found = in_force(arguments)
    assert isinstance(found, InForce)
    question = question_of(arguments, found, SystemClock().now())
    assert question.switches.treating_sees_masked.at(question.now) is False
    assert run(*EXPLAIN, "--config", str(config)) == 0
    assert "11502-2: N (no status" in capsys.readouterr().out


def test_explain_refuses_a_profession_that_nobody_has(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "--profession", "XXX", "--type", "11502-2") == 2
    assert "unknown profession XXX" in capsys.readouterr().err


def test_explain_refuses_an_instant_without_a_zone() -> None:
    assert run("explain", "--profession", "x", "--type", "y", "--at", "2026-01-01T00:00:00") == 2
    assert run("explain", "--profession", "x", "--type", "y", "--at", "yesterday") == 2
