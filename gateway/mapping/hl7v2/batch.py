"""Batches: FHS and BHS envelopes, and several messages in one input (HL7V2 section 4)."""

import re

MESSAGE_START = re.compile(rb"(?:\A|[\r\n])[\x0b\s]*(?:\xef\xbb\xbf)?(?=MSH[^A-Za-z0-9\s])")
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
    starts = [found.end() for found in MESSAGE_START.finditer(raw)]
    if not starts:
        return []
    stops = [*starts[1:], len(raw)]
    if len(starts) == 1 and not raw[: starts[0]].strip(b"\xef\xbb\xbf\x0b \t\r\n"):
        return [_without_trailer(raw)]
    return [_without_trailer(raw[a:b]) for a, b in zip(starts, stops, strict=True)]


def _without_trailer(message: bytes) -> bytes:
    found = TRAILER.search(message)
    return message[: found.start() + 1] if found else message
