"""A choice that was made while the clock was ahead, once the clock is right (decision 029)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from reading_twins import ANNE, NOW, card, choice, person

from gateway.flows.reading.decided.at_once import at_once
from gateway.flows.reading.decided.facts import document_facts, record_facts
from gateway.records.documents.mask import Mask
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.readers.access import Hide, RecordFacts

AHEAD = NOW + timedelta(days=1, minutes=7)
DOCTOR = "890000000011"


def facts(*chosen: Choice) -> RecordFacts:
    return record_facts(person(ANNE), chosen, NOW)


def said(kind: ChoiceKind, since: datetime = AHEAD, until: datetime | None = None) -> Choice:
    return choice(kind, DOCTOR, since=since, until=until)


def test_a_block_and_a_refused_emergency_hold_at_once() -> None:
    (block,) = facts(said(ChoiceKind.BLOCK)).blocks
    assert (block.since, block.until) == (NOW, None)
    assert facts(said(ChoiceKind.TEAM_OBJECTED)).teams_objected == (DOCTOR,)
    emergency = facts(
        said(ChoiceKind.EMERGENCY_SAMU_OFF), said(ChoiceKind.EMERGENCY_PROFESSIONALS_OFF)
    ).emergency
    assert (emergency.samu, emergency.professionals) == (False, False)


def test_a_consent_and_an_opened_emergency_wait_for_their_hour() -> None:
    assert facts(said(ChoiceKind.TREATING)).treating is None
    assert not facts(said(ChoiceKind.EMERGENCY_MASKED_ON)).emergency.masked
    (consent,) = facts(said(ChoiceKind.CARE_PROFESSIONAL)).consents
    assert consent.since == AHEAD


@pytest.mark.parametrize(
    "kind", [ChoiceKind.CARE_PROFESSIONAL, ChoiceKind.CAREGIVER, ChoiceKind.APPLICATION]
)
def test_what_was_given_is_taken_back_at_once(kind: ChoiceKind) -> None:
    """As the store keeps it: what stood ends at the hour of the word, an empty period after it."""
    given = said(kind, since=NOW - timedelta(days=3), until=AHEAD)
    ended = said(kind, until=AHEAD)
    other = choice(kind, "another", since=NOW - timedelta(days=3), until=AHEAD)
    assert at_once([given, other, ended], NOW) == [replace(given, until=NOW), other]
    assert at_once([given, ended], AHEAD) == [given, ended]


def test_what_was_given_until_a_day_to_come_and_never_taken_back_lasts() -> None:
    given = said(ChoiceKind.CARE_PROFESSIONAL, since=NOW - timedelta(days=3), until=AHEAD)
    assert at_once([given], NOW) == [given]


def test_what_is_given_anew_when_the_clock_is_right_counts() -> None:
    given = said(ChoiceKind.CARE_PROFESSIONAL, since=NOW - timedelta(days=3), until=NOW)
    ended = said(ChoiceKind.CARE_PROFESSIONAL, until=NOW)
    anew = said(ChoiceKind.CARE_PROFESSIONAL, since=NOW)
    assert anew in at_once([given, ended, anew], NOW)


def test_an_unblocking_waits_for_its_hour_and_blocks_nobody() -> None:
    block = said(ChoiceKind.BLOCK, since=NOW - timedelta(days=3), until=AHEAD)
    ended = said(ChoiceKind.BLOCK, until=AHEAD)
    assert facts(block, ended).blocks[0].until == AHEAD
    assert facts(ended).blocks == ()


def test_a_mask_holds_at_once_unless_its_start_was_chosen() -> None:
    assert Mask(since=AHEAD).holds(NOW)
    assert not Mask(since=AHEAD, until=NOW).holds(NOW)
    chosen = datetime(2026, 3, 31, 22, tzinfo=UTC)  # 1 April in Paris
    assert not Mask(since=chosen).holds(NOW)
    assert not Mask(since=chosen).holds(chosen - timedelta(seconds=1))
    assert Mask(since=chosen).holds(chosen)


def test_what_is_hidden_from_one_reader_is_hidden_at_once() -> None:
    hide = Hide(to="professional", id=DOCTOR, since=AHEAD)
    (counted,) = document_facts(card("one", hides=(hide,))).hides
    assert (counted.since, counted.until) == (None, None)
    kept = replace(hide, until=AHEAD + timedelta(days=1))
    (counted,) = document_facts(card("one", hides=(kept,))).hides
    assert (counted.to, counted.id, counted.until) == (kept.to, kept.id, kept.until)
