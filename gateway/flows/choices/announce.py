"""Announce: the consultation took place, so the patient may see what waited (ACCESS P13, P14)."""

from gateway.flows.reading.asking import Asking
from gateway.records.access import AccessAction, Reader
from gateway.records.patient import PatientKey


async def announce(asking: Asking, reader: Reader, document: str) -> PatientKey:
    """Whose record it is; raises DeniedError where ACCESS refuses. In force at once."""
    asked = await asking.demand(reader, AccessAction.ANNOUNCE, document)
    await asking.shelf.mark_announced(document, at=asked.gate.now)
    return asked.shelved.card.patient
