"""The Merkle tree of RFC 6962 section 2.1, over SHA-256: roots and proofs, and their checks.

Leaves are given as leaf hashes, so that a proof needs no entry but its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry: SHA-256 of 0x00 and the entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256 of 0x01 and both children."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a growing tree: enough to add leaves and to know the root.

    `peaks` are the roots of its perfect subtrees, largest first: one for each bit of `size`.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "Frontier":
        """The frontier after one more leaf hash."""
        peaks, node, size = list(self.peaks), leaf, self.size
        while size & 1:
            node = node_hash(peaks.pop(), node)
            size >>= 1
        return Frontier(self.size + 1, (*peaks, node))

    def root(self) -> bytes:
        """The tree head of all leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node


def root(leaves: Sequence[bytes]) -> bytes:
    """MTH: the tree head of these leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.append(leaf)
    return frontier.root()


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (for size > 1)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]): the hashes that lead from leaf `index` to the root, lowest first."""
    if not 0 <= index < len(leaves):
        raise IndexError("the entry is not in the tree")
    path: list[bytes] = []
    while len(leaves) > 1:
        half = _split(len(leaves))
        if index < half:
            path.append(root(leaves[half:]))
            leaves = leaves[:half]
        else:
            path.append(root(leaves[:half]))
            leaves, index = leaves[half:], index - half
    return path[::-1]


def consistency_proof(first: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D[n]): that the tree of the first `first` leaves is the beginning of this one.

    Empty for `first` = 0 and for trees of one size: there is nothing to prove.
    """
    if not 0 <= first <= len(leaves):
        raise IndexError("the older tree is not within the newer one")
    if first in (0, len(leaves)):
        return []
    path: list[bytes] = []
    complete = True
    while first < len(leaves):
        half = _split(len(leaves))
        if first <= half:
            path.append(root(leaves[half:]))
            leaves = leaves[:half]
        else:
            path.append(root(leaves[:half]))
            leaves, first, complete = leaves[half:], first - half, False
    return ([] if complete else [root(leaves)]) + path[::-1]
