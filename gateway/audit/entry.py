"""One entry of the transparency log: the canonical bytes that its leaf is the hash of.

    version (0x02) | number (8) | microseconds since 1970 (8) | commitment (32) | commitment (32)

The first commitment is over what the holder of the record may read (who, what, why), the second
over what only an auditor may (which documents a list held). Each is salted by chance that is
destroyed with the patient's key: an erased person leaves no name behind, and the tree stays whole.
"""

import struct
from collections.abc import Container
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

from gateway.audit.first_entry import first_leaf
from gateway.records.patients.account import NewTrace

SALT_BYTES = 16
VERSION = b"\x02"
NUL = b"\x00"
NOTHING = bytes(32)
"""Stands for the second commitment where nothing is kept back."""


class UnreadableEntryError(ValueError):
    """What was sealed is no entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """All that makes one leaf again, and nothing of what is kept back.

    `at` counts microseconds since 1970; `patient` is the name that it was written under, which a
    merge may have led to another record; `document` is "" for an act on no document; `shown` is
    UTF-8 JSON, byte for byte as it was hashed; `kept` is the second commitment.
    """

    number: int
    at: int
    patient: bytes
    document: str
    salt: bytes
    shown: bytes
    kept: bytes = NOTHING

    def leaf(self) -> bytes:
        said = sha256(self.salt + self.patient + self.document.encode() + NUL + self.shown)
        return _leaf(self.number, self.at, said.digest(), self.kept)


ENTRY = struct.Struct(">BBQq32s32s")


def _leaf(number: int, at: int, said: bytes, kept: bytes) -> bytes:
    """SHA-256 of 0x00 (a leaf of RFC 6962) and the entry."""
    return sha256(ENTRY.pack(0, 2, number, at, said, kept)).digest()


def shown_of(trace: NewTrace) -> bytes:
    """The readable part of a trace: JSON with sorted keys, empty values left out."""
    made: dict[str, object] = {
        "action": trace.action,
        "actor": trace.actor,
        "actor_name": trace.actor_name,
        "door": trace.door,
        "emergency": trace.emergency,
        "kind": trace.kind,
        "permitted": trace.permitted,
        "rule": trace.rule,
    }
    if trace.profession:
        made["profession"] = trace.profession
    if trace.organization:
        made["organization"] = trace.organization
    if trace.address:
        made["address"] = trace.address
    if trace.details != b"{}":
        made["details"] = orjson.loads(trace.details)
    return orjson.dumps(made, option=orjson.OPT_SORT_KEYS)


def sealed_part(trace: NewTrace, salts: bytes) -> bytes:
    """What is encrypted beside the leaf: salt, version, document, shown[, second salt, kept].

    `salts` are two of SALT_BYTES, or one where nothing is kept back. Raises ValueError.
    """
    wanted = SALT_BYTES * (2 if trace.kept else 1)
    if len(salts) < wanted:
        raise ValueError(f"a salt has at least {SALT_BYTES} bytes")
    first, second = salts[:SALT_BYTES], salts[SALT_BYTES:wanted]
    document = (trace.document or "").encode()
    plain = first + VERSION + document + NUL + shown_of(trace)
    return plain + NUL + second + trace.kept if trace.kept else plain


def leaf_of(number: int, at: int, patient: bytes, plain: bytes) -> bytes:
    """The leaf of what `sealed_part` made; raises UnreadableEntryError."""
    if plain[SALT_BYTES : SALT_BYTES + 1] != VERSION:
        return first_leaf(number, at, plain)
    end = plain.find(NUL, plain.find(NUL, SALT_BYTES + 1) + 1)
    if end < 0:
        said = sha256(plain[:SALT_BYTES] + patient + plain[SALT_BYTES + 1 :]).digest()
        return _leaf(number, at, said, NOTHING)
    said = sha256(plain[:SALT_BYTES] + patient + plain[SALT_BYTES + 1 : end]).digest()
    return _leaf(number, at, said, sha256(plain[end + 1 :]).digest())


def opening_of(number: int, at: int, patient: bytes, plain: bytes) -> Opening:
    """Raises UnreadableEntryError, also for an entry of the first shape, which cannot be opened in
    part."""
    salt, rest = plain[:SALT_BYTES], plain[SALT_BYTES + 1 :]
    document, nul, shown = rest.partition(NUL)
    if plain[SALT_BYTES : SALT_BYTES + 1] != VERSION or not nul:
        raise UnreadableEntryError("this entry cannot be opened in part")
    shown, more, kept = shown.partition(NUL)
    return Opening(
        number=number,
        at=at,
        patient=patient,
        document=document.decode(),
        salt=salt,
        shown=shown,
        kept=sha256(kept).digest() if more else NOTHING,
    )


def trace_fields(plain: bytes) -> tuple[str, dict[str, Any], bytes]:
    """Document, readable fields and what is kept back, of what `sealed_part` made."""
    document, _, rest = plain[SALT_BYTES + 1 :].partition(NUL)
    shown, _, kept = rest.partition(NUL)
    return document.decode(), orjson.loads(shown), kept[SALT_BYTES:]


def names(plain: bytes, document: str) -> bool:
    """Does the entry name this document ("" for none)?"""
    if is_first_shape(plain):
        return (orjson.loads(plain[SALT_BYTES:]).get("document") or "") == document
    return plain.startswith(document.encode() + NUL, SALT_BYTES + 1)


def is_act_of(plain: bytes, actor: str, besides: Container[str]) -> bool:
    """Did `actor` do this, and is it none of the acts `besides`? Told by how `shown_of` begins, for
    who leaves most entries unread; False for an entry of the first shape."""
    if is_first_shape(plain):
        return False
    shown = plain[plain.find(NUL, SALT_BYTES + 1) + 1 :]
    act, _, rest = shown.removeprefix(b'{"action":"').partition(b'","actor":"')
    return rest.startswith(f'{actor}"'.encode()) and act.decode() not in besides


def is_first_shape(plain: bytes) -> bool:
    return plain[SALT_BYTES : SALT_BYTES + 1] != VERSION
