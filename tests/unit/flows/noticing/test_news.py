"""Which entries of the log are notices, for whom, and which look of a professional is the first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.flows.noticing.news import first_looks, notice_of, tells
from gateway.records.notices import Notice
from gateway.records.patients.account import Choice, ChoiceKind, NewTrace, Trace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
ANNE = PatientKey(b"a" * 16)
OWN = Reader(kind=ReaderKind.PATIENT, id=ANNE.hex())
PARENT = Reader(kind=ReaderKind.REPRESENTATIVE, id="bb" * 16)


def entry(action: str, *, number: int = 1, at: datetime = NOW, **more: Any) -> Trace:
    made = NewTrace(
        patient=ANNE,
        action=action,
        permitted=True,
        rule="P1",
        kind="professional",
        actor="801",
        actor_name="Dr Invente",
    )
    return Trace(number=number, at=at, trace=replace(made, **more))


def known(since: datetime, target: str = "801") -> Choice:
    return Choice(kind=ChoiceKind.KNOWN_READER, target=target, since=since)


@pytest.mark.parametrize(
    ("one", "notice"),
    [
        (entry("deposit"), Notice.DEPOSITED),
        (entry("deposit", kind="caregiver", actor="cc" * 16), Notice.DEPOSITED),
        (entry("deposit", details=b'{"replaces":"d0"}'), Notice.CHANGED),
        (entry("delete"), Notice.CHANGED),
        (entry("message-received"), Notice.MESSAGE),
        (entry("entry-added"), Notice.FILLED),
        (entry("appointment-changed", kind="system", actor="hopital"), Notice.FILLED),
        (entry("entry-added", kind="representative", actor="bb" * 16), None),
        (entry("emergency"), Notice.EMERGENCY),
        (entry("sharing-ended", actor="bb" * 16), Notice.SHARING),
        (entry("recovery", kind="patient", actor=ANNE.hex()), Notice.ACCOUNT),
        (entry("closing", kind="operator", actor="101"), Notice.ACCOUNT),
        (entry("deposit", kind="patient", actor=ANNE.hex()), None),
        (entry("emergency", permitted=False), None),
        (entry("deposit", permitted=False), None),
        (entry("open"), None),
        (entry("mask", actor="bb" * 16), None),
    ],
)
def test_the_kind_of_an_entry(one: Trace, notice: Notice | None) -> None:
    assert notice_of(one, OWN, frozenset()) is notice
    assert tells(one, OWN) is (notice is not None or one.trace.action == "open")


def test_a_parents_own_act_is_news_to_the_other_one_alone() -> None:
    one = entry("sharing-accepted", kind="representative", actor=PARENT.id)
    assert notice_of(one, PARENT, frozenset()) is None
    assert notice_of(one, OWN, frozenset()) is Notice.SHARING


@pytest.mark.parametrize(
    ("notice", "to", "told"),
    [
        ("opened", "patient", Notice.HIDDEN),
        ("waiting", "patient", Notice.HIDDEN),
        ("appointment-soon", "patient", Notice.REMINDER),
        ("services-list", "patient", Notice.SERVICES),
        ("opened", "representative", None),
        ("new_document", "patient", None),
        ("unheard-of", "patient", None),
    ],
)
def test_what_is_nobodys_act_is_told_as_it_was_sent(
    notice: str, to: str, told: Notice | None
) -> None:
    details = b'{"notice":"%s","to":"%s"}' % (notice.encode(), to.encode())
    one = entry("notified", kind="system", actor=ANNE.hex(), details=details)
    assert notice_of(one, OWN, frozenset()) is told


def test_the_first_look_is_the_earliest_before_the_professional_became_known() -> None:
    looks = [
        entry("open", number=9, at=NOW + timedelta(days=2)),
        entry("open", number=3, at=NOW - timedelta(minutes=4)),
        entry("list", number=2, at=NOW - timedelta(minutes=5)),
        entry("list", number=1, at=NOW - timedelta(minutes=5), actor="802"),
    ]
    assert first_looks(looks, [known(NOW)]) == {2}


def test_a_look_that_this_reader_may_not_hear_of_is_no_first_access() -> None:
    later = entry("open", number=9, at=NOW + timedelta(days=2))
    assert first_looks([later], [known(NOW)]) == frozenset()


def test_after_an_unblock_the_next_look_is_first_again() -> None:
    again = NOW + timedelta(days=30)
    looks = [
        entry("open", number=7, at=again - timedelta(minutes=1)),
        entry("open", number=2, at=NOW - timedelta(minutes=1)),
    ]
    assert first_looks(looks, [known(NOW), known(again)]) == {2, 7}


def test_an_emergency_is_no_first_access() -> None:
    look = entry("open", number=2, at=NOW - timedelta(minutes=1), emergency=True)
    assert first_looks([look], [known(NOW)]) == frozenset()
