"""`gateway replay`: today's understanding beside the first, told without a trait."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.records.account import AccountState
from gateway.records.document import Label
from gateway.records.filing import Answer, IdentityChange
from gateway.records.finding import Finding, Severity, Verdict, verdict_of
from gateway.records.patient import PatientIdentity, PatientKey
from gateway.records.replayed import Replayed
from gateway.records.understanding import Understanding
from gateway.store import Store

Cda = Callable[..., bytes]
Deposit = Callable[..., Answer]
OpenSpace = Callable[..., PatientKey]
Inside = Callable[..., object]
SECRETS = ("ZEBULONIX", "Zoé", "1955", "255089999999966", "IPP7", "inventé", "TESTEUR")


def badly_labelled(understood: Understanding) -> Understanding:
    """As code would understand it that knew neither the label nor the name."""
    (document,) = understood.documents
    patient = replace(document.patient, birth_given=None)
    worse = replace(
        document,
        type_code="00000-0",
        label=Label.AUTR_DOC,
        label_text="Autres documents",
        label_rule="default",
        patient=patient,
        title=None,
    )
    return replace(understood, documents=(worse,))


def refused(understood: Understanding) -> Understanding:
    finding = Finding(code="once-wrong", severity=Severity.ERROR, where="/", message="No.")
    verdict = verdict_of([finding])
    return Understanding(format=understood.format, verdict=verdict, findings=(finding,))


def test_a_dry_run_tells_the_difference_and_changes_nothing(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    inside: Inside,
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_space()
    filed = deposit(cda(1), badly_labelled)
    words = ["replay", filed.receipt, "--dry-run", "--config", config]
    assert main(words) == 1
    told = capsys.readouterr().out
    assert "documents[0].label: AUTR_DOC → BIOLOGIE" in told
    assert "documents[0].type_code: 00000-0 → 11502-2" in told
    assert "documents[0].patient.birth_given: absent → present" in told
    assert "documents[0].title: absent → present" in told
    assert not [one for one in SECRETS if one in told]
    assert main(words) == 1
    assert capsys.readouterr().out == told

    async def look(store: Store) -> Replayed | None:
        return await store.replays.latest(filed.receipt)

    assert inside(look) is None


def test_a_replay_keeps_both_understandings_and_relabels_the_document(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    inside: Inside,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = open_space()
    filed = deposit(cda(1), badly_labelled)
    identifier = filed.documents[0].id
    words = ["replay", filed.receipt, "--json", "--config", config]
    assert main([*words, "--by", "Lou Testeur"]) == 0
    line = json.loads(capsys.readouterr().out)
    assert (line["kept"], line["relabelled"]) == (True, [identifier])

    async def look(store: Store) -> None:
        shelved = await store.shelf.find(identifier)
        assert shelved is not None
        assert (shelved.card.label, shelved.document.label) == (Label.BIOLOGIE, Label.BIOLOGIE)
        assert shelved.document.title is None
        kept = await store.replays.latest(filed.receipt)
        assert kept is not None
        assert kept.documents[0].title is not None
        receipt = await store.journal.receipt(filed.receipt)
        assert receipt is not None
        assert receipt.answer.documents[0].label is Label.AUTR_DOC
        (newest,) = await store.traces.of_document(key, identifier, limit=1)
        assert (newest.trace.action, newest.trace.actor_name) == ("relabel", "Lou Testeur")

    inside(look)
    assert main(words) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["differences"], again["kept"]) == ([], False)


def test_what_is_understood_as_before_leaves_nothing_behind(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_space()
    filed, archive = deposit(cda(1)), tmp_path / "out.zip"
    assert main(["pack", filed.receipt, "--xdm", str(archive), "--config", config]) == 0
    copy = deposit(archive.read_bytes())
    assert [one.code for one in copy.findings] == ["already-filed"]
    assert main(["replay", filed.receipt, copy.receipt, "--config", config]) == 0
    assert capsys.readouterr().out.count("understood as before") == 2


def test_a_held_receipt_is_judged_again(
    config: str,
    cda: Cda,
    deposit: Deposit,
    inside: Inside,
    open_space: OpenSpace,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = open_space()
    held = deposit(cda(1, ins=None))
    words = ["replay", held.receipt, "--config", config]
    assert main(words) == 1
    assert "judged again: hold" in capsys.readouterr().out

    async def learn(store: Store) -> None:
        person = await store.people.person(key)
        assert person is not None
        local = ("1.2.250.1.999.3^IPP7",)
        identity: PatientIdentity = person.identity
        change = IdentityChange(
            key=key,
            identity=identity,
            qualified=True,
            local_ids=local,
            state=AccountState.ACTIVE,
        )
        await store.people.change_identity(change)

    inside(learn)
    assert main(words) == 0
    assert "judged again: accept" in capsys.readouterr().out
    assert main([*words, "--dry-run"]) == 0


def test_a_receipt_qualified_by_an_operator_is_no_difference_of_understanding(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
) -> None:
    key = open_space()
    held = deposit(cda(1, ins=None))
    claim = ["--candidate", key.hex(), "--by", "Lou", "--reason", "seen"]
    assert main(["identity", "qualify", held.receipt, *claim, "--config", config]) == 0
    assert main(["replay", held.receipt, "--dry-run", "--config", config]) == 0


def test_a_refused_input_stays_refused_and_its_new_understanding_is_kept(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    inside: Inside,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = open_space()
    answer = deposit(cda(1), refused)
    assert answer.verdict is Verdict.REFUSE
    assert main(["replay", answer.receipt, "--config", config]) == 0
    told = capsys.readouterr().out
    assert "verdict: refuse → accept" in told
    assert "finding: error once-wrong at / → none" in told

    async def look(store: Store) -> None:
        kept = await store.replays.latest(answer.receipt)
        assert kept is not None
        assert kept.verdict is Verdict.ACCEPT
        assert await store.shelf.cards(key) == []

    inside(look)


def test_a_receipt_refused_for_want_of_a_space_is_understood_as_before(
    config: str, cda: Cda, deposit: Deposit, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = deposit(cda(1))
    assert [one.code for one in answer.findings] == ["vault-absent"]
    assert main(["replay", answer.receipt, "--dry-run", "--config", config]) == 0
    assert "understood as before" in capsys.readouterr().out


def test_one_unknown_receipt_does_not_stop_the_others(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_space()
    filed = deposit(cda(1))
    assert main(["replay", "0" * 32, filed.receipt, "--config", config]) == 1
    out, err = capsys.readouterr()
    assert out.startswith(filed.receipt)
    assert err == f"there is no receipt {'0' * 32}\n"
