"""What a deposit leaves in the access log besides the document: refusals, and a choice declared."""

from collections.abc import Sequence

import orjson

from gateway.records.account import NewTrace
from gateway.records.filing import Intake
from gateway.records.patient import PatientKey

DECLARED = "ZFA"


def refused_deposits(
    intake: Intake, patient: PatientKey | None, rules: Sequence[str]
) -> tuple[NewTrace, ...]:
    """A refused try is an act too (VAULT GEN-06): one entry a rule."""
    if patient is None:
        return ()
    return tuple(
        _act(intake, patient, "deposit", rule, permitted=False) for rule in dict.fromkeys(rules)
    )


def feeding_choice(
    intake: Intake, patient: PatientKey, *, opposed: bool | None
) -> tuple[NewTrace, ...]:
    """What a sender says that the patient decided about deposits (ZFA-9); None: nothing said."""
    if opposed is None:
        return ()
    details = orjson.dumps({"choice": "feeding-opposed", "after": opposed})
    return (_act(intake, patient, "choose", DECLARED, permitted=True, details=details),)


def _act(
    intake: Intake,
    patient: PatientKey,
    action: str,
    rule: str,
    *,
    permitted: bool,
    details: bytes = b"{}",
) -> NewTrace:
    return NewTrace(
        patient=patient,
        action=action,
        permitted=permitted,
        rule=rule,
        kind="system",
        actor=intake.sender,
        actor_name=intake.organization or intake.sender,
        door=intake.door.value,
        details=details,
    )
