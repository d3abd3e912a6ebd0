"""`gateway operator` on a real, empty database."""

from pathlib import Path

import pytest

from gateway.cli import main


@pytest.fixture
def config(tmp_path: Path) -> str:
    assert main(["init", str(tmp_path)]) == 0
    return str(tmp_path / "gateway.toml")


def test_somebody_is_added_listed_and_disabled(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--config", config]
    roles = ["--role", "technique", "--role", "valideur", "--role", "technique"]
    assert main(["operator", "add", "camille", "--name", "Camille Fabre", *roles, *words]) == 0
    first, second = capsys.readouterr().out.splitlines()[-2:]
    assert first == "101\tcamille\ttechnique valideur"
    password = second.rpartition(" ")[2]
    assert len(password) >= 40
    assert main(["operator", "list", *words]) == 0
    listed = capsys.readouterr().out
    assert listed == "101\tcamille\tenabled\ttechnique valideur\tCamille Fabre\n"
    assert main(["operator", "disable", "camille", *words]) == 0
    main(["operator", "list", *words])
    assert "101\tcamille\tdisabled" in capsys.readouterr().out


def test_who_is_added_again_is_said_to_be_known(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--name", "Camille Fabre", "--config", config, "--role"]
    assert main(["operator", "add", "camille", *words, "technique"]) == 0
    assert capsys.readouterr().err == ""
    main(["operator", "disable", "camille", "--config", config])
    assert main(["operator", "add", "Camille", *words, "valideur"]) == 0
    told = "new password, name and roles for a known operator: technique before, disabled\n"
    assert capsys.readouterr().err == told


@pytest.mark.parametrize(
    ("login", "name"), [("a", "Camille"), ("-camille", "x"), ("ca mille", "x"), ("camille", " ")]
)
def test_a_login_or_a_name_of_the_wrong_shape_is_refused(
    config: str, login: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["operator", "add", "--name", name, "--role", "valideur", "--config", config]
    with_login = [*words, "--", login]
    assert main(with_login) == 2
    assert main(["operator", "list", "--config", config]) == 0
    assert "enabled" not in capsys.readouterr().out


def test_a_role_that_does_not_exist_is_refused(config: str) -> None:
    words = ["operator", "add", "camille", "--name", "C", "--role", "chef", "--config", config]
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


def test_disabling_nobody_is_said(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["operator", "disable", "nobody", "--config", config]) == 1
    assert "no operator nobody" in capsys.readouterr().err
