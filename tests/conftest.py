"""A real PostgreSQL server in a private folder, for every test that asks for one.

What tests write stands in memory where there is room. No law is timed by the clock on the wall:
a busy machine convicts nobody. And no test finds the logs as the one before it left them. Files
that take long begin first, so that none is waited for.
"""

import gc
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import structlog
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import make_url

BINARIES = Path("/usr/lib/postgresql")
OPTIONS = (
    "-c listen_addresses='' -c shared_buffers=32MB -c max_connections=40"
    " -c fsync=off -c full_page_writes=off -c autovacuum=off"
)
"""Nobody pulls its plug: what the gateway asks to be kept outlives every process all the same."""
MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 * 2**30
"""Ten times what all tests keep at a time."""

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if settings.get_current_profile_name() == "default":
    settings.load_profile("steady")

# Logs that nobody configured are for people: rich, which import-linter brings, draws the variables
# of each frame beside a traceback, for seconds of processor.
for _one in structlog.get_config()["processors"]:
    if isinstance(_one, structlog.dev.ConsoleRenderer):
        _one.exception_formatter = structlog.dev.plain_traceback


def pytest_configure() -> None:
    """A disk takes ten times the processor for the files of a database. `TMPDIR` says otherwise;
    the processes of tests and every program they start inherit it."""
    if "TMPDIR" not in os.environ and has_room(MEMORY, ROOM_BYTES):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def has_room(place: Path, room_bytes: int) -> bool:
    """Whether files, and programs among them, may stand in `place`, and so many bytes fit."""
    if not os.access(place, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(place)
    may_run = not found.f_flag & os.ST_NOEXEC
    return may_run and found.f_bavail * found.f_frsize >= room_bytes


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: nobody looks for garbage in it, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files are shared out in this order: those that start a gateway mostly wait, and stand evenly
    among those that compute; what takes longest begins first, so that it is not waited for."""
    long = {item.path for item in items if item.get_closest_marker("long")}
    place = in_turns([item.path for item in items], long)
    items.sort(key=lambda item: place[item.path])


def in_turns(each: Sequence[Path], long: set[Path]) -> dict[Path, float]:
    """How far behind the beginning (0 to 1) each file stands; `each` test names its file."""
    count = Counter(each)
    waiting = [path for path in count if path in long or "e2e" in path.parts]
    computing = [path for path in count if path not in waiting]
    waiting.sort(key=lambda path: (path not in long, -count[path]))
    computing.sort(key=lambda path: -count[path])
    rows = (waiting, computing)
    return {path: rank / len(row) for row in rows for rank, path in enumerate(row)}


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int | pytest.ExitCode
) -> None:
    """Names, one a line, what failed, in the file that `FAILED_TESTS` names: CI tries it alone."""
    place = os.environ.get("FAILED_TESTS")
    if place and exitstatus == pytest.ExitCode.TESTS_FAILED:
        stats = terminalreporter.stats
        failed = {one.nodeid for key in ("failed", "error") for one in stats.get(key, [])}
        Path(place).write_text("".join(f"{one}\n" for one in sorted(failed)), encoding="utf-8")


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """A command configures the logs of its process: here that is the process of other tests too."""
    yield
    structlog.reset_defaults()


def _binary(name: str) -> str | None:
    found = sorted(BINARIES.glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


def _run(user: str | None, *words: str) -> None:
    """As an unprivileged user: the server refuses to run as root."""
    done = subprocess.run(words, user=user, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words[0]} failed: {done.stderr or done.stdout}")


@contextmanager
def _server(initdb: str, control: str) -> Iterator[str]:
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    data = folder / "data"
    if user:
        shutil.chown(folder, user)
    try:
        arguments = ("-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale", "C")
        _run(user, initdb, "-D", str(data), *arguments)
        log = str(folder / "log")
        start = ("-D", str(data), "-l", log, "-w", "-o", f"{OPTIONS} -k {folder}")
        _run(user, control, "start", *start)
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            _run(user, control, "stop", "-D", str(data), "-m", "immediate", "-w")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    initdb, control = _binary("initdb"), _binary("pg_ctl")
    if initdb is None or control is None:
        if os.environ.get("CI") == "true":
            pytest.fail("the Debian package postgresql is missing")
        pytest.skip("needs the Debian package postgresql")
    with _server(initdb, control) as url:
        yield url


@pytest.fixture
def postgresql_address(postgresql_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Of a database of its own for each test, which the test has still to create (`lay`)."""
    name = f"t{abs(hash(request.node.nodeid)):x}"
    yield postgresql_server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_address: str) -> str:
    """An empty database of its own for each test."""
    name = make_url(postgresql_address).database
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return postgresql_address
