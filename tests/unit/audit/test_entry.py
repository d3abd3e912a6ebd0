"""Entries of the transparency log: canonical, dense, opened in part, and silent about people."""

from dataclasses import replace

import orjson
import pytest

from gateway.audit.entry import (
    NOTHING,
    Opening,
    UnreadableEntryError,
    is_act_of,
    leaf_of,
    names,
    opening_of,
    sealed_part,
    trace_fields,
)
from gateway.audit.merkle import leaf_hash
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey

AT = 1_773_568_800_000_000
SALTS = b"\x00" * 16 + b"\x01" * 16
PATIENT = PatientKey(b"p" * 16)
TRACE = NewTrace(
    patient=PATIENT,
    action="open",
    permitted=True,
    rule="P11",
    kind="professional",
    actor="899700000101",
    actor_name="Dr Inventée",
    profession="G15_10",
    organization="Cabinet inventé",
    document="d" * 32,
    address="192.0.2.7",
    kept=b'{"rules":{"F27":["x"]}}',
)


def leaf(trace: NewTrace, *, number: int = 1, at: int = AT, salts: bytes = SALTS) -> bytes:
    return leaf_of(number, at, trace.patient, sealed_part(trace, salts))


def test_the_same_trace_gives_the_same_leaf() -> None:
    assert leaf(TRACE) == leaf(replace(TRACE))


@pytest.mark.parametrize(
    "other",
    [
        replace(TRACE, rule="P06"),
        replace(TRACE, permitted=False),
        replace(TRACE, actor="899700000102"),
        replace(TRACE, actor_name="Dr Autre"),
        replace(TRACE, organization=None),
        replace(TRACE, address="192.0.2.8"),
        replace(TRACE, document=None),
        replace(TRACE, patient=PatientKey(b"q" * 16)),
        replace(TRACE, details=b'{"reason": "x"}'),
        replace(TRACE, kept=b"{}"),
        replace(TRACE, kept=b""),
    ],
)
def test_any_change_of_a_trace_changes_its_leaf(other: NewTrace) -> None:
    assert leaf(other) != leaf(TRACE)


def test_number_time_and_both_salts_are_part_of_the_leaf() -> None:
    leaves = {
        leaf(TRACE),
        leaf(TRACE, number=2),
        leaf(TRACE, at=AT + 1),
        leaf(TRACE, salts=b"\x02" * 16 + b"\x01" * 16),
        leaf(TRACE, salts=b"\x00" * 16 + b"\x02" * 16),
    }
    assert len(leaves) == 5


def test_an_opening_makes_the_leaf_and_keeps_back_what_is_kept() -> None:
    opening = opening_of(1, AT, PATIENT, sealed_part(TRACE, SALTS))
    assert opening.leaf() == leaf(TRACE)
    assert b"F27" not in opening.shown
    assert (opening.document, opening.salt) == ("d" * 32, SALTS[:16])
    bare = opening_of(1, AT, PATIENT, sealed_part(replace(TRACE, kept=b""), SALTS))
    assert bare.kept == NOTHING


def test_a_document_and_the_words_after_it_cannot_trade_a_letter() -> None:
    one = Opening(number=1, at=AT, patient=PATIENT, document="ab", salt=b"s" * 16, shown=b"c")
    other = replace(one, document="a", shown=b"bc")
    assert one.leaf() != other.leaf()


def test_a_trace_is_read_back_whole() -> None:
    document, shown, kept = trace_fields(sealed_part(TRACE, SALTS))
    back = NewTrace(
        patient=PATIENT,
        document=document,
        details=orjson.dumps(shown.pop("details", {})),
        kept=kept,
        **shown,
    )
    assert back == TRACE


def test_an_entry_names_its_document_and_no_other() -> None:
    plain = sealed_part(TRACE, SALTS)
    assert names(plain, "d" * 32)
    assert not names(plain, "d" * 31)
    assert not names(plain, "")
    assert names(sealed_part(replace(TRACE, document=None), SALTS), "")


@pytest.mark.parametrize("document", ["d" * 32, None])
def test_an_act_is_that_of_its_actor_alone_and_of_no_act_beside_it(document: str | None) -> None:
    plain = sealed_part(replace(TRACE, document=document), SALTS)
    assert is_act_of(plain, TRACE.actor, frozenset({"list"}))
    assert not is_act_of(plain, TRACE.actor, frozenset({"list", "open"}))
    for other in ("", TRACE.actor[:-1], f"{TRACE.actor}0", "899700000102"):
        assert not is_act_of(plain, other, frozenset())
    quoted = replace(TRACE, action='x","actor":"899700000101"', actor="another")
    assert not is_act_of(sealed_part(quoted, SALTS), TRACE.actor, frozenset())


@pytest.mark.parametrize("salts", [b"short", SALTS[:31]])
def test_a_short_salt_is_refused(salts: bytes) -> None:
    with pytest.raises(ValueError, match="salt"):
        sealed_part(TRACE, salts)


def test_an_entry_of_the_first_shape_is_still_checked_and_never_opened_in_part() -> None:
    """As the first entries of a log were made, field by field."""
    trace = {
        "patient": PATIENT.hex(),
        "action": "open",
        "permitted": True,
        "rule": "P11",
        "kind": "professional",
        "actor": "a",
        "actor_name": "b",
        "profession": None,
        "document": "d",
        "door": "http",
        "emergency": False,
        "details": b"{}".hex(),
    }
    plain = SALTS[:16] + orjson.dumps(trace)
    first = leaf_of(7, AT, PATIENT, plain)
    assert not is_act_of(plain, "a", frozenset())
    assert first != leaf_of(8, AT, PATIENT, plain)
    assert first != leaf_of(7, AT, PATIENT, plain.replace(b'"b"', b'"c"'))
    assert first != leaf_hash(plain)
    assert names(plain, "d")
    with pytest.raises(UnreadableEntryError):
        opening_of(7, AT, PATIENT, plain)
