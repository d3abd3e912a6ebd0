"""The Merkle tree of RFC 6962 section 2.1, over SHA-256: roots and the ranges that proofs name.

Leaves are given as leaf hashes. Every hash of a proof is the root of a range of leaves, so that
whoever keeps inner nodes can make proofs without reading the whole log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
Range = tuple[int, int]
"""Leaves from the first number on, up to but without the second."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry: SHA-256 of 0x00 and the entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256 of 0x01 and both children."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Node:
    """The root of the perfect subtree of 2**level leaves that is the `place`-th of its level."""

    level: int
    place: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a growing tree: enough to add leaves and to know the root.

    `peaks` are the roots of its perfect subtrees, largest first: one for each bit of `size`.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "Frontier":
        """The frontier after one more leaf hash."""
        return self.extend((leaf,))

    def extend(self, hashes: Sequence[bytes], *, level: int = 0) -> "Frontier":
        """The frontier after more leaf hashes, or after more perfect subtrees of 2**level leaves
        (then `size` must be a multiple of that; ValueError)."""
        return self.grow(hashes, (), level=level)[0]

    def grow(
        self, hashes: Sequence[bytes], kept: Sequence[int], *, level: int = 0
    ) -> tuple["Frontier", list[Node]]:
        """The same, and the nodes of the levels `kept` that are complete now and were not."""
        if self.size % (1 << level):
            raise ValueError("a tree grows by whole subtrees at a multiple of their size")
        old = dict(zip(_bits(self.size), self.peaks, strict=True))
        peaks: dict[int, bytes] = {}
        row, height, nodes = list(hashes), level, list[Node]()
        while row or self.size >> height:
            if height in kept:
                first = self.size >> height
                nodes += (Node(height, first + n, one) for n, one in enumerate(row))
            if height in old:
                row.insert(0, old[height])
            if len(row) & 1:
                peaks[height] = row.pop()
            row = [
                sha256(b"\x01" + left + right).digest()
                for left, right in zip(row[::2], row[1::2], strict=True)
            ]
            height += 1
        after = tuple(peaks[bit] for bit in sorted(peaks, reverse=True))
        return Frontier(self.size + (len(hashes) << level), after), nodes

    def root(self) -> bytes:
        """The tree head of all leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node


def _bits(size: int) -> list[int]:
    """The heights of the perfect subtrees of a tree, largest first."""
    return [bit for bit in range(size.bit_length() - 1, -1, -1) if size >> bit & 1]


def root(leaves: Sequence[bytes]) -> bytes:
    """MTH: the tree head of these leaf hashes."""
    return Frontier().extend(leaves).root()


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (for size > 1)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """PATH(m, D[n]): the ranges whose roots lead from leaf `index` to the head, lowest first."""
    if not 0 <= index < size:
        raise IndexError("the entry is not in the tree")
    start, end, path = 0, size, list[Range]()
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_ranges(first: int, size: int) -> list[Range]:
    """PROOF(m, D[n]): that the tree of the first `first` leaves is the beginning of this one.

    Empty for `first` = 0 and for trees of one size: there is nothing to prove.
    """
    if not 0 <= first <= size:
        raise IndexError("the older tree is not within the newer one")
    if first in (0, size):
        return []
    start, end, path, complete = 0, size, list[Range](), True
    while first < end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start, complete = middle, False
    return ([] if complete else [(start, end)]) + path[::-1]
