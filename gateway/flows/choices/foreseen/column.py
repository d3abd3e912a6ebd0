"""What the grid lets one profession read, shown to a patient before any choice (VAULT CHO-09).

Each type is asked of the one decision, for somebody of that profession to whom the patient agreed:
an agreement never widens the grid.
"""

from dataclasses import dataclass, replace

from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.reading.explain import ANYBODY, HOLDERS, PLACEHOLDER
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    NORMAL,
    AccessAction,
    CareConsent,
    Decision,
    DocumentFacts,
    Reader,
    ReaderKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeLine:
    """`assumed` where the cell is a placeholder (ACCESS section 8)."""

    type_code: str
    decision: Decision
    assumed: bool


async def column_of(
    asking: Asking, reader: Reader, patient: PatientKey, profession: str
) -> list[TypeLine]:
    """Every type of the grid, by its code. Raises DeniedError for anybody but the holder's side,
    and for a profession that the grid does not name."""
    if reader.kind not in HOLDERS or profession not in asking.grid.professions():
        raise DeniedError(NOT_THERE)
    own = await asking.gate(reader, patient)
    social = profession.startswith("GENR")
    somebody = Reader(
        kind=ReaderKind.PROFESSIONAL,
        id=ANYBODY,
        profession=None if social else profession,
        activity=profession if social else None,
    )
    agreed = (CareConsent(id=ANYBODY, to="professional"),)
    record = replace(own.record, consents=agreed, blocks=())
    gate = replace(own, reader=somebody, record=record, circumstances=NORMAL)
    codes = sorted({cell.type_code for cell in asking.grid})
    return [
        TypeLine(
            type_code=code,
            decision=gate.may(AccessAction.OPEN, DocumentFacts(type=code)),
            assumed=any(
                cell.status == PLACEHOLDER for cell in asking.grid.cells(profession, code, gate.now)
            ),
        )
        for code in codes
    ]
