"""`gateway person open`: deposits are taken for whom an operator opened a space, on each engine."""

from collections.abc import Callable

import pytest

from gateway.cli import main
from gateway.records.filing import Answer
from gateway.records.finding import Verdict

Cda = Callable[..., bytes]
Deposit = Callable[[bytes], Answer]
INS = "255089999999966"


def open_space(config: str, *changes: str) -> int:
    words = {
        "--ins": INS,
        "--family": "Zebulonix",
        "--givens": "Zoé Lou",
        "--birth-date": "1955-08-15",
        "--sex": "F",
        "--place": "51215",
        "--by": "Lou Testeur",
        "--reason": "asked at the counter",
    } | dict(zip(changes[::2], changes[1::2], strict=True))
    typed = [part for pair in words.items() for part in pair]
    return main(["person", "open", *typed, "--config", config])


def test_a_document_is_refused_before_and_filed_after_the_opening(
    config: str, cda: Cda, deposit: Deposit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deposit(cda(1)).findings[-1].code == "vault-absent"

    assert open_space(config) == 0
    said = capsys.readouterr().out
    assert said.startswith("opened ")
    assert "Zebulonix" not in said
    assert INS not in said
    assert deposit(cda(1)).verdict is Verdict.ACCEPT


def test_an_open_space_is_not_opened_again(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert open_space(config) == 0
    assert open_space(config) == 1
    assert "created" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--ins", "12345"),
        ("--ins", "2550899999999AB"),
        ("--givens", " "),
        ("--birth-date", ""),
        ("--family", ""),
        ("--oid", "1.2.3"),
    ],
)
def test_an_identity_that_is_not_qualified_opens_nothing(
    config: str, capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    assert open_space(config, option, value) == 1
    assert "Traceback" not in capsys.readouterr().err
