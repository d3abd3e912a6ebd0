"""What the ZFA of an ADT says of consents, and of whom."""

from dataclasses import replace

import pytest
from filing_samples import CLAIRE, KEY, NOW, PERSON, facts, judge
from identity_samples import (
    IPP1,
    MARC,
    adt,
    known,
    subject,
)
from msgspec import structs

from gateway.records.messages.message import Consent
from gateway.records.patients.account import ChoiceKind
from gateway.records.patients.patient import PatientIdentity, PatientKey


def zfa(feeding: str = "", at: str = "", consultation: str = "", when: str = "") -> Consent:
    return Consent(
        feeding=feeding, feeding_date=at, consultation=consultation, consultation_date=when
    )


def test_zfa_becomes_dated_facts_with_their_author() -> None:
    said = zfa("IO", "20260102101500", "INC", "20260102")

    filing = judge(adt(subject(CLAIRE), consent=said), facts(PERSON))

    feeding, consultation = filing.consents
    assert (feeding.kind, feeding.patient) == (ChoiceKind.FEEDING_OPPOSED, KEY)
    assert feeding.since.isoformat() == "2026-01-02T09:15:00+00:00"  # Paris, in winter
    assert feeding.by == "labo (CHARMES), message C2"
    assert (consultation.kind, consultation.target) == (ChoiceKind.TEAM_OBJECTED, "1999999999")
    assert consultation.ends == (ChoiceKind.CARE_TEAM,)


@pytest.mark.parametrize(
    ("at", "since"),
    [
        ("", "2026-03-01T11:00:00+00:00"),  # EVN of the message
        ("20260102101500+0000", "2026-01-02T10:15:00+00:00"),
        ("20260102101500+9999", "2026-03-01T11:00:00+00:00"),  # no time on earth
        ("20260702", "2026-03-02T10:07:00+00:00"),  # not before it came
    ],
)
def test_the_date_of_a_word_is_its_own_else_that_of_the_message(at: str, since: str) -> None:
    filing = judge(adt(subject(CLAIRE), consent=zfa("INO", at)), facts(PERSON))

    assert filing.consents[0].kind is ChoiceKind.FEEDING_ALLOWED
    assert filing.consents[0].since.isoformat() == since
    assert filing.consents[0].since <= NOW


def test_what_was_not_collected_is_no_fact() -> None:
    assert not judge(adt(subject(CLAIRE), consent=zfa("NA", "", "NA")), facts(PERSON)).consents


def test_the_word_of_somebody_not_yet_qualified_is_kept_under_the_local_identifier() -> None:
    filing = judge(adt(subject(CLAIRE, status="PROV"), consent=zfa("IO")), facts(PERSON))

    assert [one.patient for one in filing.consents] == [PatientKey(IPP1)]


def test_a_word_about_nobody_is_told_to_the_sender() -> None:
    nobody = subject(PatientIdentity(birth_family="DURAND"))

    filing = judge(adt(nobody, consent=zfa("IO")), facts())

    assert [one.code for one in filing.answer.findings] == ["consent-unattached"]
    assert not filing.consents


def test_a_consent_to_consult_needs_the_organisation_of_its_sender() -> None:
    one = structs.replace(adt(subject(CLAIRE), consent=zfa("INO", "", "IC")), organization=None)

    filing = judge(one, facts(PERSON))

    assert [one.kind for one in filing.consents] == [ChoiceKind.FEEDING_ALLOWED]
    assert [one.code for one in filing.answer.findings] == ["consent-unattached"]


def test_a_provisional_message_says_nothing_of_another_person_by_their_number() -> None:
    draft = subject(replace(MARC, other_ids=("1.2.3^IPP1",)), status="PROV")

    filing = judge(adt(draft, consent=zfa("IO")), known((IPP1, PERSON)))

    assert not filing.consents
    assert "consent-unattached" in [one.code for one in filing.answer.findings]


@pytest.mark.parametrize(
    ("at", "since"),
    [
        ("20260102101500", "2026-01-02T06:15:00+00:00"),
        ("20260102101500+0100", "2026-01-02T09:15:00+00:00"),
        ("20260102", "2026-01-01T23:00:00+00:00"),  # a civil date is that of Paris
        ("", "2026-03-01T08:00:00+00:00"),  # EVN of the message
    ],
)
def test_the_offset_of_the_message_is_that_of_its_words(at: str, since: str) -> None:
    one = adt(subject(CLAIRE), consent=zfa("IO", at))
    message = one.understanding.message
    assert message is not None
    assert message.admission is not None
    there = structs.replace(message, admission=replace(message.admission, offset="+0400"))
    filing = judge(
        structs.replace(one, understanding=replace(one.understanding, message=there)), facts(PERSON)
    )
    assert filing.consents[0].since.isoformat() == since
