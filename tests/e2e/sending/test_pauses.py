"""A receiver under maintenance, from outside: paused, through a restart, and resumed."""

from pathlib import Path

from asking import forward, listening, once
from configured import Operator, gateway
from daemon_rig import Make, eventually
from listening_peer import ListeningPeer
from papers import results

LANE = "forward:lis"


def said(operator: Operator, *words: str) -> str:
    done = gateway("task", *words, "--config", str(operator.config))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_reaches_a_paused_receiver_until_it_is_resumed_and_then_all_in_order(
    make_gateway: Make, tmp_path: Path, peer: ListeningPeer
) -> None:
    others = ListeningPeer().start()
    more = forward("lis", peer) + forward("archive", others)
    daemon, operator = listening(make_gateway, tmp_path, more, "--results-only")
    sent = [results(operator.person, f"PAUSE-{n}") for n in range(4)]
    assert daemon.mllp(sent[0]).code == "AA"
    eventually(lambda: once(peer.messages) == sent[:1])
    said(operator, "pause", LANE, "--reason", "maintenance", "--by", "anne")
    assert daemon.mllp(sent[1]).code == "AA"
    assert daemon.mllp(sent[2]).code == "AA"
    eventually(lambda: len(once(others.messages)) == 3)
    eventually(lambda: "gateway_lanes_paused 1.0" in daemon.metrics())
    assert once(peer.messages) == sent[:1]

    assert daemon.stop() == 0
    daemon.start()
    assert daemon.mllp(sent[3]).code == "AA"
    eventually(lambda: len(once(others.messages)) == 4)
    assert once(peer.messages) == sent[:1]
    assert "maintenance" in said(operator, "paused")
    said(operator, "resume", LANE)
    eventually(lambda: once(peer.messages) == sent)
    others.stop()
