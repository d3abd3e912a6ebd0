"""Compress, then seal: zstd level 1 and AES-256-GCM, bound to the row it stands in.

A sealed value is one byte of form, twelve of nonce, the ciphertext and its tag.
"""

import os
import threading
from typing import Final

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PLAIN: Final = b"\x00"
ZSTD: Final = b"\x01"
NONCE_BYTES: Final = 12
NONCES_AT_ONCE: Final = 256
WORTH_COMPRESSING_BYTES: Final = 500
MAX_PLAIN_BYTES: Final = 1 << 30

_own = threading.local()


def bound(kind: bytes, patient: bytes, row: bytes) -> bytes:
    """The associated data: what the row is, whose, and which."""
    return kind + b"|" + patient + b"|" + row


def seal(cipher: AESGCM, plain: bytes, associated: bytes) -> bytes:
    form = PLAIN
    if len(plain) >= WORTH_COMPRESSING_BYTES:
        packed = _compressor().compress(plain)
        if len(packed) < len(plain):
            form, plain = ZSTD, packed
    nonce = _nonce()
    return form + nonce + cipher.encrypt(nonce, plain, form + associated)


def unseal(cipher: AESGCM, sealed: bytes, associated: bytes) -> bytes:
    """Raises cryptography's InvalidTag when the value was altered, cut short, or stands in another
    row."""
    form, nonce = sealed[:1], sealed[1 : 1 + NONCE_BYTES]
    if len(nonce) < NONCE_BYTES:
        raise InvalidTag
    plain = cipher.decrypt(nonce, sealed[1 + NONCE_BYTES :], form + associated)
    if form == ZSTD:
        return _decompressor().decompress(plain, max_output_size=MAX_PLAIN_BYTES)
    return plain


def _nonce() -> bytes:
    """Twelve bytes of chance, asked of the system a few hundred at a time."""
    left: list[bytes] | None = getattr(_own, "nonces", None)
    if not left:
        chance = os.urandom(NONCE_BYTES * NONCES_AT_ONCE)
        starts = range(0, len(chance), NONCE_BYTES)
        left = _own.nonces = [chance[at : at + NONCE_BYTES] for at in starts]
    return left.pop()


def _forget_nonces() -> None:
    """A forked process must never use what its parent may use too."""
    _own.nonces = []


os.register_at_fork(after_in_child=_forget_nonces)


def _compressor() -> zstandard.ZstdCompressor:
    """One a thread: they may not be shared, and making one costs more than a small row."""
    if not hasattr(_own, "compressor"):
        _own.compressor = zstandard.ZstdCompressor(level=1)
    compressor: zstandard.ZstdCompressor = _own.compressor
    return compressor


def _decompressor() -> zstandard.ZstdDecompressor:
    if not hasattr(_own, "decompressor"):
        _own.decompressor = zstandard.ZstdDecompressor()
    decompressor: zstandard.ZstdDecompressor = _own.decompressor
    return decompressor
