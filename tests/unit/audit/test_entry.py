"""Entries of the transparency log: canonical, dense, and silent about people."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.audit.entry import entry_bytes, entry_leaf
from gateway.audit.merkle import leaf_hash
from gateway.records.account import NewTrace
from gateway.records.patient import PatientKey

AT = datetime(2026, 3, 15, 10, tzinfo=UTC)
SALT = bytes(16)
TRACE = NewTrace(
    patient=PatientKey(b"p" * 16),
    action="open",
    permitted=True,
    rule="P11",
    kind="professional",
    actor="899700000101",
    actor_name="Dr Inventée",
    profession="G15_10",
    document="d" * 32,
)


def test_an_entry_names_nobody_and_no_document() -> None:
    entry = entry_bytes(1, AT, TRACE, SALT)
    for secret in (TRACE.actor, TRACE.actor_name, TRACE.patient.hex(), "d" * 32):
        assert secret.encode() not in entry


def test_the_same_trace_gives_the_same_leaf() -> None:
    assert entry_leaf(1, AT, TRACE, SALT) == leaf_hash(entry_bytes(1, AT, TRACE, SALT))


@pytest.mark.parametrize(
    "other",
    [
        replace(TRACE, rule="P06"),
        replace(TRACE, permitted=False),
        replace(TRACE, actor="899700000102"),
        replace(TRACE, document=None),
        replace(TRACE, details=b'{"reason": "x"}'),
    ],
)
def test_any_change_of_a_trace_changes_its_leaf(other: NewTrace) -> None:
    assert entry_leaf(1, AT, other, SALT) != entry_leaf(1, AT, TRACE, SALT)


def test_number_time_and_salt_are_part_of_the_leaf() -> None:
    leaves = {
        entry_leaf(1, AT, TRACE, SALT),
        entry_leaf(2, AT, TRACE, SALT),
        entry_leaf(1, AT.replace(minute=1), TRACE, SALT),
        entry_leaf(1, AT, TRACE, b"1" * 16),
    }
    assert len(leaves) == 4


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="salt"):
        entry_leaf(1, AT, TRACE, b"short")
