"""The demo's settings and the addresses of the command line."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gateway.records.patients.patient import Profile
from gateway.settings import Address, Overrides, demo_settings, override, parse_address


def test_the_demo_stays_on_loopback_and_below_its_folder(tmp_path: Path) -> None:
    settings = demo_settings(tmp_path)
    listeners = [settings.http.listen, settings.mllp[0].listen, settings.mssante.listen]
    assert all(one.is_loopback for one in [*listeners, settings.metrics.listen])
    assert settings.profile is Profile.TEST
    assert settings.demo
    for path in (settings.outbox, settings.store.keys, settings.folder[0].path):
        assert path.is_relative_to(tmp_path)


def test_a_default_port_of_the_demo_gives_way_and_an_asked_one_does_not(tmp_path: Path) -> None:
    asked = demo_settings(tmp_path, Overrides(http=parse_address("127.0.0.1:8080")))
    assert asked.http.listen.gives_way is False
    assert asked.mllp[0].listen.gives_way is True


def test_the_command_line_moves_the_first_listener_only(tmp_path: Path) -> None:
    settings = demo_settings(tmp_path)
    moved = override(settings, Overrides(mllp=Address("127.0.0.1", 0), smtp=Address("::1", 0)))
    assert moved.mllp[0].listen == Address("127.0.0.1", 0)
    assert moved.mssante.listen == Address("::1", 0)
    assert moved.http == settings.http


@given(st.one_of(st.ip_addresses().map(str), st.just("localhost")), st.integers(0, 65535))
def test_an_address_written_out_is_read_back(host: str, port: int) -> None:
    assert parse_address(str(Address(host, port))) == Address(host, port)


def test_only_this_machine_reaches_loopback() -> None:
    assert Address("::1", 1).is_loopback
    assert Address("localhost", 1).is_loopback
    assert not Address("0.0.0.0", 1).is_loopback  # noqa: S104 - the address under test
    assert not Address("gateway.example", 1).is_loopback
