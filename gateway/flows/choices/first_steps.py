"""What one does first in a new space: each step is shown until it is done or skipped (UIX-06)."""

from collections.abc import Iterable
from datetime import datetime

from gateway.access.time import in_force
from gateway.errors import RefusedError
from gateway.flows.choices.act import Fact, may_manage, write
from gateway.flows.reading.decided.asking import Asking
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage, Reader

TREATING = "medecin"
STEPS = ("coordonnees", "profil", TREATING, "acces", "famille")
DONE, SKIPPED = "first-step-done", "first-step-skipped"


def steps_left(choices: Iterable[Choice], now: datetime) -> list[str]:
    """In order. Who has a médecin traitant has taken that step."""
    held = [one for one in choices if in_force(one.since, one.until, now)]
    behind = {one.target for one in held if one.kind is ChoiceKind.FIRST_STEP}
    behind |= {TREATING for one in held if one.kind is ChoiceKind.TREATING}
    return [one for one in STEPS if one not in behind]


async def take_step(
    asking: Asking, reader: Reader, patient: PatientKey, step: str, *, skipped: bool
) -> None:
    """Raises RefusedError for no step, DeniedError where ACCESS refuses. A step that is behind
    stays there."""
    if step not in STEPS:
        raise RefusedError(f"etape is one of {', '.join(STEPS)}")
    permitted = await may_manage(asking, reader, patient, Manage.SWITCHES)
    if step in steps_left(await asking.people.choices(patient), permitted.now):
        act = SKIPPED if skipped else DONE
        await write(asking, permitted, Fact(ChoiceKind.FIRST_STEP, step), act=act)
