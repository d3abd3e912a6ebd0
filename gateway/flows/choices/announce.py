"""Announce: the consultation took place, so the patient may see what waited (ACCESS P13, P14)."""

from gateway.errors import DeniedError
from gateway.flows.depositing.own import is_own
from gateway.flows.filing.consequences import announced
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.reading.decided.trace import trace_of
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Reader


async def announce(asking: Asking, reader: Reader, document: str) -> PatientKey:
    """Whose record it is; raises DeniedError where ACCESS refuses, traced. In force at once: the
    fact, its entry in the log and the patient's notice are one commit. A second click finds it
    done, where who clicks sees the document or has deposited it."""
    shelved = await asking.shelf.find(document)
    if shelved is None:
        raise DeniedError(NOT_THERE)
    patient = shelved.card.patient
    gate = await asking.gate(reader, patient)
    facts = await asking.facts(shelved)
    decision = gate.may(AccessAction.ANNOUNCE, facts)
    trace = trace_of(
        gate, decision, action=AccessAction.ANNOUNCE, document=document, door=asking.door
    )
    if not decision.permitted:
        await asking.traces.write([trace])
        is_done = (at := shelved.card.announced_at) is not None and at <= gate.now
        is_known = gate.may(AccessAction.SEARCH, facts).permitted or is_own(shelved.card, reader)
        if is_done and is_known:
            return patient
        raise DeniedError(NOT_THERE)
    told = announced(document, patient, gate.now)
    await asking.shelf.mark_announced(document, at=gate.now, acts=[trace], then=[told])
    return patient
