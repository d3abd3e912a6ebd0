"""A login that may not do what a command asks of the database: a line, where it was a traceback."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from place import Place, command

from gateway.cli.opening import in_words

SAID = "cannot run: the database does not let this login do it: "


@pytest.fixture
def weak_url(postgresql_url: str) -> Iterator[str]:
    """An empty database in which this login may make nothing."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        connection.execute("CREATE ROLE weak LOGIN")
        try:
            yield postgresql_url.replace("postgres@", "weak@")
        finally:
            connection.execute("DROP OWNED BY weak")
            connection.execute("DROP ROLE weak")


def placed(place: Place, url: str) -> Place:
    text = place.config.read_text().replace('# url = "sqlite:///gateway.db"', f'url = "{url}"')
    assert url in text
    place.config.write_text(text)
    return place


@pytest.mark.postgresql
def test_a_login_that_may_make_no_tables_is_told_so(sqlite_place: Place, weak_url: str) -> None:
    told = placed(sqlite_place, weak_url).fails("migrate", status=3)
    assert told == f"{SAID}permission denied for schema public\n"


@pytest.mark.postgresql
def test_a_login_that_may_read_no_table_is_told_so(
    sqlite_place: Place, postgresql_url: str, weak_url: str, tmp_path: Path
) -> None:
    text = sqlite_place.config.read_text()
    placed(sqlite_place, postgresql_url).done("migrate")
    sqlite_place.config.write_text(text)
    place = placed(sqlite_place, weak_url)
    told = f"{SAID}permission denied for table alembic_version\n"
    for words in (("sender", "list"), ("backup", str(tmp_path / "copy")), ("audit", "verify")):
        assert place.fails(*words, status=3) == told
    assert command("serve", "--config", str(place.config)).err == told


@pytest.mark.postgresql
def test_a_server_that_is_only_read_is_a_line(sqlite_place: Place, postgresql_url: str) -> None:
    """As the follower of another, to which a name leads after a failover."""
    place = placed(sqlite_place, postgresql_url)
    place.done("migrate")
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    told = place.fails("sender", "add", "labo", status=3)
    assert told == f"{SAID}cannot execute SELECT FOR SHARE in a read-only transaction\n"


def test_a_file_that_may_not_be_written_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        with contextlib.closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("CREATE TABLE task (id)")
        return 0

    assert in_words(work) == 3
    assert capsys.readouterr().err == f"{SAID}attempt to write a readonly database\n"
