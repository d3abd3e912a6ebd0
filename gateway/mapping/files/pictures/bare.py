"""A picture without its position (VAULT DOC-05): no pixel is touched, which way up it is stays."""

from collections.abc import Callable

from gateway.mapping.files.pictures import JPEG, PNG, TIFF
from gateway.mapping.files.pictures.jpeg import bare_jpeg
from gateway.mapping.files.pictures.png import bare_png
from gateway.mapping.files.pictures.tiff import bare_tiff

BARE: dict[str, Callable[[bytes], bytes]] = {JPEG: bare_jpeg, PNG: bare_png, TIFF: bare_tiff}


def bare(mime_type: str, data: bytes) -> bytes:
    """`data` begins as `mime_type` does. The same bytes give the same bytes, and what is bare stays
    as it is. Raises RefusedError where the picture is damaged."""
    return BARE[mime_type](data)
