"""Whether a receipt still waits, asked by whoever is about to act on it."""

from sqlalchemy import Connection, select

from gateway.records.intake.finding import Verdict
from gateway.store import schema

T = schema.receipt


def is_held(connection: Connection, receipt: str) -> bool:
    """It stays so until this transaction ends. A receipt that is judged again is a new row: who
    waited for the old one asks once more."""
    query = select(T.c.verdict).where(T.c.id == receipt).with_for_update()
    verdict = connection.scalar(query) or connection.scalar(query)
    return verdict == Verdict.HOLD.value
