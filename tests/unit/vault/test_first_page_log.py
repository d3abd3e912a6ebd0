"""What the first page leaves unread in the log is nothing that it would have shown."""

from datetime import UTC, datetime

import pytest

from gateway.flows.noticing.news import FILLING, LOOKS, OF_ACCOUNT, OF_ACT, tells
from gateway.records.patients.account import NewTrace, Trace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind
from gateway.vault.patient.acts import ACTS
from gateway.vault.patient.history import CONSULTING, consultations_of, own_shown

ANNE = PatientKey(b"a" * 16)
NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize("kind", [ReaderKind.PATIENT, ReaderKind.REPRESENTATIVE])
def test_own_acts_that_are_left_unread_are_neither_consultations_nor_notices(
    kind: ReaderKind,
) -> None:
    reader = Reader(kind=kind, id="bb" * 16)
    every = {*ACTS, *CONSULTING, *LOOKS, *OF_ACT, *FILLING, *OF_ACCOUNT} - own_shown(reader)
    seen = consultations_of(reader)
    for action in every:
        made = NewTrace(
            patient=ANNE,
            action=action,
            permitted=True,
            rule="P1",
            kind=kind.value,
            actor="bb" * 16,
            actor_name="Anne",
        )
        one = Trace(number=1, at=NOW, trace=made)
        assert not seen(one), action
        assert not tells(one, reader), action
