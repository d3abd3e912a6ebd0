"""Entries as they were written before the log had openings: read and checked, never made."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson

from gateway.audit.merkle import leaf_hash

SALT_BYTES = 16
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CLEAR = ("action", "permitted", "rule", "kind", "door", "emergency")


def first_leaf(number: int, at: int, plain: bytes) -> bytes:
    """The leaf of an entry whose sealed part is a salt and one JSON object."""
    salt, trace = plain[:SALT_BYTES], orjson.loads(plain[SALT_BYTES:])
    entry = {name: trace[name] for name in CLEAR}
    moment = EPOCH + timedelta(microseconds=at)
    entry |= {
        "number": number,
        "at": moment.isoformat(timespec="microseconds"),
        "commitment": _commitment(trace, salt).hex(),
    }
    return leaf_hash(orjson.dumps(entry, option=orjson.OPT_SORT_KEYS))


def _commitment(trace: dict[str, Any], salt: bytes) -> bytes:
    sealed = [
        trace["patient"],
        trace["actor"],
        trace["actor_name"],
        trace["profession"],
        trace["document"],
        bytes.fromhex(trace["details"]).decode("utf-8", "surrogateescape"),
    ]
    return sha256(salt + b"\x00" + orjson.dumps(sealed)).digest()
