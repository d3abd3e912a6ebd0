"""References of what was done: read aloud, the same for the same act, naming nobody."""

import re
from datetime import UTC, datetime, timedelta

from gateway.flows.leaving.proof import CLOSING, OPPOSITION, proof_of, reference_of
from gateway.records.patients.patient import PatientKey

ANNE, PAUL = PatientKey(b"a" * 16), PatientKey(b"p" * 16)
NOW = datetime(2026, 3, 12, 13, 5, tzinfo=UTC)


def test_a_reference_is_eight_signs_that_are_read_aloud_without_a_doubt() -> None:
    for minutes in range(50):
        said = reference_of(OPPOSITION, ANNE, NOW + timedelta(minutes=minutes))
        assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4} [2-9A-HJ-NP-Z]{4}", said), said


def test_the_same_act_has_the_same_proof_and_another_one_another() -> None:
    one = proof_of(OPPOSITION, ANNE, NOW)
    assert one == proof_of(OPPOSITION, ANNE, NOW)
    others = (
        proof_of(CLOSING, ANNE, NOW),
        proof_of(OPPOSITION, PAUL, NOW),
        proof_of(OPPOSITION, ANNE, NOW + timedelta(microseconds=1)),
    )
    assert len({one.reference, *(other.reference for other in others)}) == 4
