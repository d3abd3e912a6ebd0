"""How many segments, fields and repetitions one message may have (SECURITY section 1)."""

from gateway.mapping.hl7v2.er7.splitter import Split
from gateway.mapping.hl7v2.findings import failure
from gateway.records.intake.finding import Finding
from gateway.records.intake.reading import Reading


def excess_in(parted: Split, reading: Reading) -> Finding | None:
    """None for all but hostile messages; cheap for one far below the caps."""
    if len(parted.lines) > reading.max_segments:
        return failure("too-many", "/", 198, "The message has too many segments.")
    marks = parted.marks
    for line in parted.lines:
        if len(line) <= reading.max_repetitions:
            continue
        name = line[:3] if line[:3].isalnum() else "/"
        if line.count(marks.field) > reading.max_fields:
            return failure("too-many", name, 198, "A segment has too many fields.")
        if marks.repetition and line.count(marks.repetition) > reading.max_repetitions:
            fields = line.split(marks.field)
            if any(one.count(marks.repetition) >= reading.max_repetitions for one in fields):
                return failure("too-many", name, 198, "A field has too many repetitions.")
    return None
