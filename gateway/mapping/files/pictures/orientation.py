"""Which way up a picture is (Exif 2.32, tag 0112): all that is kept of what a camera tells."""

import struct

ORIENTATION, SHORT = 0x0112, 3
UPRIGHT = 1
ORDERS = {b"II*\x00": "<", b"MM\x00*": ">"}
"""How a TIFF structure begins, and the order of its bytes."""
MAX_ENTRIES = 1_000


def orientation_in(tiff: bytes) -> int:
    """1 to 8, from the TIFF structure of an Exif block; 1 where it says nothing that is known."""
    order = ORDERS.get(tiff[:4])
    if order is None:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for number in range(min(count, MAX_ENTRIES)):
            tag, kind, _, said = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
            if (tag, kind) == (ORIENTATION, SHORT):
                return said if 1 <= said <= 8 else UPRIGHT
    except struct.error:
        return UPRIGHT
    return UPRIGHT


def exif_of(orientation: int) -> bytes:
    """A TIFF structure that says the orientation, and nothing else."""
    entry = struct.pack(">HHIHH", ORIENTATION, SHORT, 1, orientation, 0)
    return struct.pack(">2sHIH", b"MM", 42, 8, 1) + entry + bytes(4)
