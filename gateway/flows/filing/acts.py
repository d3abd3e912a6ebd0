"""What a refused deposit leaves in the access log."""

from collections.abc import Sequence

from gateway.records.access import Reader
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
    if intake.depositor is not None:
        return by_hand(intake.depositor, patient, permitted=False, rule=rule)
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


def by_hand(
    reader: Reader, patient: PatientKey, *, permitted: bool, rule: str, document: str | None = None
) -> NewTrace:
    """A deposit by a person at a page of ours, under that person's own name."""
    return NewTrace(
        patient=patient,
        action="deposit",
        permitted=permitted,
        rule=rule,
        kind=reader.kind,
        actor=reader.id or "",
        actor_name=reader.name,
        profession=reader.profession,
        organization=reader.organisation_name,
        document=document,
        door=reader.door,
        address=reader.address,
    )
