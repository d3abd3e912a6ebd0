"""`serve --workers N`: the ports that all share, and where each process shows its figures."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.cli.opening import cannot_run
from gateway.daemon import workers
from gateway.daemon.listening import bind
from gateway.daemon.workers import MOST_ENDS, Team, all_ready, kept_ports, metrics_of
from gateway.settings import Address, Overrides, demo_settings, override, parse_address


@pytest.mark.parametrize(
    ("first", "ports"), [(9464, [9464, 9465, 9466]), (0, [0, 0, 0])], ids=["in a row", "any"]
)
def test_each_worker_shows_its_figures_at_a_place_of_its_own(first: int, ports: list[int]) -> None:
    places = metrics_of(Address("127.0.0.1", first), 3)
    assert places == [Address("127.0.0.1", port) for port in ports]


def test_a_port_that_the_system_chooses_is_one_for_all_workers(tmp_path: Path) -> None:
    any_port = Address("127.0.0.1", 0)
    settings = demo_settings(tmp_path, Overrides(http=any_port, mllp=any_port, smtp=any_port))
    settings = replace(settings, mllp=(settings.mllp[0], settings.mllp[0]))
    with kept_ports(settings) as words:
        assert words[::2] == ["--http", "--smtp", "--mllp", "--more-mllp"]
        http, smtp, mllp, other = map(parse_address, words[1::2])
        assert 0 not in {http.port, smtp.port, mllp.port, other.port}
        for _worker in range(2):
            moved = override(settings, Overrides(mllp=mllp, more_mllp=(other,)))
            assert [one.listen for one in moved.mllp] == [mllp, other]
        with bind(http, share=True), bind(http, share=True):
            pass


def test_a_port_that_is_named_is_left_as_it_is(tmp_path: Path) -> None:
    settings = demo_settings(tmp_path, Overrides(http=Address("127.0.0.1", 1)))
    with kept_ports(settings) as words:
        assert words[:2] == ["--http", "127.0.0.1:1"]


def test_workers_that_are_too_slow_are_told_of_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError) as slow:
        all_ready([], [tmp_path / "0.json"], seconds=0.01)
    line = "cannot run: the workers were not ready within 0.01 s: all are ended"
    assert cannot_run(slow.value) == line


@pytest.mark.parametrize(("ends_with", "status"), [(7, 7), (-9, 3)], ids=["by itself", "killed"])
def test_workers_that_go_on_ending_end_the_others_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends_with: int, status: int
) -> None:
    """A sixth end in a minute: each of the five before was one more start."""
    ending = f"import os; {_end(ends_with)}"
    started: list[Path] = []

    def start(_words: list[str], ready: Path) -> "subprocess.Popen[bytes]":
        started.append(ready)
        return subprocess.Popen([sys.executable, "-c", ending])

    monkeypatch.setattr(workers, "_started", start)
    with Team() as team:
        team.start([], tmp_path / "0.json")
        assert team.watch(lambda: None) == status
    assert len(started) == MOST_ENDS + 1


def _end(status: int) -> str:
    return f"os._exit({status})" if status > 0 else f"os.kill(os.getpid(), {-status})"


def test_a_worker_that_ended_is_started_anew_and_told_of_once_it_is_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first ends at once; the second is ready, and stays."""
    lives = iter(
        ["", "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"]
    )

    def start(_words: list[str], ready: Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", next(lives), str(ready)])

    monkeypatch.setattr(workers, "_started", start)
    told: list[bool] = []
    with Team() as team:
        team.start([], tmp_path / "0.json")

        def tell() -> None:
            told.append(team.running[0].poll() is None)
            team.stop()

        assert team.watch(tell) == 0
    assert told == [True]
