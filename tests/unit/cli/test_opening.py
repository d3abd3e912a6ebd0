"""How a receipt is read again: as the door that took it reads its sender."""

import argparse
import getpass
from datetime import UTC, datetime

import pytest

from gateway.cli.opening import UsageError, in_words, reading_of, who_asks
from gateway.errors import DeferredError, DeniedError, RefusedError
from gateway.records.filing import Answer, Door, Receipt
from gateway.records.finding import Verdict
from gateway.settings import Settings
from gateway.settings.doors import Mllp

SETTINGS = Settings(
    mllp=(Mllp(sender="labo"), Mllp(sender="hospital", results_only=True, strict=True))
)


def receipt(sender: str, door: Door) -> Receipt:
    return Receipt(
        id="00",
        sender=sender,
        door=door,
        key=None,
        digest=b"",
        at=datetime(2026, 1, 15, tzinfo=UTC),
        answer=Answer(receipt="00", verdict=Verdict.ACCEPT),
        format="hl7v2",
        size=1,
    )


@pytest.mark.parametrize(
    ("sender", "door", "strict"),
    [
        ("hospital", Door.MLLP, True),
        ("labo", Door.MLLP, False),
        ("stranger", Door.MLLP, False),
        ("hospital", Door.HTTP, False),
    ],
)
def test_a_receipt_is_read_as_its_listener_reads_its_sender(
    sender: str, door: Door, strict: bool
) -> None:
    reading = reading_of(SETTINGS, receipt(sender, door))
    assert (reading.strict, reading.results_only) == (strict, strict)


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
