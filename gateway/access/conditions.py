"""The five conditions under which a professional consults a record (RULES A1).

For his first page: what is met, never why not. The answer to a reading is `decide`'s alone.
"""

from datetime import datetime
from enum import StrEnum

from gateway.access.consent import has_care_consent
from gateway.access.decide import standing
from gateway.access.grid import Grid
from gateway.access.question import Question, columns
from gateway.records.readers.access import AccessAction, Account, Circumstances, Reader, RecordFacts
from gateway.records.readers.switches import Switches

OPEN = frozenset({Account.OPEN, Account.ACTIVE})


class Condition(StrEnum):
    """In the order of RULES A1; the values are the words of the page."""

    ACCOUNT = "Dossier"
    IDENTITY = "INS"
    AGREEMENT = "Accord"
    AUTHENTICATION = "Authentification"
    ENTITLEMENT = "Habilitation"


def conditions(
    reader: Reader,
    record: RecordFacts,
    circumstances: Circumstances,
    switches: Switches,
    grid: Grid,
    now: datetime,
) -> dict[Condition, bool]:
    """Each condition and whether it is met.

    The agreement counts as met for whom an emergency lets in without one. An entitlement is a
    column of the grid for each of his columns, whatever its cells say.
    """
    question = Question(reader, AccessAction.OPEN, None, record, circumstances, switches, grid, now)
    stands = standing(reader, record, circumstances, switches, now).permitted
    own = columns(reader)
    return {
        Condition.ACCOUNT: record.account in OPEN,
        Condition.IDENTITY: record.qualified,
        Condition.AGREEMENT: stands or has_care_consent(question),
        Condition.AUTHENTICATION: reader.authenticated,
        Condition.ENTITLEMENT: bool(own) and set(grid.professions()).issuperset(own),
    }
