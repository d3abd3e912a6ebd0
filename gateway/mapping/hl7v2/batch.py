"""Batches: FHS and BHS envelopes, and several messages in one input (HL7V2 section 4)."""

import re

from gateway.mapping.hl7v2.splitter import begin_of

MESSAGE_START = re.compile(rb"[\r\n\x0b](?:\xef\xbb\xbf)?(?=MSH[^A-Za-z0-9\s])")
ENVELOPES = (b"BTS", b"FTS", b"BHS", b"FHS")
TAIL_BYTES = 512
TRAILER = re.compile(rb"[\r\n](?=(?:BTS|FTS|BHS|FHS)[^A-Za-z0-9\s])")


def split_batch(raw: bytes) -> list[bytes]:
    """The messages of one input, in order; empty where no MSH begins a line.

    A single message is given back as it is, so that places in it stay places in the input.
    """
    if raw.startswith(b"MSH") and raw.find(b"MSH", 3) < 0:
        alone = not any(name in raw[-TAIL_BYTES:] for name in ENVELOPES)
        return [raw] if alone else [_without_trailer(raw)]
    first = begin_of(raw)
    found = [at.end() for at in MESSAGE_START.finditer(raw)]
    starts = found if first is None else [first, *(at for at in found if at > first)]
    if not starts:
        return []
    if len(starts) == 1 and first is not None:
        return [_without_trailer(raw)]
    stops = [*starts[1:], len(raw)]
    return [_without_trailer(raw[a:b]) for a, b in zip(starts, stops, strict=True)]


def _without_trailer(message: bytes) -> bytes:
    found = TRAILER.search(message)
    return message[: found.start() + 1] if found else message
