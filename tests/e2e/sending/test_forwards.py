"""Forwards, from outside: a real daemon and real receivers that are away, refuse or are silent."""

from itertools import groupby
from pathlib import Path

from asking import NOBODY, REFUSED, asking, forward, listening, once, tasks
from authority import Authority
from configured import Operator, order
from daemon_rig import Make, eventually
from listening_peer import ListeningPeer, ack
from papers import mdm, report, results

from gateway.adapters.hl7v2.mllp import tls_context


def waiting(operator: Operator) -> set[object]:
    return {line["lane"] for line in tasks(operator) if line["kind"] == "forward"}


def came(peer: ListeningPeer) -> list[str]:
    """One after the other; one whose answer was late came again at once, and is told once."""
    return [control for control, _ in groupby(peer.controls)]


def test_forwards_wait_for_a_receiver_that_is_away_and_leave_in_order(
    make_gateway: Make, tmp_path: Path, peer: ListeningPeer
) -> None:
    peer.stop()
    others = ListeningPeer().start()
    more = (
        f'{forward("lis", peer)}types = ["ORU"]\n'
        f'{forward("archive", others)}receiving_application = "ARCHIVE"\n'
    )
    daemon, operator = listening(make_gateway, tmp_path, more, "--results-only")
    sent = [results(operator.person, f"FWD-{n}") for n in range(20)]
    with_line = daemon.line()
    for raw in sent:
        assert with_line.ask(raw).code == "AA"
    with_line.close()

    eventually(lambda: len(once(others.messages)) == 20)
    assert once(others.messages) == [raw.replace(b"|PASSERELLE|", b"|ARCHIVE|", 1) for raw in sent]
    eventually(lambda: waiting(operator) == {"forward:lis"})
    peer.start()
    eventually(lambda: len(once(peer.messages)) == 20)
    assert once(peer.messages) == sent
    others.stop()


def test_a_refused_forward_is_a_dead_letter_until_somebody_tries_again(
    make_gateway: Make, tmp_path: Path, peer: ListeningPeer
) -> None:
    daemon, operator = listening(make_gateway, tmp_path, forward("lis", peer), "--results-only")
    peer.answer = lambda raw: ack(raw, *(REFUSED if b"DEAD-1" in raw else ("AA",)))

    receipt = daemon.mllp(results(operator.person, "DEAD-1")).receipt
    daemon.mllp(results(operator.person, "DEAD-2"))
    (dead,) = eventually(lambda: tasks(operator, "--dead"))
    eventually(lambda: came(peer) == ["DEAD-1", "DEAD-2"])
    assert (dead["outcome"], dead["subject"], dead["lane"]) == (
        "refused: AE 101",
        receipt,
        "forward:lis",
    )
    peer.answer = ack
    done = order("task", "retry", str(dead["id"]), "--config", str(operator.config))
    assert done.returncode == 0, done.stderr
    eventually(lambda: came(peer) == ["DEAD-1", "DEAD-2", "DEAD-1"])
    eventually(lambda: tasks(operator, "--dead") == [] or None)


def test_a_message_without_a_space_here_goes_on_and_a_masked_one_stays(
    make_gateway: Make, tmp_path: Path, peer: ListeningPeer
) -> None:
    biology = forward("lis", peer) + 'labels = ["BIOLOGIE"]\n'
    daemon, operator = listening(make_gateway, tmp_path, biology)

    secret = asking(mdm(report(operator.person), "MASKED"), MASQUE_PS="Y", ACK_RECEPTION="N")
    assert daemon.mllp(secret).code == "AA"
    stranger_s = asking(mdm(report(NOBODY), "ABSENT"), ACK_RECEPTION="N")
    answer = daemon.mllp(stranger_s)

    assert answer.code == "AA"
    assert ("I", "207", "902") in answer.errors
    eventually(lambda: once(peer.messages) == [stranger_s])
    (dead,) = eventually(lambda: tasks(operator, "--dead"))
    assert dead["outcome"] == "denied: F60"


def test_a_forward_inside_tls_shows_both_certificates_and_a_silent_peer_stops_nothing(
    make_gateway: Make, tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "tls")
    server, own = authority.issue("lis"), authority.issue("passerelle")
    inside = tls_context(server, server.with_suffix(".key"), client_ca=authority.path)
    peer = ListeningPeer(tls=inside).start()
    silent = ListeningPeer(lambda _message: None).start()
    more = (
        f'ca = "{authority.path}"\ncertificate = "{own}"\nkey = "{own.with_suffix(".key")}"\n'
        f'[[forward]]\nname = "lis"\nto = "mllps://{peer.place}"\n'
        f"{forward('silent', silent)}"
    )
    daemon, operator = listening(make_gateway, tmp_path, more, "--results-only")
    sent = [results(operator.person, f"TLS-{n}") for n in range(3)]
    for raw in sent:
        assert daemon.mllp(raw).code == "AA"

    eventually(lambda: len(once(peer.messages)) == 3)
    assert once(peer.messages) == sent
    assert peer.certificates[0] is not None
    assert set(silent.controls) <= {"TLS-0"}
    assert daemon.stop() == 0
    assert operator.person.ins not in daemon.log.read_text("utf-8")
    peer.stop()
    silent.stop()


def test_every_dead_letter_of_a_kind_is_sent_again_at_once(
    make_gateway: Make, tmp_path: Path, peer: ListeningPeer
) -> None:
    daemon, operator = listening(make_gateway, tmp_path, forward("lis", peer), "--results-only")
    peer.answer = lambda raw: ack(raw, *REFUSED)
    for n in range(3):
        daemon.mllp(results(operator.person, f"ALL-{n}"))
    eventually(lambda: len(tasks(operator, "--dead")) == 3)
    peer.answer = ack
    words = ["task", "retry", "--dead", "--config", str(operator.config), "--kind"]
    assert order(*words, "mail").stdout == ""
    assert order(*words, "forward").stdout.count("due again") == 3
    eventually(lambda: came(peer) == ["ALL-0", "ALL-1", "ALL-2"] * 2)
