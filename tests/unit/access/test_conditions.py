"""The five conditions of RULES A1 as the professional's first page shows them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from question_builder import DOCTOR, GRID, NURSE

from gateway.access.conditions import Condition, conditions
from gateway.access.question import regulates
from gateway.records.readers.access import (
    NORMAL,
    Account,
    CareConsent,
    Circumstances,
    Entry,
    Mode,
    Reader,
    ReaderKind,
    RecordFacts,
)
from gateway.records.readers.switches import Switches

NOW = datetime(2026, 3, 15, 10, tzinfo=UTC)
READER = Reader(kind=ReaderKind.PROFESSIONAL, id=DOCTOR, profession="G15_10", team="1750000001")
RECORD = RecordFacts(consents=(CareConsent(id=DOCTOR, to="professional"),))
GLASS = Circumstances(mode=Mode.BRIS_DE_GLACE, reason="coma")
ALL = frozenset(Condition)


def met(
    reader: Reader = READER,
    record: RecordFacts = RECORD,
    circumstances: Circumstances = NORMAL,
) -> frozenset[Condition]:
    found = conditions(reader, record, circumstances, Switches(), GRID, NOW)
    assert list(found) == list(Condition), "always the five, in the order of A1"
    return frozenset(one for one, holds in found.items() if holds)


def test_whoever_may_read_meets_all_five() -> None:
    assert met() == ALL
    assert [one.value for one in Condition] == [
        "Dossier",
        "INS",
        "Accord",
        "Authentification",
        "Habilitation",
    ]


@pytest.mark.parametrize(
    ("reader", "record", "missing"),
    [
        (READER, replace(RECORD, account=Account.CLOSED), Condition.ACCOUNT),
        (READER, replace(RECORD, account=Account.NOT_CREATED), Condition.ACCOUNT),
        (READER, replace(RECORD, account=Account.OPPOSED), Condition.ACCOUNT),
        (READER, replace(RECORD, qualified=False), Condition.IDENTITY),
        (READER, RecordFacts(), Condition.AGREEMENT),
        (replace(READER, id=NURSE), RECORD, Condition.AGREEMENT),
        (replace(READER, authenticated=False), RECORD, Condition.AUTHENTICATION),
        (replace(READER, profession="G15_80"), RECORD, Condition.ENTITLEMENT),
        (replace(READER, profession=None), RECORD, Condition.ENTITLEMENT),
        (replace(READER, profession="R291_99"), RECORD, Condition.ENTITLEMENT),
        (replace(READER, activity="GENR12"), RECORD, Condition.ENTITLEMENT),
    ],
)
def test_each_is_missing_alone(reader: Reader, record: RecordFacts, missing: Condition) -> None:
    assert met(reader, record) == ALL - {missing}


def test_a_social_activity_is_entitled_by_both_its_columns() -> None:
    assert met(replace(READER, activity="GENR08")) == ALL


def test_an_account_created_and_not_yet_activated_counts_as_open() -> None:
    assert Condition.ACCOUNT in met(record=replace(RECORD, account=Account.OPEN))


def test_an_agreement_is_met_by_the_team_until_it_objects_or_ends() -> None:
    team = CareConsent(id="1750000001", to="team", until=NOW + timedelta(seconds=1))
    by_team = RecordFacts(consents=(team,))
    assert met(record=by_team) == ALL
    over = replace(by_team, consents=(replace(team, until=NOW),))
    objected = replace(by_team, teams_objected=("1750000001",))
    for record in (over, objected):
        assert met(record=record) == ALL - {Condition.AGREEMENT}


def test_a_block_ends_the_agreement_and_says_no_more_than_a_missing_one() -> None:
    blocked = replace(RECORD, blocks=(Entry(id=DOCTOR, since=NOW),))
    unblocked = replace(RECORD, blocks=(Entry(id=DOCTOR, until=NOW),))
    assert met(record=blocked) == met(record=unblocked) == met(record=RecordFacts())


def test_an_emergency_stands_in_for_the_agreement_where_it_lets_him_in() -> None:
    assert met(record=RecordFacts(), circumstances=GLASS) == ALL
    blocked = RecordFacts(blocks=(Entry(id=DOCTOR),))
    assert met(record=blocked, circumstances=GLASS) == ALL - {Condition.AGREEMENT}


@pytest.mark.parametrize(
    ("profession", "centre15", "expected"),
    [
        ("G15_10", True, True),
        ("G15_10", False, False),
        ("G15_60", True, False),
        (None, True, False),
    ],
)
def test_only_a_physician_of_a_centre_15_regulates(
    profession: str | None, centre15: bool, expected: bool
) -> None:
    assert regulates(replace(READER, profession=profession, centre15=centre15)) is expected
