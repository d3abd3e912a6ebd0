"""`serve --workers N`: the ports that all share, and where each process shows its figures."""

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.cli.opening import cannot_run
from gateway.daemon.listening import bind
from gateway.daemon.workers import all_ready, kept_ports, metrics_of
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
