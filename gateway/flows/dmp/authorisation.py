"""TD0.3: a professional declares or removes his authorisation, or that he is the médecin traitant.

Declaring attests that the patient was informed and agrees (VAULT CHO-03): the same decision and
the same facts as at `/pro`. What stands already is left as it is, and the request traced.
"""

from dataclasses import replace

from gateway.access.question import may_treat
from gateway.access.time import in_force
from gateway.errors import RefusedError
from gateway.flows.choices.act import Fact, Permitted, may_manage, write
from gateway.flows.dmp.existence import is_treating
from gateway.flows.reading.decided.asking import Asking
from gateway.flows.reading.decided.trace import trace_of
from gateway.records.patients.account import ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import NORMAL, Manage, Reader

NO_PHYSICIAN = "Seul un médecin peut se déclarer médecin traitant."
AGREE, REFUSE, TREATING = "agree", "refuse", "treating"


async def declare(
    asking: Asking, reader: Reader, patient: PatientKey, *, treating: bool = False
) -> bool:
    """False where it stood already. A médecin traitant needs the agreement too, and takes the
    place of another one (CHO-11). Raises DeniedError; RefusedError for who is no physician."""
    if treating and not may_treat(reader):
        raise RefusedError(NO_PHYSICIAN)
    permitted = await may_manage(asking, reader, patient, Manage.CONSENTS, target=reader.id)
    own = reader.id or ""
    facts = [] if _has_own(permitted) else [Fact(ChoiceKind.CARE_PROFESSIONAL, own)]
    if treating and not is_treating(permitted.gate):
        former = permitted.gate.record.treating
        ended = [Fact(ChoiceKind.TREATING, former.id, holds=False)] if former else []
        facts += [*ended, Fact(ChoiceKind.TREATING, own)]
    return await _write(asking, permitted, facts, act=TREATING if treating else AGREE)


async def remove(
    asking: Asking, reader: Reader, patient: PatientKey, *, treating: bool = False
) -> bool:
    """His own word only: what the patient gave to his team stays, and so does the agreement of who
    is no longer médecin traitant. False where there was nothing. Raises DeniedError."""
    permitted = await may_manage(asking, reader, patient, Manage.CONSENTS, target=reader.id)
    own = reader.id or ""
    if treating:
        held = is_treating(permitted.gate)
        facts = [Fact(ChoiceKind.TREATING, own, holds=False)] if held else []
        return await _write(asking, permitted, facts, act=TREATING)
    held = await _is_given(asking, permitted, own)
    facts = [Fact(ChoiceKind.CARE_PROFESSIONAL, own, holds=False)] if held else []
    return await _write(asking, permitted, facts, act=REFUSE)


async def _write(asking: Asking, permitted: Permitted, facts: list[Fact], *, act: str) -> bool:
    if facts:
        await write(asking, permitted, facts[0], *facts[1:], act=act)
        return True
    said = {"already": True}
    trace = trace_of(permitted.gate, permitted.decision, action=act, door=asking.door, said=said)
    await asking.traces.write([trace])
    return False


def _has_own(permitted: Permitted) -> bool:
    """Does he stand by an agreement of his own, whatever his team has?"""
    gate = permitted.gate
    alone = replace(gate, reader=replace(gate.reader, team=None), circumstances=NORMAL)
    return alone.standing().permitted


async def _is_given(asking: Asking, permitted: Permitted, own: str) -> bool:
    """An agreement in force ends, spent or not."""
    choices = await asking.people.choices(permitted.gate.patient)
    return any(
        one.kind is ChoiceKind.CARE_PROFESSIONAL
        and one.target == own
        and in_force(one.since, one.until, permitted.now)
        for one in choices
    )
