"""TD0.2 and TD1.3a: does the record exist, and what may this reader be told of it.

Whether it exists is told to anybody who proved who he is, for a sender must know where to deposit;
all the rest to who may consult now. Either way it is an entry of the log; who is told in an
emergency has entered by its door.
"""

from gateway.access.question import may_treat
from gateway.errors import DeniedError
from gateway.flows.choices.emergency import declare
from gateway.flows.reading.decided.asking import Asking
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.told import access_notices
from gateway.flows.reading.decided.trace import trace_of
from gateway.records.patients.habilitation import Administrative, Existence
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Account, Circumstances, Decision, Reader

EXISTENCE, ADMINISTRATIVE = "existence", "administrative"
"""What the log calls the two transactions."""
EXISTS = frozenset({Account.OPEN, Account.ACTIVE})
CLOSED = frozenset({Account.CLOSED, Account.ARCHIVED})
NOBODY_THERE = Existence(exists=False)


async def existence(
    asking: Asking, reader: Reader, patient: PatientKey, circumstances: Circumstances, *, act: str
) -> Existence:
    """A record that nobody opened, or whose owner opposed, does not exist; nor does one of an
    identity that is not qualified."""
    try:
        gate = await asking.gate(reader, patient, circumstances=circumstances, attempt=act)
    except DeniedError:
        return NOBODY_THERE
    decision = gate.told()
    if decision.permitted:
        await declare(asking, reader, gate.patient, circumstances)
    told = await _told(asking, gate, decision)
    trace = trace_of(gate, decision, action=act, door=asking.door)
    await asking.traces.write([trace], then=access_notices(gate, decision) if told else ())
    record = gate.record
    return Existence(
        exists=record.qualified and record.account in EXISTS,
        closed=record.qualified and record.account in CLOSED,
        told=told,
    )


async def _told(asking: Asking, gate: Gate, decision: Decision) -> Administrative | None:
    """None where ACCESS lets him read nothing: then there is no more to tell."""
    person = await asking.people.person(gate.patient) if decision.permitted else None
    if person is None or person.key != gate.patient:
        return None
    return Administrative(
        identity=person.identity,
        treating=is_treating(gate),
        activated=gate.record.account is Account.ACTIVE,
        emergency=gate.record.emergency,
    )


def is_treating(gate: Gate) -> bool:
    """Whether this reader is the médecin traitant in force."""
    treating = gate.record.treating
    return treating is not None and treating.id == gate.reader.id and may_treat(gate.reader)
