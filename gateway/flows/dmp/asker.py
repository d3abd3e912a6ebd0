"""Who asks one of the small services, and whether the DMP's table lets him, before our own rules.

A refusal by the table is an entry of the log like any other: no rule permits it.
"""

from dataclasses import dataclass

from gateway.access.dmp.rights import Transaction, permits
from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOBODY, NOT_THERE, Asking
from gateway.flows.reading.decided.gate import NOTHING_PERMITS
from gateway.flows.reading.decided.trace import trace_of, trace_of_nothing
from gateway.flows.signing_in.vihf import circumstances_of, reader_of
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Circumstances, Reader
from gateway.records.readers.vihf import Vihf


@dataclass(frozen=True, slots=True)
class Asker:
    """The reader of a VIHF, and the mode in which he comes in."""

    reader: Reader
    circumstances: Circumstances


async def asker_of(
    asking: Asking,
    vihf: Vihf,
    transaction: Transaction,
    patient: PatientKey | None,
    *,
    act: str,
    address: str,
) -> Asker:
    """Raises DeniedError, traced as `act`, where his card or his mode has no right to it
    (XDS.md section 10). `patient` is None where nobody is named; `address` is of the network."""
    asker = Asker(reader_of(vihf, address=address), circumstances_of(vihf))
    if permits(transaction, vihf):
        return asker
    if patient is None:
        made = trace_of_nothing(asker.reader, NOBODY, act, None, door=asking.door, grid=asking.grid)
    else:
        gate = await asking.gate(
            asker.reader, patient, circumstances=asker.circumstances, attempt=act
        )
        made = trace_of(gate, NOTHING_PERMITS, action=act, door=asking.door)
    await asking.traces.write([made])
    raise DeniedError(NOT_THERE, rule=NOTHING_PERMITS.rule)
