"""Which signals end a daemon."""

import signal

import pytest

from gateway.daemon.process import endings


@pytest.mark.parametrize("under_nohup", [False, True])
def test_a_hangup_ends_it_unless_nohup_ignores_it(under_nohup: bool) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN if under_nohup else signal.SIG_DFL)
    try:
        told = endings()
    finally:
        signal.signal(signal.SIGHUP, before)
    assert {signal.SIGTERM, signal.SIGINT} <= set(told)
    assert (signal.SIGHUP in told) is not under_nohup
