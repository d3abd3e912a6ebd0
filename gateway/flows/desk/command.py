"""What somebody typed at a command, as the log has it."""

from collections.abc import Mapping

import orjson

from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey


def typed_entry(
    patient: PatientKey, action: str, *, rule: str, by: str, said: Mapping[str, object]
) -> NewTrace:
    """`by` is the name that was given to the command, which proves nobody."""
    return NewTrace(
        patient=patient,
        action=action,
        permitted=True,
        rule=rule,
        kind="operator",
        actor=by,
        actor_name=by,
        door="command",
        details=orjson.dumps(said),
    )
