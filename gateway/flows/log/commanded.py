"""What an agent did of somebody's space by a command, as an entry of the log."""

from collections.abc import Mapping
from dataclasses import replace

import orjson

from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey

RULE = "P64"


def commanded(
    patient: PatientKey,
    action: str,
    *,
    by: str,
    reason: str,
    said: Mapping[str, object] | None = None,
) -> NewTrace:
    """`by` is who said so on the command line, and why; `said` holds no contact and no code."""
    made = NewTrace(
        patient=patient,
        action=action,
        permitted=True,
        rule=RULE,
        kind="operator",
        actor=by,
        actor_name=f"{by} : {reason}",
        door="desk",
    )
    return made if said is None else replace(made, details=orjson.dumps(said))
