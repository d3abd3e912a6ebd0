"""`gateway sender` on a real, empty database."""

import asyncio
from pathlib import Path

import pytest

from gateway.adapters.metrics import PrometheusMetrics
from gateway.cli import main
from gateway.clock import SystemClock, SystemIds
from gateway.daemon.house import judged_store
from gateway.flows.receive import read_for
from gateway.records.account import SenderAccount
from gateway.records.reading import DEFAULT_READING
from gateway.settings import read_settings


@pytest.fixture
def config(tmp_path: Path) -> str:
    assert main(["init", str(tmp_path)]) == 0
    return str(tmp_path / "gateway.toml")


def test_a_sender_is_added_listed_and_disabled(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--config", config]
    assert main(["sender", "add", "laboratory", "--organization", "1-750000001", *words]) == 0
    token = capsys.readouterr().out.rpartition(" ")[2].strip()
    assert len(token) >= 40
    assert main(["sender", "list", *words]) == 0
    listed = capsys.readouterr().out
    assert listed == "laboratory\tenabled\ttoken\t1-750000001\t-\n"
    assert token not in listed
    assert main(["sender", "disable", "laboratory", *words]) == 0
    main(["sender", "list", *words])
    assert "laboratory\tdisabled" in capsys.readouterr().out


def test_a_sender_with_a_certificate_has_no_token(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--fingerprint", ":".join(["AB"] * 32), "--config", config]
    assert main(["sender", "add", "hospital", *words]) == 0
    assert "token" not in capsys.readouterr().out


@pytest.mark.parametrize("words", [["a b"], ["-x"], ["labo", "--fingerprint", "abc"]])
def test_a_name_or_a_fingerprint_of_the_wrong_shape_is_refused(
    config: str, words: list[str]
) -> None:
    try:
        status = main(["sender", "add", "--config", config, *words])
    except SystemExit as stop:
        status = int(stop.code or 0)
    assert status == 2


def test_disabling_nobody_is_said(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sender", "disable", "nobody", "--config", config]) == 1
    assert "no sender nobody" in capsys.readouterr().err


def test_without_a_configuration_nothing_is_done(tmp_path: Path) -> None:
    assert main(["sender", "list", "--config", str(tmp_path / "none.toml")]) == 2


def test_a_sender_may_be_bound_to_its_applications(config: str) -> None:
    words = ["--fingerprint", "ab" * 32, "--application", "LABO", "--application", "RIS"]
    assert main(["sender", "add", "hospital", *words, "--config", config]) == 0


def test_business_answers_go_where_the_operator_says(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--config", config]
    assert main(["sender", "add", "labo", "--answers", "mllp://127.0.0.1:2600", *words]) == 0
    main(["sender", "list", *words])
    assert "mllp://127.0.0.1:2600" in capsys.readouterr().out
    assert main(["sender", "answers", "labo", "mllps://lis.exemple.test:2575", *words]) == 0
    main(["sender", "list", *words])
    assert "mllps://lis.exemple.test:2575" in capsys.readouterr().out
    assert main(["sender", "answers", "labo", "none", *words]) == 0
    main(["sender", "list", *words])
    assert "mllp" not in capsys.readouterr().out.rpartition("nowhere")[2]
    assert main(["sender", "answers", "nobody", "none", *words]) == 1


@pytest.mark.parametrize("url", ["127.0.0.1:2600", "http://a:1", "mllp://a", "mllp://a:0"])
def test_an_address_nobody_can_send_to_is_refused(
    config: str, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sender", "add", "labo", "--answers", url, "--config", config]) == 2
    assert url in capsys.readouterr().err


def test_a_sender_may_be_kept_from_saying_who_is_who(config: str) -> None:
    async def account() -> SenderAccount | None:
        settings, _ = read_settings(Path(config))
        store = judged_store(
            settings, clock=SystemClock(), ids=SystemIds(), metrics=PrometheusMetrics()
        )
        try:
            return await store.people.sender_named("labo")
        finally:
            await store.close()

    for words, taken in ((["--no-identities"], False), ([], True)):
        assert main(["sender", "add", "labo", *words, "--config", config]) == 0
        found = asyncio.run(account())
        assert found is not None
        assert found.identities is taken
        assert read_for(DEFAULT_READING, found).identities is taken
