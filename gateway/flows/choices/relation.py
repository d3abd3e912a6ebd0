"""The care relation as a professional sees it: what the patient agreed to with him or his team,
what he may record of it, and how it ends (VAULT CHO-03, CHO-04, CHO-15).

Nothing here tells of a mask, of another professional or of a block.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from gateway.access.time import civil_date, in_force, midnight_after
from gateway.errors import RefusedError
from gateway.flows.choices.care import refuse
from gateway.flows.reading.decided.asking import Asking
from gateway.flows.reading.decided.gate import Gate
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import NORMAL, AccessAction, Manage, Reader

ENDED = "The agreement would be over before it begins."


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One agreement in force: `team` tells the care team's from the professional's own."""

    team: bool
    since: datetime
    until: datetime | None


def agreements_of(gate: Gate, choices: Iterable[Choice]) -> list[Agreement]:
    """Those that reach this reader, newest first; only where he stands by them."""
    if not gate.standing().permitted:
        return []
    reader = gate.reader
    mine = {ChoiceKind.CARE_PROFESSIONAL: reader.id, ChoiceKind.CARE_TEAM: reader.team}
    found = [
        Agreement(team=one.kind is ChoiceKind.CARE_TEAM, since=one.since, until=one.until)
        for one in choices
        if one.target
        and mine.get(one.kind) == one.target
        and in_force(one.since, one.until, gate.now)
    ]
    return sorted(found, key=lambda one: one.since, reverse=True)


def may_record(gate: Gate, target: str) -> bool:
    """May this reader record the patient's agreement for `target` (P62, P63)?"""
    circumstances = replace(NORMAL, manage=Manage.CONSENTS, target=target)
    asked = replace(gate, circumstances=circumstances)
    return asked.may(AccessAction.MANAGE, None).permitted


def end_of(day: date | None, now: datetime) -> datetime | None:
    """The midnight that ends a civil day of Paris; RefusedError where that is past."""
    if day is None:
        return None
    if day < civil_date(now):
        raise RefusedError(ENDED)
    return midnight_after(day)


async def decline(asking: Asking, reader: Reader, patient: PatientKey) -> None:
    """« Le patient refuse »: the own agreement ends; that of the team too, where it is what lets
    this reader in. Raises DeniedError where ACCESS refuses."""
    await refuse(asking, reader, patient, reader.id or "")
    gate = await asking.gate(reader, patient)
    if reader.team and replace(gate, circumstances=NORMAL).standing().permitted:
        await refuse(asking, reader, patient, reader.team, team=True)
