"""In-memory twin of the port `NoticeMarks`."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from vault_twins import MemoryTraces

from gateway.ports.people.notices import Marked
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey


@dataclass
class MemoryNoticeMarks:
    traces: MemoryTraces
    rows: set[tuple[PatientKey, str, int]] = field(default_factory=set)

    async def of(self, patient: PatientKey, reader: str) -> Marked:
        def numbers(whose: str) -> frozenset[int]:
            return frozenset(n for p, r, n in self.rows if (p, r) == (patient, whose))

        return Marked(read=numbers(reader), gone=numbers(""))

    async def read(self, patient: PatientKey, reader: str, numbers: Sequence[int]) -> None:
        self.rows |= {(patient, reader, number) for number in numbers}

    async def drop(self, patient: PatientKey, numbers: Sequence[int], *, act: NewTrace) -> None:
        self.rows |= {(patient, "", number) for number in numbers}
        await self.traces.write([act])
