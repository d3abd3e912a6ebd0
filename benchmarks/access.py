"""How long access decisions take: `python -m benchmarks.access` (figures on standard output).

One decision on a patient's own document, a professional's through consent and grid, a list of
500 as the list page asks it, and scenario lines as `gateway grid decide --jsonl` reads them.
"""

import io
import json
from datetime import UTC, date, datetime
from time import perf_counter

from gateway.access.decide import decide
from gateway.access.grid import shipped_grid
from gateway.cli.grid import answer_lines
from gateway.records.readers.access import (
    NORMAL,
    AccessAction,
    CareConsent,
    DocumentFacts,
    Reader,
    ReaderKind,
    RecordFacts,
)
from gateway.records.readers.switches import Switches

ROUNDS = 20_000
NOW = datetime(2026, 3, 15, 10, tzinfo=UTC)
SCENARIO = {
    "now": "2026-03-15T10:00:00Z",
    "action": "open",
    "reader": {"kind": "professional", "id": "890000000011", "profession": "G15_10"},
    "document": {"type": "11502-2", "author": "890000000022", "codes": ["N"]},
    "record": {"consents": [{"to": "professional", "id": "890000000011"}]},
}


def microseconds(reader: Reader, record: RecordFacts) -> float:
    """The mean of one decision."""
    grid, switches = shipped_grid(), Switches()
    document = DocumentFacts(type="11502-2", author=("890000000022",), deposited=NOW)
    start = perf_counter()
    for _ in range(ROUNDS):
        decide(reader, AccessAction.LIST, document, record, NORMAL, switches, grid, NOW)
    return (perf_counter() - start) / ROUNDS * 1e6


def lines_a_second() -> float:
    """Scenario lines read, decided and answered, each flushed."""
    line = json.dumps(SCENARIO).encode() + b"\n"
    source, grid = io.BytesIO(line * ROUNDS), shipped_grid()
    start = perf_counter()
    answer_lines(source, io.BytesIO(), grid)
    return ROUNDS / (perf_counter() - start)


def main() -> None:
    record = RecordFacts(
        birth_date=date(1984, 7, 2),
        consents=(CareConsent(id="890000000011", to="professional"),),
    )
    patient = microseconds(Reader(kind=ReaderKind.PATIENT, id="p"), record)
    doctor = microseconds(
        Reader(kind=ReaderKind.PROFESSIONAL, id="890000000011", profession="G15_10"), record
    )
    print(f"patient, own document: {patient:.1f} µs ({patient / 2:.2f} ms for 500)")
    print(f"professional, consent and grid: {doctor:.1f} µs ({doctor / 2:.2f} ms for 500)")
    print(f"grid decide: {lines_a_second():,.0f} lines/s")


if __name__ == "__main__":
    main()
