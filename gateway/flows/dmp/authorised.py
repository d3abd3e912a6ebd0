"""TD1.6: the professionals and structures that a record is open to, or closed to.

Told to who may consult it himself. How each of them stands is asked of the one decision, as on the
patient's own page (`choices.foreseen.overview`); a refusal and a try are told to nobody.
"""

from datetime import datetime

from gateway.errors import DeniedError
from gateway.flows.choices.foreseen.overview import MAX_TRACES, Row, State, known_to, rows_of
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.reading.decided.trace import trace_of
from gateway.flows.reading.history import ReadHistory
from gateway.records.patients.habilitation import Authorised
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import NORMAL, Circumstances, Reader

AUTHORISED = "authorised"
TOLD = frozenset({State.AUTHORISED, State.BLOCKED})


async def authorised(
    asking: ReadHistory, reader: Reader, patient: PatientKey, circumstances: Circumstances = NORMAL
) -> list[Authorised]:
    """By name; raises DeniedError, traced, where this reader may not consult. When somebody
    was last here stands in the log, which is the patient's: each is told it of himself."""
    gate = await asking.gate(reader, patient, circumstances=circumstances, attempt=AUTHORISED)
    decision = gate.told()
    trace = trace_of(gate, decision, action=AUTHORISED, door=asking.door)
    await asking.traces.write([trace])
    if not decision.permitted:
        raise DeniedError(NOT_THERE, rule=decision.rule)
    rows = rows_of(await known_to(asking, reader, gate.patient))
    last = await _last_act(asking, reader, gate.patient)
    return [
        _authorised(row, last if row.id == reader.id else None) for row in rows if row.state in TOLD
    ]


async def _last_act(asking: Asking, reader: Reader, patient: PatientKey) -> datetime | None:
    rows = await asking.traces.of_patient(patient, limit=MAX_TRACES)
    mine = (one.at for one in rows if one.trace.actor == reader.id and one.trace.permitted)
    return next(mine, None)


def _authorised(row: Row, last: datetime | None) -> Authorised:
    return Authorised(
        id=row.id,
        name=row.name,
        profession=row.profession,
        since=row.since,
        blocked=row.state is State.BLOCKED,
        team=row.team,
        treating=row.treating,
        last_action=last,
    )
