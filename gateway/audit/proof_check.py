"""Is this proof file what it says? Every fault in words; an untrusted file never raises.

The conformance kit has its own reading of the same file: neither borrows from the other.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from gateway.audit.checkpoint import Checkpoint, verified
from gateway.audit.entry import NOTHING, Opening
from gateway.audit.note import NoteError, VerifierKey, opened
from gateway.audit.proof_file import FORMAT, statement
from gateway.audit.verify import consistent, included

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_DEPTH = 64
UNREADABLE = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    OverflowError,
    RecursionError,
    binascii.Error,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """`faults` is empty for a file that proves what it says; `opened` entries show their words."""

    faults: tuple[str, ...]
    size: int = 0
    entries: int = 0
    opened: int = 0
    earlier: int = 0


class FaultError(Exception):
    """One fault, in French, for the person who brought the file."""


def check_file(text: bytes, key: VerifierKey) -> Checked:
    """Against the key of the log, never against the one that the file names."""
    try:
        file = _file(text)
        head = _head(file, key)
        entries = _entries(file)
        _said(file, key, head, entries)
    except FaultError as fault:
        return Checked(faults=(str(fault),))
    faults = [*_order(entries), *_each(entries, file, head), *_older(file, key, head)]
    return Checked(
        faults=tuple(faults),
        size=head.size,
        entries=len(entries),
        opened=sum("shown" in one for one in entries),
        earlier=len(_earlier(file)),
    )


def _file(text: bytes) -> dict[str, Any]:
    try:
        file = json.loads(text)
    except (ValueError, RecursionError):
        file = None
    if not isinstance(file, dict) or file.get("format") != FORMAT:
        raise FaultError("Ce n'est pas une preuve du journal de cette passerelle.")
    return file


def _head(file: Mapping[str, Any], key: VerifierKey) -> Checkpoint:
    try:
        return verified(str(file.get("checkpoint", "")), key)
    except NoteError as error:
        raise FaultError(
            "Le point de contrôle n'est pas signé par ce journal : il est faux ou d'ailleurs."
        ) from error


def _entries(file: Mapping[str, Any]) -> list[dict[str, Any]]:
    entries = file.get("entries")
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise FaultError("Le fichier ne contient pas de liste d'entrées.")
    return entries


def _said(
    file: Mapping[str, Any], key: VerifierKey, head: Checkpoint, entries: list[dict[str, Any]]
) -> None:
    """The signed statement says the same of the file as the file itself."""
    try:
        text = opened(str(file.get("statement", "")), key)
    except NoteError as error:
        raise FaultError("La déclaration du fichier n'est pas signée par ce journal.") from error
    try:
        wanted = statement(key.name, str(file.get("patient", "")), head, entries)
    except UNREADABLE as error:
        raise FaultError("Le fichier contient des valeurs illisibles.") from error
    if text == wanted:
        return
    said, found = text.split("\n"), wanted.split("\n")
    if said[1:2] != found[1:2]:
        raise FaultError("Ce fichier est celui d'une autre personne.")
    if said[3:4] != found[3:4]:
        raise FaultError("Le point de contrôle n'est pas celui de ce fichier.")
    raise FaultError(
        "Des entrées ont été changées, ajoutées, retirées ou déplacées depuis que la passerelle a"
        " fait ce fichier."
    )


def _order(entries: list[dict[str, Any]]) -> Iterator[str]:
    numbers = [one["number"] for one in entries if type(one.get("number")) is int]
    if len(numbers) < len(entries):
        yield "Une entrée n'a pas de numéro."
    elif any(after <= before for before, after in pairwise(numbers)):
        yield "Les entrées ne se suivent pas : l'une est en double ou a été déplacée."


def _each(
    entries: list[dict[str, Any]], file: Mapping[str, Any], head: Checkpoint
) -> Iterator[str]:
    for one in entries:
        try:
            leaf, proof = _leaf(one, str(file.get("patient", ""))), _hashes(one["proof"])
            good = included(leaf, one["number"] - 1, head.size, proof, head.root)
        except UNREADABLE:
            good = False
        if not good:
            number = one.get("number")
            yield f"L'entrée {number} n'est pas dans le journal telle qu'elle est écrite ici."


def _leaf(one: Mapping[str, Any], patient: str) -> bytes:
    if "shown" not in one:
        return _hash(one["leaf"])
    kept = _hash(one["kept"]) if "kept" in one else NOTHING
    at = datetime.fromisoformat(one["at"])
    opening = Opening(
        number=one["number"],
        at=(at - EPOCH) // MICROSECOND,
        patient=bytes.fromhex(one.get("patient", patient)),
        document=one["document"],
        salt=base64.b64decode(one["salt"], validate=True),
        shown=one["shown"].encode(),
        kept=kept,
    )
    return opening.leaf()


def _older(file: Mapping[str, Any], key: VerifierKey, head: Checkpoint) -> Iterator[str]:
    for one in _earlier(file):
        try:
            old = verified(one["checkpoint"], key)
            proof = _hashes(one["proof"])
            good = consistent(old.size, old.root, head.size, head.root, proof)
        except (NoteError, *UNREADABLE):
            good = False
        if not good:
            yield "Le journal ne prolonge pas celui d'un téléchargement plus ancien."


def _earlier(file: Mapping[str, Any]) -> list[Any]:
    earlier = file.get("earlier", [])
    return earlier if isinstance(earlier, list) else [None]


def _hashes(values: Any) -> list[bytes]:  # untrusted JSON
    if not isinstance(values, list) or len(values) > MAX_DEPTH * 2:
        raise ValueError("a proof is a short list of hashes")
    return [_hash(one) for one in values]


def _hash(value: str) -> bytes:
    made = base64.b64decode(value, validate=True)
    if len(made) != len(NOTHING):
        raise ValueError("a hash has 32 bytes")
    return made
