"""« Segments » (PAGES section 7): the shape of an HL7v2 message, for who mends what wrote it.

What could name a person or hold content is masked where it is read; who follows messages has the
role for it (VAULT DSK-01).
"""

import asyncio
from dataclasses import dataclass

from gateway.errors import RefusedError
from gateway.flows.again import Again
from gateway.flows.desk.messages.listing import MessageDesk
from gateway.flows.receive import Delivery
from gateway.mapping.hl7v2.er7.shape import MessageShape, shape_of
from gateway.records.intake.messages import Envelope
from gateway.records.intake.understanding import Format
from gateway.records.readers.access import Reader

ROWS = 50
"""Segments of one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`page` is the one really shown, of `pages`."""

    envelope: Envelope
    shape: MessageShape
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentDesk:
    messages: MessageDesk
    again: Again

    async def show(self, agent: Reader, receipt: str, *, page: int) -> Shown:
        """`page` counts from 1; behind the last one stands the last one. Raises DeniedError, and
        RefusedError for a receipt that there is not, that is no HL7v2, or whose bytes were
        dropped."""
        message = await self.messages.show(agent, receipt)
        delivery = await self.again.delivery(receipt)
        shape = await asyncio.to_thread(_shape, delivery, page)
        if shape is not None and not shape.segments:
            page = -(-shape.count // ROWS)
            shape = await asyncio.to_thread(_shape, delivery, page)
        if shape is None or message.envelope.format != Format.HL7V2:
            raise RefusedError(f"receipt {receipt} is no HL7v2 message")
        pages = -(-shape.count // ROWS)
        return Shown(envelope=message.envelope, shape=shape, page=page, pages=pages)


def _shape(delivery: Delivery, page: int) -> MessageShape | None:
    first = (page - 1) * ROWS
    return shape_of(delivery.raw, delivery.reading, first=first, rows=ROWS)
