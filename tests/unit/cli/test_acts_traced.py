"""What a command changes stands in the signed log, with who typed it, on every engine."""

import json
from typing import Any

import pytest
from place import Place, cda

from gateway.clock import SystemClock
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK, PatientKey
from gateway.records.task import NewTask, TaskKind
from gateway.store import Store

BY = ("--by", "anne")
DOCTOR = "899900000018"
Told = tuple[str, str, str, dict[str, Any]]


def log_of(place: Place, patient: PatientKey = DESK) -> list[Told]:
    """Action, actor, door and details, the newest first."""

    async def log(store: Store) -> list[Told]:
        traces = await store.traces.of_patient(patient, limit=9)
        return [told(one.trace) for one in traces]

    return place.inside(log)


def told(one: NewTrace) -> Told:
    return one.action, one.actor, one.door, json.loads(one.details)


def test_what_becomes_of_a_senders_account_is_told(place: Place) -> None:
    place.done("sender", "add", "labo", "--strict", *BY)
    place.done("sender", "answers", "labo", "mllp://127.0.0.1:2575", *BY)
    place.done("sender", "disable", "labo", *BY)
    place.done("sender", "enable", "labo", "--by", "marc")
    place.fails("sender", "disable", "nobody", *BY)
    assert log_of(place) == [
        ("sender-enabled", "marc", "command", {"sender": "labo"}),
        ("sender-disabled", "anne", "command", {"sender": "labo"}),
        ("sender-changed", "anne", "command", {"sender": "labo", "changed": ["answers"]}),
        (
            *("sender-added", "anne", "command"),
            {"sender": "labo", "known_by": "token", "changed": ["strict"]},
        ),
    ]


def test_who_made_an_operator_is_told_with_whom_and_which_roles(place: Place) -> None:
    place.done("operator", "add", "camille", "--name", "Camille F", "--role", "conseiller", *BY)
    place.done("operator", "disable", "camille", *BY)
    place.fails("operator", "disable", "nobody", *BY)
    assert log_of(place) == [
        ("operator-disabled", "anne", "command", {"operator": "101"}),
        ("operator-added", "anne", "command", {"operator": "101", "roles": ["conseiller"]}),
    ]


def test_an_address_that_was_given_to_a_professional_is_told_without_the_address(
    place: Place,
) -> None:
    known = ("--name", "Dr Essai", "--profession", "G15_10")
    place.done("professional", "address", DOCTOR, "dr@exemple.mssante.fr", *known, *BY)
    place.done("professional", "address", DOCTOR, "none", *BY)
    place.done("professional", "practice", DOCTOR, "left", *BY)
    assert place.done("professional", "list").rstrip().endswith("\tleft")
    assert log_of(place) == [
        ("professional-practice", "anne", "command", {"professional": DOCTOR, "left": True}),
        ("professional-address", "anne", "command", {"professional": DOCTOR, "given": False}),
        ("professional-address", "anne", "command", {"professional": DOCTOR, "given": True}),
    ]


@pytest.mark.parametrize("all_dead", [True, False])
def test_each_task_that_is_tried_again_is_told_and_no_other(
    place: Place, *, all_dead: bool
) -> None:
    number = place.inside(_dead_letter)
    words = ("--dead",) if all_dead else (str(number),)
    place.done("task", "retry", *words, *BY)
    place.fails("task", "retry", str(number), *BY)
    assert log_of(place) == [("letter-retried", "anne", "command", {"task": number})]


async def _dead_letter(store: Store) -> int:
    now = SystemClock().now()
    await store.tasks.add([NewTask(kind=TaskKind.MAIL, subject="s", due_at=now)])
    (task,) = await store.tasks.claim(SystemClock().now(), lease=now - now, limit=1)
    await store.tasks.settle(task, outcome="refused: 550", at=now, dead=True)
    return task.id


def test_what_is_proposed_and_dropped_is_told_in_the_log_of_whom_it_is_about(place: Place) -> None:
    key = place.open_space()
    held = place.deposit(cda(1, ins=None))
    said = place.done(
        *("identity", "qualify", held.receipt, "--candidate", key.hex()),
        *("--reason", "papers seen", *BY),
    )
    proposal = said.split("\t")[0]
    place.done("identity", "refuse", proposal, "--by", "marc")
    place.fails("identity", "refuse", proposal, "--by", "marc")
    about = {"receipt": held.receipt, "proposal": proposal}
    acts = [one for one in log_of(place, key) if one[0].startswith("identity-")]
    assert acts == [
        ("identity-declined", "marc", "command", about),
        ("identity-proposed", "anne", "command", about | {"reason": "papers seen"}),
    ]
    assert log_of(place) == []
