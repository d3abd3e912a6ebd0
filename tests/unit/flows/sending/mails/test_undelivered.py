"""What a history says of a mail that did not arrive, kind by kind and end by end."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from filing_samples import KEY

from gateway.flows.sending.mails.undelivered import not_delivered
from gateway.records.task import Task, TaskKind

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DOCTOR = {"id": "899", "name": "Dr Roux", "profession": "G15_10", "organization": "Cabinet"}


def task(kind: TaskKind, **payload: object) -> Task:
    return Task(
        id=1,
        kind=kind,
        subject="r1",
        patient=KEY,
        payload=json.dumps(payload).encode(),
        attempts=1,
        created_at=NOW,
    )


MAIL = task(TaskKind.MAIL, to="dr@exemple.mssante.fr", documents=["d1", "d2"])
NOTICE = task(TaskKind.DOCTOR_NOTICE, actor="1", notice="emergency_access", doctor=DOCTOR)


@pytest.mark.parametrize(
    ("outcome", "act"),
    [
        ("returned: 550", "mail-returned"),
        ("refused: The mail server refuses the message (550).", "mail-failed"),
        ("given-up: x", "mail-failed"),
    ],
)
def test_a_mail_is_told_for_each_of_its_documents(outcome: str, act: str) -> None:
    told = not_delivered(MAIL, outcome)
    assert [(one.action, one.document) for one in told] == [(act, "d1"), (act, "d2")]
    assert {(one.kind, one.actor, one.permitted) for one in told} == {
        ("professional", "dr@exemple.mssante.fr", True)
    }


def test_a_mail_to_the_patients_own_box_is_no_act_of_the_patient() -> None:
    """Own acts are left out of a history."""
    box = task(TaskKind.MAIL, to="279035121518989@patient.mssante.fr", documents=["d1"])
    (told,) = not_delivered(box, "returned: 550")
    assert (told.kind, told.actor, told.actor_name) == ("system", "", "La boîte du titulaire")


@pytest.mark.parametrize(
    ("outcome", "act"),
    [("returned: 550", "doctor-returned"), ("given-up: x", "doctor-unreachable")],
)
def test_a_notice_is_told_of_the_doctor_that_it_left_for(outcome: str, act: str) -> None:
    (told,) = not_delivered(NOTICE, outcome)
    assert (told.action, told.actor, told.actor_name) == (act, "899", "Dr Roux")
    assert (told.profession, told.organization, told.rule) == ("G15_10", "Cabinet", "P42")


def test_a_notice_of_before_names_no_doctor() -> None:
    before = task(TaskKind.DOCTOR_NOTICE, actor="1", notice="emergency_access")
    (told,) = not_delivered(before, "returned: 550")
    assert (told.actor, told.actor_name) == ("", "Le médecin traitant")


@pytest.mark.parametrize(
    ("one", "outcome"),
    [
        (MAIL, "denied: F60"),
        (NOTICE, "refused: 550"),
        (NOTICE, "no-address: …"),
        (replace(MAIL, patient=None), "returned: 550"),
        (task(TaskKind.NOTICE, notice="new_document"), "given-up: x"),
        (task(TaskKind.MAIL, to="dr@exemple.mssante.fr", documents=[]), "returned: 550"),
    ],
)
def test_what_was_told_already_or_is_in_no_history_is_not_told(one: Task, outcome: str) -> None:
    assert not_delivered(one, outcome) == ()
