"""What a repository hands over (ITI-43): each document decided, traced, then its own bytes.

What is refused is told as what is not there, and costs the same steps (decision 024).
"""

from collections.abc import Iterable
from dataclasses import replace

from msgspec import Struct

from gateway.access.dmp.rights import Transaction, permits
from gateway.errors import DeniedError
from gateway.flows.dmp.existence import is_treating
from gateway.flows.reading.decided.asking import Asking, Refuses, never
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.listing import is_masked
from gateway.mapping.xds.query.objects import id_named
from gateway.records.documents.shelved import Card
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import NORMAL, AccessAction, Circumstances, Reader
from gateway.records.readers.vihf import Vihf

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
    unless: Refuses = never,
) -> dict[str, HandedOver]:
    """By unique id, of this record alone; what is not handed over is not among them."""
    wanted = list(dict.fromkeys(unique_ids))
    bound = await bound_to(asking, reader, patient)
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
                unless=unless,
            )
        except DeniedError:
            continue
        room -= asked.card.size
        body = await asking.shelf.body(asked.card.id) if room >= 0 else None
        found[name] = HandedOver(card=asked.card, body=body)
    return found


async def bound_to(asking: Asking, reader: Reader, patient: PatientKey) -> Reader:
    """He stands before the record that he named, whatever name of it he used."""
    person = await asking.people.person(patient)
    return replace(reader, bound_to=(person.key if person else patient).hex())


def masked_to(vihf: Vihf) -> Refuses:
    """What the DMP keeps masked from who asks, though ACCESS would not (XDS.md section 10)."""

    def refuses(gate: Gate, card: Card) -> bool:
        return is_masked(card) and not permits(
            Transaction.RETRIEVE_MASKED,
            vihf,
            is_treating=is_treating(gate),
            is_author=gate.reader.id in card.author_ids,
            is_allowed=gate.record.emergency.masked,
        )

    return refuses
