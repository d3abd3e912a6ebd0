"""Everybody and every act, exhaustively: the decision against the table."""

from itertools import product

import pytest
from table_everybody import (
    ACCOUNTS,
    ACTS,
    AGES,
    APPLICATIONS,
    BY_PATIENT,
    CAREGIVERS,
    CODES,
    CONSENTS,
    IDENTITIES,
    NOW,
    REPRESENTATIVES,
    STATUSES,
    TABLE,
    THREE_WEEKS_AGO,
    TYPES,
    WHO,
)

from gateway.access.decide import decide
from gateway.access.grid import Cell, Grid
from gateway.records.readers.access import Account, DocumentFacts, FactStatus, RecordFacts
from gateway.records.readers.switches import Switches

GRID = Grid(Cell(profession="G15_10", type_code=code, permits=True) for code in TYPES.values())
SWITCHES = Switches()
PAPERS = [
    (
        DocumentFacts(
            type=TYPES[kind],
            author=("author",),
            organisation="org",
            by_patient=kind in BY_PATIENT,
            codes=CODES[codes],
            deposited=THREE_WEEKS_AGO,
            status=FactStatus(status),
        ),
        TABLE.mask(status=status, codes=codes, type=kind),
    )
    for status, codes, kind in product(STATUSES, CODES, TYPES)
]
RECORDS = [
    (
        RecordFacts(
            account=Account.ACTIVE if account == "no feeding" else Account(account),
            qualified=identity == "qualified",
            birth_date=born,
            feeding_opposed=account == "no feeding",
            consents=CONSENTS,
            caregivers=CAREGIVERS,
            representatives=REPRESENTATIVES,
            applications=APPLICATIONS,
        ),
        TABLE.mask(account=account, identity=identity, age=age),
    )
    for account, identity, (age, born) in product(ACCOUNTS, IDENTITIES, AGES.items())
]


@pytest.mark.parametrize("name", WHO)
def test_every_act_on_every_document_of_every_record(name: str) -> None:
    who = WHO[name]
    for act, (action, how) in ACTS.items():
        fits = TABLE.mask(who=name, act=act)
        for (document, paper), (record, state) in product(PAPERS, RECORDS):
            said = decide(who, action, document, record, how, SWITCHES, GRID, NOW)
            assert said.rule == TABLE.rule(fits & paper & state), (act, document, record)
