"""The canonical bytes of one trace: what its leaf in the transparency log is the hash of.

The log holds a salted commitment to whatever names somebody, so an erased person leaves no
name behind while the tree stays whole (ARCHITECTURE "Keys").
"""

from datetime import UTC, datetime
from hashlib import sha256

import orjson

from gateway.audit.merkle import leaf_hash
from gateway.records.account import NewTrace

SALT_BYTES = 16


def commitment(trace: NewTrace, salt: bytes) -> bytes:
    """SHA-256 over salt and every field that could tell who did what with what."""
    if len(salt) < SALT_BYTES:
        raise ValueError(f"a salt has at least {SALT_BYTES} bytes")
    sealed = [
        trace.patient.hex(),
        trace.actor,
        trace.actor_name,
        trace.profession,
        trace.document,
        trace.details.decode("utf-8", "surrogateescape"),
    ]
    return sha256(salt + b"\x00" + orjson.dumps(sealed)).digest()


def entry_bytes(number: int, at: datetime, trace: NewTrace, salt: bytes) -> bytes:
    """One line of JSON with sorted keys; `at` in UTC to the microsecond."""
    entry = {
        "number": number,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "action": trace.action,
        "permitted": trace.permitted,
        "rule": trace.rule,
        "kind": trace.kind,
        "door": trace.door,
        "emergency": trace.emergency,
        "commitment": commitment(trace, salt).hex(),
    }
    return orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)


def entry_leaf(number: int, at: datetime, trace: NewTrace, salt: bytes) -> bytes:
    """The leaf hash of this entry."""
    return leaf_hash(entry_bytes(number, at, trace, salt))
