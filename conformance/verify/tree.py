"""RFC 9162 sections 2.1.3.2 and 2.1.4.2, recomputed from the definition of the tree.

The path is consumed from the top: what a subtree must hash to follows from its size alone, so
that a path of any other length or order cannot fit.
"""

import hashlib
from collections.abc import Sequence


def interior(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def left_size(size: int) -> int:
    """The leaves of the left child of a tree of `size` leaves."""
    half = 1
    while half * 2 < size:
        half *= 2
    return half


def root_from_path(digest: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that this path leads to; None when it has the wrong length."""
    if not 0 <= index < size:
        return None
    if size == 1:
        return digest if not path else None
    if not path:
        return None
    half, sibling = left_size(size), path[-1]
    if index < half:
        below = root_from_path(digest, index, half, path[:-1])
        return None if below is None else interior(below, sibling)
    below = root_from_path(digest, index - half, size - half, path[:-1])
    return None if below is None else interior(sibling, below)


def is_in_tree(digest: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    return len(path) <= 64 and root_from_path(digest, index, size, path) == root


def has_only_grown(
    first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Is the tree of `first` leaves the beginning of that of `second` leaves?"""
    if not 0 <= first <= second or len(path) > 65:
        return False
    if first == second:
        return not path and first_root == second_root
    if first == 0:
        return not path and first_root == hashlib.sha256(b"").digest()
    return _roots(first, second, list(path), first_root, complete=True) == (
        first_root,
        second_root,
    )


def _roots(
    first: int, size: int, path: list[bytes], first_root: bytes, *, complete: bool
) -> tuple[bytes, bytes] | None:
    """Old and new root of a subtree, as the proof says them; None when it does not fit."""
    if first == size:
        if complete:
            return (first_root, first_root) if not path else None
        return (path[0], path[0]) if len(path) == 1 else None
    if not path:
        return None
    half, sibling = left_size(size), path.pop()
    if first <= half:
        below = _roots(first, half, path, first_root, complete=complete)
        return None if below is None else (below[0], interior(below[1], sibling))
    below = _roots(first - half, size - half, path, first_root, complete=False)
    if below is None:
        return None
    return interior(sibling, below[0]), interior(sibling, below[1])
