"""One act on several documents: all of them, or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOT_THERE, Asked, Asking
from gateway.flows.reading.decided.facts import document_facts
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.flows.reading.explain import HOLDERS
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Reader

MAX_DOCUMENTS = 2_000
"""Of one act; a record of the demo's largest patient holds 500."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed(Asked):
    """A document that this reader may do this to, and the decision that says so."""


async def weigh(
    asking: Asking, reader: Reader, action: AccessAction, documents: Sequence[str]
) -> list[Weighed]:
    """Each asked of `access.decide`. Where one is not there or refused, nothing is done: raises
    DeniedError, and each refused try is traced in the record that it was tried on."""
    if reader.kind not in HOLDERS or not documents or len(documents) > MAX_DOCUMENTS:
        raise DeniedError(NOT_THERE)
    gates: dict[PatientKey, Gate] = {}
    weighed: list[Weighed] = []
    missing = False
    for document in dict.fromkeys(documents):
        shelved = await asking.shelf.find(document)
        if shelved is None:
            missing = True
            continue
        patient = shelved.card.patient
        if patient not in gates:
            gates[patient] = await asking.gate(reader, patient)
        facts, gate = await asking.facts(shelved), gates[patient]
        decision = gate.may(action, facts)
        weighed.append(Weighed(shelved=shelved, facts=facts, decision=decision, gate=gate))
    refused = [one for one in weighed if not one.decision.permitted]
    if refused or missing:
        await asking.traces.write([act_on(asking, one, action) for one in refused])
        raise DeniedError(NOT_THERE)
    return weighed


def act_on(asking: Asking, one: Weighed, action: str, **said: object) -> NewTrace:
    """The entry of the log for one of them."""
    return trace_of(
        one.gate,
        one.decision,
        action=action,
        document=one.card.id,
        door=asking.door,
        said=said or None,
    )


async def every_document(asking: Asking, reader: Reader, patient: PatientKey) -> list[str]:
    """All that the holder's side may see today, newest first: what « tous » means. A document that
    waits for its announcement is not among them, nor is its number told."""
    if reader.kind not in HOLDERS:
        raise DeniedError(NOT_THERE)
    gate = await asking.gate(reader, patient)
    cards = await asking.shelf.cards(patient)
    return [c.id for c in cards if gate.may(AccessAction.LIST, document_facts(c)).permitted]
