"""`gateway label`: the review list, an operator's word, and replays under it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.records.document import Label
from gateway.records.filing import Answer
from gateway.records.patient import PatientKey
from gateway.store import Store

Cda = Callable[..., bytes]
Deposit = Callable[..., Answer]
OpenSpace = Callable[..., PatientKey]
Inside = Callable[..., object]
SECRETS = ("ZEBULONIX", "Zoé", "1955", "255089999999966", "IPP7", "inventé", "TESTEUR")
WHO = ["--by", "Lou Testeur", "--reason", "the sender says so"]


def vague(data: bytes) -> bytes:
    """A document whose code is the sender's own and whose words say nothing."""
    data = data.replace(b' displayName="CR d\'examens biologiques"', b"")
    return data.replace(
        b'code="11502-2" codeSystem="2.16.840.1.113883.6.1"', b'code="XX9" codeSystem="1.2.3.4"'
    )


@pytest.fixture
def guess(cda: Cda, deposit: Deposit, open_space: OpenSpace) -> Answer:
    open_space()
    answer = deposit(vague(cda(1)))
    assert [one.label for one in answer.documents] == [Label.CPT_REND]
    return answer


@pytest.fixture
def label_now(inside: Inside) -> Callable[[str], tuple[Label, str]]:
    def look(document: str) -> tuple[Label, str]:
        async def act(store: Store) -> tuple[Label, str]:
            shelved = await store.shelf.find(document)
            assert shelved is not None
            assert shelved.card.label is shelved.document.label
            return shelved.card.label, shelved.document.label_rule

        found: tuple[Label, str] = inside(act)  # type: ignore[assignment]  # what the act gives
        return found

    return look


def listed(config: str, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, str]]:
    capsys.readouterr()
    assert main(["label", "list", "--json", "--config", config, *words]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_guess_is_listed_by_what_the_rules_saw_and_nothing_else(
    config: str, guess: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    (line,) = listed(config, capsys)
    assert line["document"] == guess.documents[0].id
    assert (line["sender"], line["receipt"]) == ("labo", guess.receipt)
    assert (line["type_code"], line["label"]) == ("XX9", "CPT_REND")
    assert (line["label_rule"], line["label_confidence"]) == ("title:compte-rendu", "low")
    assert main(["label", "list", "--config", config]) == 0
    told = capsys.readouterr().out
    assert told.split("\t")[0] == guess.documents[0].id
    assert not [one for one in SECRETS if one in told + json.dumps(line)]


def test_an_official_type_is_not_on_the_list(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_space()
    deposit(cda(1))
    assert listed(config, capsys, "--below", "high") == []


def test_the_threshold_is_a_setting_and_an_option_overrides_it(
    config: str, guess: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guess.documents
    file = Path(config)
    text = file.read_text().replace('# review_below = "medium"', 'review_below = "low"')
    assert file.read_text() != text
    file.write_text(text)
    assert listed(config, capsys) == []
    assert len(listed(config, capsys, "--below", "medium")) == 1


def test_an_operators_word_is_the_label_of_all_and_can_be_taken_back(
    config: str,
    guess: Answer,
    label_now: Callable[[str], tuple[Label, str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = guess.documents[0].id
    assert main(["label", "set", name, "CERT_MED", *WHO, "--config", config]) == 0
    assert "CPT_REND → CERT_MED" in capsys.readouterr().out
    assert label_now(name) == (Label.CERT_MED, "operator:Lou Testeur")
    assert listed(config, capsys) == []
    assert main(["label", "unset", name, *WHO, "--config", config]) == 0
    assert label_now(name) == (Label.CPT_REND, "title:compte-rendu")
    assert len(listed(config, capsys)) == 1
    assert main(["label", "unset", name, *WHO, "--config", config]) == 1
    assert "nobody decided" in capsys.readouterr().err


def test_an_operators_word_survives_replays_and_is_no_difference(
    config: str,
    guess: Answer,
    label_now: Callable[[str], tuple[Label, str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = guess.documents[0].id
    assert main(["label", "set", name, "CERT_MED", *WHO, "--config", config]) == 0
    replay = ["replay", guess.receipt, "--config", config]
    assert main([*replay, "--dry-run"]) == 0
    assert main(replay) == 0
    assert "understood as before" in capsys.readouterr().out
    assert label_now(name) == (Label.CERT_MED, "operator:Lou Testeur")


def test_a_replay_under_an_operators_word_is_what_unset_gives_back(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    label_now: Callable[[str], tuple[Label, str]],
) -> None:
    open_space()
    filed = deposit(
        vague(cda(1)),
        lambda understood: replace(
            understood,
            documents=tuple(
                replace(one, label=Label.AUTR_DOC, label_rule="default", label_confidence="low")
                for one in understood.documents
            ),
        ),
    )
    name = filed.documents[0].id
    assert main(["label", "set", name, "CERT_MED", *WHO, "--config", config]) == 0
    replay = ["replay", filed.receipt, "--config", config]
    assert main(replay) == 0
    assert label_now(name) == (Label.CERT_MED, "operator:Lou Testeur")
    assert main([*replay, "--dry-run"]) == 0
    assert main(["label", "unset", name, *WHO, "--config", config]) == 0
    assert label_now(name) == (Label.CPT_REND, "title:compte-rendu")
    assert main([*replay, "--dry-run"]) == 0


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["set", "0" * 32, "CERT_MED", *WHO], 1, "there is no document"),
        (["unset", "0" * 32, *WHO], 1, "there is no document"),
        (["set", "0" * 32, "CERT_MED", "--by", " ", "--reason", "x"], 2, "cannot be empty"),
    ],
)
def test_what_cannot_be_done_is_said(
    config: str, words: list[str], status: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["label", *words, "--config", config]) == status
    assert told in capsys.readouterr().err


def test_a_label_that_is_none_of_the_eight_is_a_usage_error(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["label", "set", "0" * 32, "DOC_ADM", *WHO, "--config", config])
    assert ended.value.code == 2
    assert "RADIO_SC" in capsys.readouterr().err


def test_codes_that_wait_are_counted_and_one_word_in_the_configuration_settles_them(
    config: str,
    guess: Answer,
    label_now: Callable[[str], tuple[Label, str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    (line,) = listed(config, capsys, "--codes")
    assert line == {
        "documents": 1,
        "sender": "labo",
        "type_code": "XX9",
        "type_system": "1.2.3.4",
        "label": "CPT_REND",
    }
    assert main(["label", "list", "--codes", "--config", config]) == 0
    assert capsys.readouterr().out == "1\tlabo\tXX9\t1.2.3.4\tCPT_REND\n"
    with Path(config).open("a") as file:
        file.write('\n[[local_type]]\ncode = "XX9"\nlabel = "BIOLOGIE"\n')
    assert main(["replay", guess.receipt, "--config", config]) == 0
    assert label_now(guess.documents[0].id) == (Label.BIOLOGIE, "local:XX9")
    assert listed(config, capsys, "--below", "high") == []
