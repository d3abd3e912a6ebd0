"""Proofs out of kept nodes equal those of a naive tree, for every size and any gap is an error."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.audit import tree
from gateway.audit.merkle import EMPTY_ROOT, Frontier, Node
from gateway.audit.tree import MissingNodeError, Tree
from gateway.audit.verify import consistent, included

LEAVES = [sha256(b"%d" % n).digest() for n in range(1200)]


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, word for word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = naive_split(len(leaves))
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def naive_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 9162 section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = naive_split(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m: int, leaves: Sequence[bytes], *, complete: bool) -> list[bytes]:
    """RFC 9162 section 2.1.4.1."""
    if m == len(leaves):
        return [] if complete else [naive_root(leaves)]
    k = naive_split(len(leaves))
    if m <= k:
        return [*naive_subproof(m, leaves[:k], complete=complete), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], complete=False), naive_root(leaves[:k])]


class Kept:
    """What a database keeps: leaves, and nodes of some levels."""

    def __init__(self, leaves: Sequence[bytes], nodes: Sequence[Node]) -> None:
        self.leaves = leaves
        self.nodes = {(node.level, node.place): node.hash for node in nodes}

    def fetch(self, level: int, first: int, after: int) -> list[bytes]:
        if level == 0:
            return list(self.leaves[first:after])
        places = range(first, after)
        return [self.nodes[level, place] for place in places if (level, place) in self.nodes]


@pytest.fixture(autouse=True)
def small_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Subtrees of 4, 16 and 64 leaves, so that a small tree has them all."""
    monkeypatch.setattr(tree, "KEPT_LEVELS", (2, 4, 6))


def grown_in(steps: Sequence[int]) -> tuple[Frontier, list[Node]]:
    frontier, nodes = Frontier(), list[Node]()
    for step in steps:
        frontier, more = frontier.grow(LEAVES[frontier.size : frontier.size + step], (2, 4, 6))
        nodes += more
    return frontier, nodes


growths = st.lists(st.integers(0, 90), min_size=1, max_size=10).filter(sum)


@given(growths, st.data())
@settings(deadline=None, max_examples=150)
def test_proofs_are_those_of_the_rfc_however_the_log_grew(
    steps: list[int], data: st.DataObject
) -> None:
    frontier, nodes = grown_in(steps)
    size, leaves = frontier.size, LEAVES[: frontier.size]
    head = naive_root(leaves)
    assert frontier.root() == head
    made = Tree(Kept(leaves, nodes).fetch)
    index = data.draw(st.integers(0, size - 1))
    path = made.inclusion(index, size)
    assert path == naive_path(index, leaves)
    assert included(leaves[index], index, size, path, head)
    first = data.draw(st.integers(1, size))
    proof = made.consistency(first, size)
    assert proof == ([] if first == size else naive_subproof(first, leaves, complete=True))
    assert consistent(first, naive_root(leaves[:first]), size, head, proof)


@given(growths, st.data())
@settings(deadline=None, max_examples=150)
def test_a_changed_proof_is_good_for_nothing(steps: list[int], data: st.DataObject) -> None:
    frontier, nodes = grown_in(steps)
    size, leaves = frontier.size, LEAVES[: frontier.size]
    made = Tree(Kept(leaves, nodes).fetch)
    index = data.draw(st.integers(0, size - 1))
    path, other = made.inclusion(index, size), data.draw(st.integers(0, size - 1))
    if other != index:
        assert not included(leaves[other], index, size, path, frontier.root())
        assert not included(leaves[index], other, size, path, frontier.root())
    first = data.draw(st.integers(1, size))
    proof = made.consistency(first, size)
    assert not consistent(first, sha256(b"else").digest(), size, frontier.root(), proof)
    assert not consistent(first, naive_root(leaves[:first]), size, sha256(b"x").digest(), proof)


@given(growths, growths)
@settings(deadline=None, max_examples=60)
def test_nodes_not_kept_yet_serve_as_well(older: list[int], newer: list[int]) -> None:
    before, kept = grown_in(older)
    after, nodes = before.grow(LEAVES[before.size : before.size + sum(newer)], (2, 4, 6))
    made = Tree.with_nodes(Kept(LEAVES[: after.size], kept).fetch, nodes)
    proof = made.consistency(before.size, after.size)
    assert consistent(before.size, before.root(), after.size, after.root(), proof)


def test_a_leaf_or_node_that_is_gone_is_an_error() -> None:
    frontier, nodes = grown_in([200])
    with pytest.raises(MissingNodeError):
        Tree(Kept(LEAVES[:199], nodes).fetch).root(0, 201)
    without = [node for node in nodes if node.level != 4]
    with pytest.raises(MissingNodeError):
        Tree(Kept(LEAVES, without).fetch).inclusion(0, frontier.size)


def test_a_tree_grows_by_whole_subtrees_only_where_they_begin() -> None:
    with pytest.raises(ValueError, match="whole subtrees"):
        Frontier().extend(LEAVES[:3]).extend([LEAVES[0]], level=2)
