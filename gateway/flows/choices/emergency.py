"""Emergency: what the patient allows, and a professional who enters (VAULT CHO-10, EMG-02, 03).

An entry is a dated fact of the record: it is the professional's, outlives a restart, and ends by
itself. While it is in force, what he reads is asked in its mode.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from gateway.access.time import in_force
from gateway.errors import DeniedError, RefusedError
from gateway.flows.choices.act import Fact, Permitted, may_manage, write
from gateway.flows.reading.decided.asking import Asking, entered
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.told import emergency_notices
from gateway.flows.reading.decided.trace import trace_of
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    NO_FLAGS,
    Circumstances,
    EmergencyChoice,
    Manage,
    Mode,
    Reader,
)

LASTS = timedelta(hours=4)
ALONE = "Masked documents are opened in an emergency only with one of the two other boxes."
OFF = {
    "samu": ChoiceKind.EMERGENCY_SAMU_OFF,
    "professionals": ChoiceKind.EMERGENCY_PROFESSIONALS_OFF,
}


async def allow(
    asking: Asking, reader: Reader, patient: PatientKey, wanted: EmergencyChoice
) -> None:
    """The three boxes of CHO-10. RefusedError for the third alone: nothing is changed."""
    permitted = await may_manage(asking, reader, patient, Manage.SWITCHES)
    if wanted.masked and not (wanted.samu or wanted.professionals):
        raise RefusedError(ALONE)
    held = permitted.gate.record.emergency
    facts = [
        Fact(kind, "", holds=not getattr(wanted, name))
        for name, kind in OFF.items()
        if getattr(wanted, name) is not getattr(held, name)
    ]
    if wanted.masked is not held.masked:
        facts.append(Fact(ChoiceKind.EMERGENCY_MASKED_ON, "", holds=wanted.masked))
    if facts:
        await write(asking, permitted, *facts, act="emergency-choice")


async def enter(
    asking: Asking,
    reader: Reader,
    patient: PatientKey,
    mode: Mode,
    reason: str,
    *,
    flags: Mapping[str, bool] = NO_FLAGS,
) -> datetime:
    """Opens the emergency door for LASTS; until when. Raises DeniedError, traced and shown to the
    patient, where ACCESS refuses; its rule says why."""
    circumstances = Circumstances(mode=mode, reason=reason, flags=flags)
    gate = await asking.gate(reader, patient, circumstances=circumstances, attempt="emergency")
    decision = gate.told()
    if not decision.permitted:
        trace = trace_of(gate, decision, action="emergency", door=asking.door)
        await asking.traces.write([trace])
        raise DeniedError(decision.because, rule=decision.rule)
    until = gate.now + LASTS
    permitted = Permitted(gate=gate, decision=decision)
    said = f"{mode}|{reason}"
    fact = Fact(ChoiceKind.EMERGENCY_ENTRY, reader.id or "", until=until, said=said)
    notices = emergency_notices(gate)
    await write(asking, permitted, fact, act="emergency", then=notices)
    return until


async def declare(
    asking: Asking, reader: Reader, patient: PatientKey, circumstances: Circumstances
) -> None:
    """The emergency that a request declares, entered once for LASTS: the patient is told of it as
    of any other. Raises DeniedError, as `enter`."""
    mode = circumstances.mode
    if mode is Mode.NORMAL:
        return
    known = entered(reader, await asking.people.choices(patient), asking.clock.now())
    if known.mode is not mode:
        reason, flags = circumstances.reason or "", circumstances.flags
        await enter(asking, reader, patient, mode, reason, flags=flags)


def entry_of(gate: Gate, choices: Iterable[Choice]) -> Choice | None:
    """The entry that this reader stands by now; its end is when the door shuts by itself."""
    if not gate.is_emergency:
        return None
    for one in choices:
        mine = one.kind is ChoiceKind.EMERGENCY_ENTRY and one.target == gate.reader.id
        if mine and in_force(one.since, one.until, gate.now):
            return one
    return None


async def leave(asking: Asking, reader: Reader, patient: PatientKey) -> None:
    """Ends the professional's own entry before its time; nothing where there is none."""
    gate = await asking.gate(reader, patient)
    if entry_of(gate, await asking.people.choices(patient)) is None:
        return
    permitted = Permitted(gate=gate, decision=gate.told())
    fact = Fact(ChoiceKind.EMERGENCY_ENTRY, reader.id or "", holds=False)
    await write(asking, permitted, fact, act="emergency-end")
