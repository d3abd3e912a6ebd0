"""The file that proves entries of the log to somebody who has nothing but the file.

JSON: entries with their openings and inclusion proofs, the signed checkpoint that they lead to,
consistency proofs from earlier checkpoints, and a signed statement of what the file holds, so
that nothing can be taken out of it or reworded unseen. Hashes are base64, instants ISO 8601 UTC.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from gateway.audit.checkpoint import Checkpoint
from gateway.audit.entry import NOTHING, Opening
from gateway.audit.note import SigningKey

Json = dict[str, Any]
FORMAT = "passerelle-journal/1"
NOBODY = "-"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedEntry:
    """One entry with its path; `words` are for the reader of the file."""

    opening: Opening
    proof: Sequence[bytes]
    words: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An older signed checkpoint, and the proof that the log has only grown since."""

    note: str
    proof: Sequence[bytes]


def b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def iso(at: int) -> str:
    """Microseconds since 1970 as ISO 8601 in UTC."""
    moment = EPOCH + timedelta(microseconds=at)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def opened_entry(one: ProvedEntry, *, holder: bytes) -> Json:
    """An entry that shows what it says; `patient` where it was written under another name than
    the record has now (a merge of identities)."""
    opening = one.opening
    made = {
        "number": opening.number,
        "at": iso(opening.at),
        "words": one.words,
        "document": opening.document,
        "salt": b64(opening.salt),
        "shown": opening.shown.decode(),
        "proof": [b64(node) for node in one.proof],
    }
    if opening.kept != NOTHING:
        made["kept"] = b64(opening.kept)
    if opening.patient != holder:
        made["patient"] = opening.patient.hex()
    return made


def closed_entry(number: int, leaf: bytes, proof: Sequence[bytes]) -> Json:
    """An entry that only shows that it is there."""
    return {"number": number, "leaf": b64(leaf), "proof": [b64(node) for node in proof]}


def canonical(entries: Sequence[Json]) -> bytes:
    """What the statement hashes: JSON, sorted keys, no blanks, UTF-8."""
    return json.dumps(entries, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def statement(origin: str, patient: str, head: Checkpoint, entries: Sequence[Json]) -> str:
    """The text that the gateway signs: whose file, how many entries, which, under which head."""
    digest = b64(sha256(canonical(entries)).digest())
    return (
        f"{origin}/journal\npatient {patient}\nentries {len(entries)} {digest}\n"
        f"checkpoint {head.size} {b64(head.root)}\n"
    )


def proof_file(
    key: SigningKey,
    note: str,
    head: Checkpoint,
    entries: Sequence[Json],
    *,
    patient: bytes | None = None,
    earlier: Iterable[Earlier] = (),
) -> Json:
    """The whole file; `patient` is None for entries that are nobody's to read."""
    whose = patient.hex() if patient else NOBODY
    return {
        "format": FORMAT,
        "key": str(key.verifier),
        "patient": whose,
        "checkpoint": note,
        "statement": key.sign(statement(key.name, whose, head, entries)),
        "earlier": [
            {"checkpoint": one.note, "proof": [b64(node) for node in one.proof]} for one in earlier
        ],
        "entries": list(entries),
    }
