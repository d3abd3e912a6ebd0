"""What a caller does with standard input, output and error is no fault of a command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXPLAIN = ("gateway", "check-config", "--explain", "profile")
ABSENT = ("gateway", "key", "list", "--data", "/nothing/here")


def shell(words: tuple[str, ...], redirected: str) -> subprocess.CompletedProcess[str]:
    """`python -m` of these words, as a shell starts it."""
    script = f'exec "$0" -m "$@" {redirected}'
    command = ["sh", "-c", script, sys.executable, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "words", [EXPLAIN, ("gateway", "inspect", "pyproject.toml"), ("conformance", "list")]
)
def test_a_full_disk_behind_standard_output_is_one_line(words: tuple[str, ...]) -> None:
    done = shell(words, "> /dev/full")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1), done
    assert "No space left on device" in done.stderr


def test_a_stream_that_is_closed_takes_nothing_and_sends_nothing_elsewhere() -> None:
    done = shell(EXPLAIN, ">&-")
    assert (done.returncode, done.stderr) == (0, "")
    done = shell(ABSENT, "2>&-")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_reader_of_the_kit_who_has_seen_enough_is_no_error() -> None:
    gone, ours = os.pipe()
    os.close(gone)
    with os.fdopen(ours, "wb") as stdout:
        done = subprocess.run(
            [sys.executable, "-m", "conformance", "list"],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=Path(__file__).resolve().parents[3],
        )
    assert (done.returncode, done.stderr) == (1, "")
