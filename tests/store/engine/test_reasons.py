"""What an operator reads of a database that is away: the driver's words about place and login."""

import sqlite3

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import OperationalError

from gateway.store.engine.failures import reason_of

REFUSED = 'connection failed: connection to server at "::1", port 5432 failed: refused\n\tIs it?'
PLACE = 'connection to server at "::1", port 5432 failed: refused'


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (psycopg.OperationalError(REFUSED), PLACE),
        (errors.ConnectionTimeout("connection timeout expired"), "connection timeout expired"),
        (psycopg.OperationalError(), None),
        (psycopg.OperationalError(" \n"), None),
        (errors.LockNotAvailable("while locking tuple (0,1) of Anne"), None),
        (errors.UniqueViolation("Key (name)=(Anne) already exists."), None),
        (sqlite3.OperationalError("near Anne: syntax error"), None),
        (ValueError("Anne"), None),
    ],
)
def test_words_about_the_connection_are_told_and_those_of_a_statement_never(
    error: Exception, reason: str | None
) -> None:
    assert reason_of(error) == reason
    assert reason_of(OperationalError("SELECT", None, error)) == reason
