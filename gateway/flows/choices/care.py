"""Who may read: consents, refusals, blocks and the médecin traitant (VAULT CHO-01 to 06, 11)."""

from datetime import datetime

from gateway.errors import RefusedError
from gateway.flows.choices.act import Fact, may_manage, write
from gateway.flows.reading.asking import Asking
from gateway.records.access import Manage, Reader
from gateway.records.account import ChoiceKind
from gateway.records.patient import PatientKey

PAST = "The end of an agreement is in the past."
UNKNOWN = "Nobody of this id is known here."


async def agree(
    asking: Asking,
    reader: Reader,
    patient: PatientKey,
    target: str,
    *,
    team: bool = False,
    until: datetime | None = None,
) -> None:
    """The patient agrees to one professional, or to a team; a professional may record it for
    himself or his team (CHO-03). Raises DeniedError; RefusedError for an end in the past."""
    permitted = await may_manage(asking, reader, patient, Manage.CONSENTS, target=target)
    if until is not None and until <= permitted.now:
        raise RefusedError(PAST)
    kind = ChoiceKind.CARE_TEAM if team else ChoiceKind.CARE_PROFESSIONAL
    await write(asking, permitted, Fact(kind, target, until=until), act="agree")


async def refuse(
    asking: Asking, reader: Reader, patient: PatientKey, target: str, *, team: bool = False
) -> None:
    """Ends an agreement, or says no before there was one (CHO-04)."""
    permitted = await may_manage(asking, reader, patient, Manage.CONSENTS, target=target)
    kind = ChoiceKind.CARE_TEAM if team else ChoiceKind.CARE_PROFESSIONAL
    await write(asking, permitted, Fact(kind, target, holds=False), act="refuse")


async def block(
    asking: Asking, reader: Reader, patient: PatientKey, professional: str, *, blocked: bool
) -> None:
    """Beats every agreement; unblocking gives none back (CHO-06). RefusedError for a stranger."""
    permitted = await may_manage(asking, reader, patient, Manage.BLOCKS, target=professional)
    known = {one.id for one in await asking.people.professionals()}
    if professional not in known:
        raise RefusedError(UNKNOWN)
    act = "block" if blocked else "unblock"
    await write(asking, permitted, Fact(ChoiceKind.BLOCK, professional, holds=blocked), act=act)


async def name_treating(
    asking: Asking, reader: Reader, patient: PatientKey, professional: str | None
) -> None:
    """One médecin traitant at a time (CHO-11); None ends the declaration."""
    permitted = await may_manage(asking, reader, patient, Manage.CONSENTS)
    former = permitted.gate.record.treating
    kind = ChoiceKind.TREATING
    if former is not None and former.id != professional:
        await write(asking, permitted, Fact(kind, former.id, holds=False), act="treating")
    if professional is not None:
        await write(asking, permitted, Fact(kind, professional), act="treating")
