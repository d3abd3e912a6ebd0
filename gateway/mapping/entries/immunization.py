"""The rules of a vaccination (VAULT section 11)."""

from collections.abc import Iterator

from gateway.mapping.entries.faults import Fault, Life, dated, needed, too_long
from gateway.records.entries.immunization import Immunization


def immunization(content: Immunization, life: Life) -> Iterator[Fault]:
    yield from needed(content, "date", "vaccine")
    yield from too_long(content)
    yield from dated(content, life, "date")
