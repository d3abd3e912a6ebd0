"""Roots of ranges of a large tree, from its leaves and the inner nodes that are kept of it.

Every 256th, 65,536th … subtree is kept: a range of any length then costs a few hundred hashes
for each level, however long the log is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.audit.merkle import (
    Frontier,
    Node,
    Range,
    consistency_ranges,
    inclusion_ranges,
)

KEPT_LEVELS = (8, 16, 24, 32)
Fetch = Callable[[int, int, int], list[bytes]]
"""Hashes of a level (0: leaves) from a place on, up to but without another."""


class MissingNodeError(LookupError):
    """The log has fewer leaves or kept nodes than its size says."""


@dataclass(frozen=True, slots=True)
class Tree:
    """`fresh` are nodes that are not kept yet. Roots already made are remembered."""

    fetch: Fetch
    fresh: dict[tuple[int, int], bytes] = field(default_factory=dict)
    known: dict[Range, bytes] = field(default_factory=dict)

    @classmethod
    def with_nodes(cls, fetch: Fetch, nodes: list[Node]) -> "Tree":
        return cls(fetch, {(node.level, node.place): node.hash for node in nodes})

    def root(self, start: int, end: int) -> bytes:
        """MTH(D[start:end]) for a range as proofs have them: `start` is a multiple of a power of
        two that is not less than its length. Raises MissingNodeError."""
        made = self.known.get((start, end))
        if made is None:
            made = self.known[start, end] = self._root(start, end)
        return made

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """RFC 9162 section 2.1.3: leaf `index` is in the tree of the first `size` leaves."""
        return [self.root(*one) for one in inclusion_ranges(index, size)]

    def consistency(self, first: int, size: int) -> list[bytes]:
        """RFC 9162 section 2.1.4: the tree of `first` leaves is the beginning of that of `size`."""
        return [self.root(*one) for one in consistency_ranges(first, size)]

    def _root(self, start: int, end: int) -> bytes:
        frontier, place = Frontier(), start
        for level in (*reversed(KEPT_LEVELS), 0):
            first, after = place >> level, end >> level
            if after > first and first << level == place:
                frontier = frontier.extend(self._row(level, first, after), level=level)
                place = after << level
        return frontier.root()

    def _row(self, level: int, first: int, after: int) -> list[bytes]:
        places = range(first, after)
        if level and all((level, place) in self.fresh for place in places):
            return [self.fresh[level, place] for place in places]
        row = self.fetch(level, first, after)
        left = places[len(row) :]
        if any((level, place) not in self.fresh for place in left):
            raise MissingNodeError(f"level {level} ends at {first + len(row)}, not at {after}")
        return row + [self.fresh[level, place] for place in left]
