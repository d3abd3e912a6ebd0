"""A lot of an invented patient, as software of the DMP writes it, understood."""

from collections.abc import Mapping
from dataclasses import replace

from cda_sample import cda
from dmp_lot import Lot, Sent, provided
from dmp_software import packed, request
from lxml import etree

from gateway.mapping.xds.lot import understand_lot
from gateway.records.intake.reading import DEFAULT_READING, Reading
from gateway.records.intake.understanding import Understanding

CDA = cda().encode()
FIRST = Sent(body=CDA)
SECOND = Sent(
    body=cda(id="1.2.250.1.999.1.2", set_id="1.2.250.1.999.2.2").encode(),
    id="Document02",
    unique_id="1.2.250.1.999.1.2",
)
NOTE = Sent(
    body=b"Une note.", id="Note", unique_id="1.2.250.1.999.1.9", mime_type="text/plain", title="N"
)
LOT = Lot(documents=(FIRST,))


def understood(
    lot: Lot = LOT,
    *bends: tuple[str, str],
    parts: Mapping[str, bytes] | None = None,
    reading: Reading = DEFAULT_READING,
) -> Understanding:
    """`bends` replace a text in the request; `parts` stand for those that it has."""
    text, own = provided(lot)
    for before, after in bends:
        assert before in text, before
        text = text.replace(before, after)
    return understand_lot(etree.fromstring(text), own if parts is None else parts, reading)


def told(answer: Understanding) -> set[str]:
    return {one.code for one in answer.findings}


def entity(lot: Lot = LOT, *, message_id: str = "urn:uuid:1") -> bytes:
    """What the DMP door keeps of such a request."""
    text, parts = provided(lot)
    content_type, body = packed(
        request(text, action="a", vihf=None, message_id=message_id), parts, action="a"
    )
    return f"Content-Type: {content_type}\r\n\r\n".encode() + body


def with_body(body: bytes) -> Lot:
    return replace(LOT, documents=(replace(FIRST, body=body),))
