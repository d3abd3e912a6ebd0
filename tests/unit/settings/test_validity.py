"""Certificates of ours that ended, or have not begun: named before a peer finds out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from authority import START, Authority
from place import command

from gateway.settings import out_of_date, read_settings

SECTIONS = {
    "http.tls.certificate": "[http.tls]\n",
    "mllp.tls.certificate": "[mllp.tls]\n",
    "mssante.tls.certificate": "[mssante.tls]\n",
    "mssante.relay.certificate": '[mssante.relay]\naddress = "127.0.0.1:25"\n',
    "sending.certificate": "[sending]\n",
}


def written(folder: Path, section: str, *, days: int) -> Path:
    own = Authority(folder / "ca").issue("own", days=days)
    file = folder / "gateway.toml"
    pair = f'certificate = "{own}"\nkey = "{own.with_suffix(".key")}"\n'
    (folder / "keys").mkdir()
    file.write_text(f'profile = "test"\n[mllp]\nsender = "a"\n{section}{pair}')
    return file


@pytest.mark.parametrize("key", SECTIONS)
def test_a_certificate_that_ended_is_named_with_its_key(tmp_path: Path, key: str) -> None:
    settings, text = read_settings(written(tmp_path, SECTIONS[key], days=10))
    last = START + timedelta(days=10)

    assert out_of_date(settings, text, last) == ()
    (problem,) = out_of_date(settings, text, last + timedelta(seconds=1))
    assert (problem.key, "ended at 2020-01-11T00:00:00Z" in problem.message) == (key, True)
    assert text.splitlines()[(problem.line or 0) - 1].startswith("certificate")


def test_one_that_has_not_begun_makes_the_clock_doubtful(tmp_path: Path) -> None:
    settings, text = read_settings(written(tmp_path, "[http.tls]\n", days=10))
    (problem,) = out_of_date(settings, text, datetime(2019, 12, 31, tzinfo=UTC))
    assert "clock" in problem.message


def test_check_config_names_it_beside_what_else_is_wrong(tmp_path: Path) -> None:
    file = written(tmp_path, "[http.tls]\n", days=10)
    status, out, _ = command("check-config", str(file))
    assert (status, "line 5: http.tls.certificate" in out, "master.key" in out) == (1, True, True)


def test_a_mark_at_the_beginning_of_the_file_is_no_fault(tmp_path: Path) -> None:
    file = written(tmp_path, "[http.tls]\n", days=10)
    before = read_settings(file)[0]
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert read_settings(file)[0] == before
