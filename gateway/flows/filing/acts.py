"""What a refused deposit leaves in the access log."""

from collections.abc import Sequence

from gateway.records.account import NewTrace
from gateway.records.filing import Intake
from gateway.records.patient import PatientKey


def refused_deposits(
    intake: Intake, patient: PatientKey | None, rules: Sequence[str]
) -> tuple[NewTrace, ...]:
    """A refused try is an act too (VAULT GEN-06): one entry a rule."""
    if patient is None:
        return ()
    return tuple(_refusal(intake, patient, rule) for rule in dict.fromkeys(rules))


def _refusal(intake: Intake, patient: PatientKey, rule: str) -> NewTrace:
    return NewTrace(
        patient=patient,
        action="deposit",
        permitted=False,
        rule=rule,
        kind="system",
        actor=intake.sender,
        actor_name=intake.organization or intake.sender,
        door=intake.door.value,
    )
