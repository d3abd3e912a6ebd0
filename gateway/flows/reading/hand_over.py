"""What a repository hands over (ITI-43): each document decided, traced, then its own bytes.

What is refused is told as what is not there, and costs the same steps (decision 024).
"""

from collections.abc import Iterable
from dataclasses import replace

from msgspec import Struct

from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import Asking
from gateway.mapping.xds.query.objects import id_named
from gateway.records.documents.shelved import Card
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import NORMAL, AccessAction, Circumstances, Reader

DOWNLOAD = "download"
MAX_BYTES = 100_000_000
"""Of the documents of one answer."""


class HandedOver(Struct, frozen=True, kw_only=True):
    """A document with its own bytes, equal to those received; `body` is None where the answer has
    no room left for it."""

    card: Card
    body: bytes | None


async def hand_over(
    asking: Asking,
    reader: Reader,
    patient: PatientKey,
    unique_ids: Iterable[str],
    *,
    circumstances: Circumstances = NORMAL,
) -> dict[str, HandedOver]:
    """By unique id, of this record alone; what is not handed over is not among them."""
    wanted = list(dict.fromkeys(unique_ids))
    bound = await _bound(asking, reader, patient)
    ids = await asking.shelf.named(wanted)
    room, found = MAX_BYTES, {}
    for name in wanted:
        document = ids.get(name) or id_named(name) or name
        try:
            asked = await asking.demand(
                bound,
                AccessAction.OPEN,
                document,
                circumstances=circumstances,
                traced_as=DOWNLOAD,
            )
        except DeniedError:
            continue
        room -= asked.card.size
        body = await asking.shelf.body(asked.card.id) if room >= 0 else None
        found[name] = HandedOver(card=asked.card, body=body)
    return found


async def _bound(asking: Asking, reader: Reader, patient: PatientKey) -> Reader:
    """He stands before the record that he named, whatever name of it he used."""
    person = await asking.people.person(patient)
    return replace(reader, bound_to=(person.key if person else patient).hex())
