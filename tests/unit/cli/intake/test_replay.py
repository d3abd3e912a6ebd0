"""`gateway replay`: today's understanding beside the first, told without a trait."""

from dataclasses import replace
from pathlib import Path

from place import NOTHING, Place, cda, nameless

from gateway.records.documents.document import Label
from gateway.records.documents.replayed import Replayed
from gateway.records.intake.filing import IdentityChange
from gateway.records.intake.finding import Finding, Severity, Verdict, verdict_of
from gateway.records.intake.understanding import Understanding
from gateway.records.patients.account import AccountState
from gateway.store import Store

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


def test_a_dry_run_tells_the_difference_and_changes_nothing(place: Place) -> None:
    place.open_space()
    filed = place.deposit(cda(1), badly_labelled)
    status, told, _ = place.command("replay", filed.receipt, "--dry-run")
    assert status == 1
    assert "documents[0].label: AUTR_DOC → BIOLOGIE" in told
    assert "documents[0].type_code: 00000-0 → 11502-2" in told
    assert "documents[0].patient.birth_given: absent → present" in told
    assert "documents[0].title: absent → present" in told
    assert not [one for one in SECRETS if one in nameless(told)]
    assert place.command("replay", filed.receipt, "--dry-run")[:2] == (1, told)

    async def look(store: Store) -> Replayed | None:
        return await store.replays.latest(filed.receipt)

    assert place.inside(look) is None


def test_a_replay_keeps_both_understandings_and_relabels_the_document(place: Place) -> None:
    key = place.open_space()
    filed = place.deposit(cda(1), badly_labelled)
    identifier = filed.documents[0].id
    (line,) = place.lines("replay", filed.receipt, "--by", "Lou Testeur")
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
        told = [one.trace for one in await store.traces.of_patient(key, limit=50)]
        (act,) = [one for one in told if one.action == "message-replayed"]
        assert (act.actor, act.kind) == ("Lou Testeur", "operator")

    place.inside(look)
    (again,) = place.lines("replay", filed.receipt)
    assert (again["differences"], again["kept"]) == ([], False)


def test_what_is_understood_as_before_leaves_nothing_behind(place: Place, tmp_path: Path) -> None:
    place.open_space()
    filed, archive = place.deposit(cda(1)), tmp_path / "out.zip"
    place.done("pack", filed.receipt, "--xdm", str(archive))
    copy = place.deposit(archive.read_bytes())
    assert [one.code for one in copy.findings] == ["already-filed"]
    assert place.done("replay", filed.receipt, copy.receipt).count("understood as before") == 2


def test_a_held_receipt_is_judged_again(place: Place) -> None:
    key = place.open_space()
    held = place.deposit(cda(1, ins=None))
    status, told, _ = place.command("replay", held.receipt)
    assert (status, "judged again: hold" in told) == (1, True)

    async def learn(store: Store) -> None:
        person = await store.people.person(key)
        assert person is not None
        change = IdentityChange(
            key=key,
            identity=person.identity,
            qualified=True,
            local_ids=("1.2.250.1.999.3^IPP7",),
            state=AccountState.ACTIVE,
        )
        await store.people.change_identity(change)

    place.inside(learn)
    assert "judged again: accept" in place.done("replay", held.receipt)
    place.done("replay", held.receipt, "--dry-run")


def test_a_receipt_qualified_by_an_operator_is_no_difference_of_understanding(place: Place) -> None:
    key = place.open_space()
    held = place.deposit(cda(1, ins=None))
    claim = ("--candidate", key.hex(), "--by", "Lou", "--reason", "seen")
    place.done("identity", "qualify", held.receipt, *claim)
    place.done("replay", held.receipt, "--dry-run")


def test_a_refused_input_stays_refused_and_its_new_understanding_is_kept(place: Place) -> None:
    key = place.open_space()
    answer = place.deposit(cda(1), refused)
    assert answer.verdict is Verdict.REFUSE
    told = place.done("replay", answer.receipt)
    assert "verdict: refuse → accept" in told
    assert "finding: error once-wrong at / → none" in told

    async def look(store: Store) -> None:
        kept = await store.replays.latest(answer.receipt)
        assert kept is not None
        assert kept.verdict is Verdict.ACCEPT
        assert await store.shelf.cards(key) == []

    place.inside(look)


def test_a_receipt_refused_for_want_of_a_space_is_understood_as_before(place: Place) -> None:
    answer = place.deposit(cda(1))
    assert [one.code for one in answer.findings] == ["vault-absent"]
    assert "understood as before" in place.done("replay", answer.receipt, "--dry-run")


def test_one_unknown_receipt_does_not_stop_the_others(place: Place) -> None:
    place.open_space()
    filed = place.deposit(cda(1))
    status, out, err = place.command("replay", NOTHING, filed.receipt)
    assert status == 1
    assert out.startswith(filed.receipt)
    assert err == f"there is no receipt {NOTHING}\n"
