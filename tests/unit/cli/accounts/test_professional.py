"""`gateway professional` on a real, empty database."""

from pathlib import Path

import pytest

from gateway.cli import main

RPPS = "899900000018"
NEW = ["--name", "Dr Essai", "--profession", "G15_10"]


@pytest.fixture
def place(tmp_path: Path) -> list[str]:
    assert main(["init", str(tmp_path)]) == 0
    return ["--config", str(tmp_path / "gateway.toml")]


def listed(place: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert main(["professional", "list", *place]) == 0
    return capsys.readouterr().out


def test_an_address_is_set_changed_and_taken_away(
    place: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    act = ["professional", "address", RPPS]
    assert main([*act, "dr.essai@exemple.mssante.fr", *NEW, *place]) == 0
    assert listed(place, capsys) == (f"{RPPS}\tG15_10\t-\tdr.essai@exemple.mssante.fr\tDr Essai\n")
    assert main([*act, "autre@exemple.mssante.fr", *place]) == 0
    assert "autre@exemple.mssante.fr\tDr Essai" in listed(place, capsys)
    assert main([*act, "none", *NEW, *place]) == 2
    assert capsys.readouterr().err == f"{RPPS} is known: leave --name and --profession out\n"
    assert main([*act, "none", *place]) == 0
    assert listed(place, capsys) == f"{RPPS}\tG15_10\t-\t-\tDr Essai\n"


@pytest.mark.parametrize(
    "words",
    [
        [RPPS, "dr@exemple.mssante.fr"],
        [RPPS, "dr@exemple.mssante.fr", "--name", "Dr Essai", "--profession", "G15_99"],
        ["12", "dr@exemple.mssante.fr", *NEW],
        ["٨99900000018", "dr@exemple.mssante.fr", *NEW],
        [RPPS, "dr@exemple.mssante.fr\r\nBcc: x@y.fr", *NEW],
        [RPPS, "dr", *NEW],
        [RPPS, "a" * 250 + "@b.fr", *NEW],
    ],
)
def test_who_is_unknown_or_badly_written_is_refused(
    place: list[str], capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(["professional", "address", *words, *place]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert listed(place, capsys) == ""
