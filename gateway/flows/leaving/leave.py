"""Leave: close a space, have it deleted, take that back, open it again (VAULT ACC-15 to ACC-18).

Each is asked of ACCESS, and is one commit with its entry in the log and its notice. A closed space
answers at no door: its state is asked at each of them.
"""

from collections.abc import Mapping
from dataclasses import replace

from gateway.flows.choices.act import Permitted, may_manage
from gateway.flows.family.profiles import decide_act
from gateway.flows.leaving.proof import CLOSING, DELETION, KEPT, REOPENING, Proof, proof_of
from gateway.flows.leaving.room import NOTHING_SAID, Leaving
from gateway.flows.reading.decided.trace import trace_of
from gateway.flows.sending.notices.leaving import (
    CLOSED,
    DELETION_ASKED,
    DELETION_KEPT,
    REOPENED,
    notice_of_leaving,
)
from gateway.flows.signing_in.tries import WrongError, count_try, of_address, of_person
from gateway.records.patients.account import Choice
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage, Reader

WORD = "SUPPRIMER"
"""What is typed by who asks for a deletion."""


async def prove_again(
    leaving: Leaving,
    reader: Reader,
    patient: PatientKey,
    me: PatientKey,
    password: str,
    *,
    address: str,
    act: str = CLOSING,
) -> None:
    """The password of who is signed in, once more (VAULT section 1, guard of `close`; EXP-01).
    Raises WrongError, traced as `act` in the record that it was about, and TooManyTriesError."""
    entrance = leaving.entrance
    whose = of_person("closing", me.hex())
    async with entrance.turns.turn(whose.subject):
        counted = await count_try(entrance.sessions, entrance.clock, whose, of_address(address))
        known = await leaving.people.login_of(me)
        if await entrance.hasher.verify(known.password_hash if known else None, password):
            await entrance.sessions.take_back(counted, forget=whose.subject)
            return
    permitted = await may_manage(leaving.asking, reader, patient, Manage.CLOSING)
    wrong = trace_of(permitted.gate, permitted.decision, action=act, door=leaving.asking.door)
    await leaving.asking.traces.write([replace(wrong, permitted=False, rule=act)])
    raise WrongError


async def close(
    leaving: Leaving,
    reader: Reader,
    patient: PatientKey,
    *,
    asks_deletion: bool = False,
    to: tuple[str, str] | None = None,
    said: Mapping[str, object] = NOTHING_SAID,
) -> Proof:
    """At once nobody reads, adds or is let in. Raises DeniedError, OverError."""
    permitted = await may_manage(leaving.asking, reader, patient, Manage.CLOSING)
    key, now = permitted.gate.patient, permitted.now
    proof, asked = proof_of(CLOSING, key, now), proof_of(DELETION, key, now)
    acts = [leaving.entry(permitted, proof, said)]
    then = [notice_of_leaving(CLOSED, key, now, reference=proof.reference, to=to)]
    if asks_deletion:
        decision = decide_act(permitted.gate, Manage.DELETION)
        acts.append(leaving.entry(Permitted(gate=permitted.gate, decision=decision), asked, said))
        then.append(notice_of_leaving(DELETION_ASKED, key, now, reference=asked.reference, to=to))
    done = await leaving.departures.close(
        key, at=now, acts=acts, then=then, asks_deletion=asks_deletion
    )
    if not done:
        raise await leaving.over(key)
    return proof


async def reopen(leaving: Leaving, reader: Reader, patient: PatientKey) -> bool:
    """As it was, with the same ids; what was agreed with applications stays ended. Whether a
    deletion was asked for, which is cancelled by this. Raises DeniedError, OverError."""
    permitted = await may_manage(leaving.asking, reader, patient, Manage.OPENING)
    key, now = permitted.gate.patient, permitted.now
    person = await leaving.people.person(key)
    cancelled = person is not None and person.deletion_asked_at is not None
    proof = proof_of(REOPENING, key, now)
    told = notice_of_leaving(REOPENED, key, now, reference=proof.reference, cancelled=cancelled)
    act = leaving.entry(permitted, proof, {"cancelled": cancelled})
    if not await leaving.departures.reopen(key, act=act, then=[told]):
        raise await leaving.over(key)
    return cancelled


async def ask_deletion(leaving: Leaving, reader: Reader, patient: PatientKey) -> Proof:
    """Three months from now nothing is left. Raises DeniedError, OverError."""
    permitted = await may_manage(leaving.asking, reader, patient, Manage.DELETION)
    proof = proof_of(DELETION, permitted.gate.patient, permitted.now)
    return await write_deletion(leaving, permitted, proof)


async def write_deletion(
    leaving: Leaving,
    permitted: Permitted,
    proof: Proof,
    *,
    proposed: Choice | None = None,
    said: Mapping[str, object] = NOTHING_SAID,
) -> Proof:
    """`proposed` is the paper by which it was asked for: its confirmation leaves by letter."""
    key = permitted.gate.patient
    done = await leaving.departures.ask_deletion(
        key,
        at=proof.at,
        act=leaving.entry(permitted, proof, said),
        then=[
            notice_of_leaving(
                DELETION_ASKED,
                key,
                proof.at,
                reference=proof.reference,
                letter=proposed is not None,
            )
        ],
        proposed=proposed,
    )
    if not done:
        raise await leaving.over(key)
    return proof


async def keep(leaving: Leaving, reader: Reader, patient: PatientKey) -> None:
    """The deletion is taken back; the space stays closed. Raises DeniedError, OverError."""
    permitted = await may_manage(leaving.asking, reader, patient, Manage.DELETION)
    key, now = permitted.gate.patient, permitted.now
    proof = proof_of(KEPT, key, now)
    told = notice_of_leaving(DELETION_KEPT, key, now, reference=proof.reference)
    act = leaving.entry(permitted, proof)
    if not await leaving.departures.take_back(key, act=act, then=[told]):
        raise await leaving.over(key)
