"""What every verb of an attestation is handed, and who may make one (VAULT VAC-05)."""

from dataclasses import dataclass

from gateway.access.time import is_minor
from gateway.clock import Ids
from gateway.errors import DeniedError
from gateway.flows.entries.listing import ListEntries
from gateway.flows.family.profiles import decide_act
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.reading.decided.gate import NOTHING_PERMITS, Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.ports.people.attestations import Attestations
from gateway.ports.people.people import Sessions
from gateway.records.patients.account import NewTrace
from gateway.records.patients.attestation import Attestation
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Decision, Reader, ReaderKind

MADE, WITHDRAWN, SEEN = "attestation-made", "attestation-withdrawn", "attestation-read"
TAKEN, CHECKED = "attestation-downloaded", "attestation-checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attesting:
    asking: Asking
    listing: ListEntries
    attestations: Attestations
    sessions: Sessions
    ids: Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class May:
    """A representative of a minor, before the minor's record, now."""

    gate: Gate
    decision: Decision
    door: str

    def entry(self, attestation: str, act: str) -> NewTrace:
        said = {"attestation": attestation}
        return trace_of(self.gate, self.decision, action=act, door=self.door, said=said)


async def may_attest(room: Attesting, reader: Reader, patient: PatientKey, *, act: str) -> May:
    """Raises DeniedError, traced, for whoever is no legal representative of a child, and for one
    who may not take anything out of the record."""
    asking = room.asking
    gate = await asking.gate(reader, patient, attempt=act)
    decision = decide_act(gate, AccessAction.EXPORT)
    if decision.permitted and not is_offered(gate):
        decision = NOTHING_PERMITS
    if not decision.permitted:
        await asking.traces.write([trace_of(gate, decision, action=act, door=asking.door)])
        raise DeniedError(NOT_THERE, rule=decision.rule)
    return May(gate=gate, decision=decision, door=asking.door)


def is_offered(gate: Gate) -> bool:
    """To the legal representative of a child, and to nobody else."""
    birth = gate.record.birth_date
    return gate.reader.kind is ReaderKind.REPRESENTATIVE and is_minor(birth, gate.now)


async def found(
    room: Attesting, reader: Reader, patient: PatientKey, attestation: str, *, act: str
) -> tuple[May, Attestation]:
    """One of this record. Raises DeniedError, traced, where there is none."""
    may = await may_attest(room, reader, patient, act=act)
    one = await room.attestations.find(attestation)
    if one is None or one.patient != may.gate.patient:
        await room.asking.missed(reader, act)
        raise DeniedError(NOT_THERE)
    return may, one
