"""A patient's choice as an entry of the log, with the state before and after (VAULT section 4)."""

from dataclasses import replace
from datetime import datetime

import orjson

from gateway.records.patients.account import Choice, NewTrace
from gateway.records.patients.patient import PatientKey

Stood = tuple[datetime, datetime | None]
"""Since and until when the same choice stood before."""

IMPORTED = "import"


def choice_trace(
    patient: PatientKey, choice: Choice, act: NewTrace | None, before: Stood | None
) -> NewTrace:
    """`act` is who did it and by which rule; without one it came with an import."""
    details = orjson.loads(act.details) if act is not None else {}
    details["choice"] = choice.kind.value
    details["target"] = choice.target
    if "holds" in details:  # said of the first fact of an act; each has its own
        details["kind"] = choice.kind.value
        details["holds"] = choice.until is None or choice.until > choice.since
    details["before"] = _span(*before) if before else None
    details["after"] = _span(choice.since, choice.until)
    made = act or NewTrace(
        patient=patient,
        action="choose",
        permitted=True,
        rule=IMPORTED,
        kind="system",
        actor=choice.by,
        actor_name="",
        door=IMPORTED,
    )
    return replace(made, patient=patient, details=orjson.dumps(details))


def _span(since: datetime, until: datetime | None) -> dict[str, str | None]:
    return {"since": since.isoformat(), "until": until.isoformat() if until else None}
