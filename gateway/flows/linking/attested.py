"""A link to an attestation for a school: 30 days, its code and readings as any link's (VAC-05)."""

from dataclasses import dataclass

from gateway.flows.attesting.make import WithdrawnError
from gateway.flows.attesting.room import Attesting, found, is_offered
from gateway.flows.family.profiles import decide_act
from gateway.flows.linking.giving import TooManyLinksError, new_link
from gateway.flows.linking.room import MADE, Linking, by_whoever
from gateway.flows.reading.decided.gate import NOTHING_PERMITS, Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.records.patients.account import NewTrace
from gateway.records.patients.attestation import Attestation
from gateway.records.patients.patient import PatientKey
from gateway.records.patients.share_link import MOST_DAYS, MOST_LINKS, ShareLink
from gateway.records.readers.access import AccessAction, Decision, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAttestation:
    """What may be done with one attestation by a link that this reader made."""

    one: Attestation
    gate: Gate
    decision: Decision
    door: str

    def entry_of_whoever(self, act: str, address: str, **said: object) -> NewTrace:
        told = {"attestation": self.one.id, **said}
        made = trace_of(self.gate, self.decision, action=act, door=self.door, said=told)
        return by_whoever(made, address)


async def make_for_school(
    room: Linking,
    attesting: Attesting,
    reader: Reader,
    patient: PatientKey,
    attestation: str,
    *,
    key: str = "",
) -> ShareLink:
    """A second click on one form (`key`) is the same link. Raises DeniedError, traced,
    WithdrawnError, TooManyLinksError."""
    may, one = await found(attesting, reader, patient, attestation, act=MADE)
    if one.withdrawn_at is not None:
        raise WithdrawnError
    made = new_link(room, may.gate, one.id, days=MOST_DAYS, key=key, is_attestation=True)
    act = may.entry(one.id, MADE)
    if not await room.links.make(made, most=MOST_LINKS, act=act):
        raise TooManyLinksError
    return made


async def judged_attestation(
    room: Linking, reader: Reader, link: ShareLink
) -> JudgedAttestation | None:
    """Decided now, as its making was; None where it is there no more."""
    one = await room.attestations.find(link.document)
    if one is None:
        return None
    gate = await room.read.gate(reader, one.patient)
    decision = decide_act(gate, AccessAction.EXPORT)
    if decision.permitted and not (is_offered(gate) and one.withdrawn_at is None):
        decision = NOTHING_PERMITS
    return JudgedAttestation(one=one, gate=gate, decision=decision, door=room.read.door)
