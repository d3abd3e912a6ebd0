"""Who may read: consents, refusals, blocks and the médecin traitant (VAULT CHO-01 to 06, 11)."""

import re
from datetime import datetime

from gateway.errors import RefusedError
from gateway.flows.choices.act import Fact, may_manage, write
from gateway.flows.reading.decided.asking import Asking
from gateway.flows.reading.explain import HOLDERS
from gateway.records.patients.account import ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage, Reader

PAST = "The end of an agreement is in the past."
UNKNOWN = "Nobody of this id is known here."
RPPS = re.compile(r"8[0-9]{11}", re.ASCII)
"""National identifier of a professional: 8 and the eleven digits of the RPPS (PS_IdNat)."""


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
    himself or his team (CHO-03). Raises DeniedError; RefusedError for an end in the past, and
    where the patient names somebody whom no directory knows."""
    permitted = await may_manage(asking, reader, patient, Manage.CONSENTS, target=target)
    if until is not None and until <= permitted.now:
        raise RefusedError(PAST)
    if reader.kind in HOLDERS and target not in await _known(asking, team=team):
        raise RefusedError(UNKNOWN)
    if team:
        given = Fact(ChoiceKind.CARE_TEAM, target, until=until)
        objected = target in permitted.gate.record.teams_objected
        forgiven = [Fact(ChoiceKind.TEAM_OBJECTED, target, holds=False)] if objected else []
        await write(asking, permitted, given, *forgiven, act="agree")
        return
    given = Fact(ChoiceKind.CARE_PROFESSIONAL, target, until=until)
    await write(asking, permitted, given, act="agree")


async def _known(asking: Asking, *, team: bool) -> set[str | None]:
    directory = await asking.people.professionals()
    return {one.organization if team else one.id for one in directory}


async def refuse(
    asking: Asking, reader: Reader, patient: PatientKey, target: str, *, team: bool = False
) -> None:
    """Ends an agreement, or says no before there was one (CHO-04). A team is objected to, which
    counts where a team that informed the patient is deemed authorised (ACCESS `team_consent`)."""
    permitted = await may_manage(asking, reader, patient, Manage.CONSENTS, target=target)
    if team:
        ended = Fact(ChoiceKind.CARE_TEAM, target, holds=False)
        objected = Fact(ChoiceKind.TEAM_OBJECTED, target)
        await write(asking, permitted, ended, objected, act="refuse")
        return
    ended = Fact(ChoiceKind.CARE_PROFESSIONAL, target, holds=False)
    await write(asking, permitted, ended, act="refuse")


async def block(
    asking: Asking, reader: Reader, patient: PatientKey, professional: str, *, blocked: bool
) -> None:
    """Beats every agreement; unblocking gives none back (CHO-06). Somebody never seen here is
    blocked by his national identifier; RefusedError for what is neither known nor one."""
    permitted = await may_manage(asking, reader, patient, Manage.BLOCKS, target=professional)
    seen = professional in await _known(asking, team=False)
    if not seen and not RPPS.fullmatch(professional):
        raise RefusedError(UNKNOWN)
    act = "block" if blocked else "unblock"
    await write(asking, permitted, Fact(ChoiceKind.BLOCK, professional, holds=blocked), act=act)


async def name_treating(
    asking: Asking, reader: Reader, patient: PatientKey, professional: str | None
) -> None:
    """One médecin traitant at a time (CHO-11); None ends the declaration."""
    permitted = await may_manage(asking, reader, patient, Manage.CONSENTS)
    former = permitted.gate.record.treating
    facts = []
    if former is not None and former.id != professional:
        facts.append(Fact(ChoiceKind.TREATING, former.id, holds=False))
    if professional is not None and (former is None or former.id != professional):
        facts.append(Fact(ChoiceKind.TREATING, professional))
    if facts:
        await write(asking, permitted, *facts, act="treating")
