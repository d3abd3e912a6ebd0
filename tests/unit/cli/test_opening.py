"""What commands do with what goes wrong, and whom they name."""

import argparse
import getpass

import pytest

from gateway.cli.opening import UsageError, in_words, who_asks
from gateway.errors import DeferredError, DeniedError, RefusedError


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RefusedError("mend it"), 1),
        (DeniedError("no"), 1),
        (UsageError("type this"), 2),
        (DeferredError("later"), 3),
        (DeferredError("later", disk_full=True), 3),
        (PermissionError(13, "Permission denied"), 3),
    ],
)
def test_every_error_of_ours_is_one_line_and_a_status(
    error: Exception, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> int:
        raise error

    assert in_words(work) == status
    assert capsys.readouterr().err.count("\n") == 1


def test_a_file_that_cannot_be_had_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        raise PermissionError(13, "Permission denied", "/srv/keys/log.key")

    in_words(work)
    said = capsys.readouterr().err
    assert said == "cannot run: Permission denied: /srv/keys/log.key\n"


def test_a_bug_of_ours_is_not_hidden() -> None:
    def work() -> int:
        raise LookupError("a bug")

    with pytest.raises(LookupError):
        in_words(work)


def test_who_asks_is_named_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError(65_534)

    assert who_asks(argparse.Namespace(by=" Lou ")) == "Lou"
    monkeypatch.setattr(getpass, "getuser", nobody)
    with pytest.raises(UsageError, match="--by"):
        who_asks(argparse.Namespace(by=None))
