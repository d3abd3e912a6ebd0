"""Prove entries that are nobody's to read: that they stand under the signed head, and no more."""

from collections.abc import Iterable
from typing import Protocol

import orjson

from gateway.audit.checkpoint import verified
from gateway.audit.proof_file import closed_entry, proof_file
from gateway.errors import RefusedError
from gateway.flows.log.seal import Seal
from gateway.ports.log import LogBook


class Leaves(LogBook, Protocol):
    async def leaf(self, number: int) -> bytes | None: ...


async def prove_entries(seal: Seal, book: Leaves, numbers: Iterable[int]) -> bytes:
    """A proof file that anybody can check without us.

    Raises RefusedError for an entry that is not there, BrokenLogError for a log that is not what
    was signed.
    """
    sealed = await seal()
    size = sealed.size if sealed else 0
    entries = []
    for number in sorted(set(numbers)):
        leaf = await book.leaf(number) if 0 < number <= size else None
        if leaf is None:
            raise RefusedError(f"there is no entry {number}: the log has {size}")
        (proof,) = await book.inclusion([number], size)
        entries.append(closed_entry(number, leaf, proof))
    if sealed is None:
        raise RefusedError("the log is empty")
    head = verified(sealed.note, seal.key.verifier)
    return orjson.dumps(proof_file(seal.key, sealed.note, head, entries))
