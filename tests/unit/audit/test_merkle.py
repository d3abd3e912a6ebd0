"""Merkle tree against the vectors of the Certificate Transparency reference tests, and by laws."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.audit.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    node_hash,
    root,
)
from gateway.audit.verify import consistent, included

ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1, where every leaf hash is at hand."""
    return [root(leaves[start:end]) for start, end in inclusion_ranges(index, len(leaves))]


def consistency_proof(first: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PROOF of RFC 6962 section 2.1.2."""
    return [root(leaves[start:end]) for start, end in consistency_ranges(first, len(leaves))]


trees = st.lists(st.binary(max_size=4), min_size=1, max_size=40)


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference_vectors(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size]


def test_a_leaf_is_never_taken_for_a_node() -> None:
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])


def test_the_proofs_of_the_seven_leaf_tree_are_those_of_rfc_6962_section_2_1_3() -> None:
    seven = LEAVES[:7]
    a, b, c, d, e, f, j = seven
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, left = node_hash(i, j), node_hash(g, h)
    assert inclusion_proof(0, seven) == [b, h, k]
    assert inclusion_proof(3, seven) == [c, g, k]
    assert inclusion_proof(4, seven) == [f, j, left]
    assert inclusion_proof(6, seven) == [i, left]
    assert consistency_proof(3, seven) == [c, d, g, k]
    assert consistency_proof(4, seven) == [k]
    assert consistency_proof(6, seven) == [i, j, left]


@given(trees)
@settings(deadline=None)
def test_every_entry_of_every_tree_can_be_proved(entries: list[bytes]) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    head = root(leaves)
    for index, leaf in enumerate(leaves):
        proof = inclusion_proof(index, leaves)
        assert included(leaf, index, len(leaves), proof, head)
        assert not included(leaf_hash(b"other entry"), index, len(leaves), proof, head)
        assert not included(leaf, index, len(leaves), [*proof, head], head)


@given(trees)
@settings(deadline=None)
def test_every_beginning_of_a_tree_is_consistent_with_it(entries: list[bytes]) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    head, size = root(leaves), len(leaves)
    for first in range(size + 1):
        proof = consistency_proof(first, leaves)
        assert consistent(first, root(leaves[:first]), size, head, proof)
        if 0 < first < size:
            assert not consistent(first, leaf_hash(b"forged"), size, head, proof)
            assert not consistent(first, root(leaves[:first]), size, leaf_hash(b"x"), proof)
            assert not consistent(first, root(leaves[:first]), size, head, proof[:-1])
            assert not consistent(first, root(leaves[:first]), size, head, [*proof, head])


@given(trees, st.lists(st.binary(min_size=32, max_size=32), max_size=8), st.integers(-2, 50))
@settings(deadline=None)
def test_an_invented_proof_is_never_believed_and_never_raises(
    entries: list[bytes], proof: list[bytes], index: int
) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    assert not included(leaf_hash(b"never entered"), index, len(leaves), proof, root(leaves))
    consistent(index, leaf_hash(b"forged"), len(leaves), root(leaves), proof)


def test_no_entry_stands_outside_its_tree_whatever_proof_is_shown() -> None:
    alone = LEAVES[0]
    assert included(alone, 0, 1, [], alone)
    assert not included(alone, 1, 1, [], alone)
    assert not included(alone, -1, 1, [], alone)


def test_where_nothing_is_to_prove_no_proof_is_taken() -> None:
    head = root(LEAVES)
    size = len(LEAVES)
    assert consistent(size, head, size, head, [])
    assert not consistent(size, head, size, head, [LEAVES[0]])
    assert consistent(0, EMPTY_ROOT, size, head, [])
    assert not consistent(0, EMPTY_ROOT, size, head, [LEAVES[0]])
    assert not consistent(0, LEAVES[0], size, head, [])


def test_a_changed_order_or_a_cut_tail_changes_the_root() -> None:
    assert root(LEAVES[::-1]) != root(LEAVES)
    assert root(LEAVES[:-1]) != root(LEAVES)
    assert Frontier().root() == EMPTY_ROOT


def test_a_proof_outside_the_tree_is_an_error_of_the_caller() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(8, LEAVES)
    with pytest.raises(IndexError):
        consistency_proof(9, LEAVES)
