"""The rules of a measure (VAULT section 8)."""

from collections.abc import Iterator

from gateway.mapping.entries.faults import Fault, Life, needed, too_long
from gateway.records.entries.measure import Measure


def measure(content: Measure, _life: Life) -> Iterator[Fault]:
    yield from needed(content, "code", "value", "unit")
    yield from too_long(content)
