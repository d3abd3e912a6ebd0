"""A second copy creates nothing; the first answer comes again, also after a restart."""

import contextlib

from daemon_rig import Daemon, Make
from papers import mdm, number, report, results


def test_the_same_frame_gets_the_same_answer_and_creates_nothing(gateway: Daemon) -> None:
    who, control = gateway.person(), f"E2E{number()}"
    with contextlib.closing(gateway.line()) as line:
        first = line.ask(results(who, control))
        again = line.ask(results(who, control))
    assert (first.code, again.code) == ("AA", "AA")
    assert first.receipt == again.receipt
    assert len(gateway.filed(who, control)) == 1


def test_the_same_bytes_over_http_are_200_with_the_first_receipt(gateway: Daemon) -> None:
    what = report(gateway.person())
    first, again = gateway.post(what.document()), gateway.post(what.document())
    assert (first.status, again.status) == (201, 200)
    assert first.json["receipt"] == again.json["receipt"]
    assert first.json["documents"] == again.json["documents"]
    assert len(gateway.filed(what.who, what.id)) == 1


def test_the_same_document_through_another_door_is_already_filed(gateway: Daemon) -> None:
    what = report(gateway.person())
    assert gateway.post(what.document()).status == 201
    ack = gateway.mllp(mdm(what, f"E2E{number()}"))
    assert (ack.code, ack.errors) == ("AA", [("I", "0", "")])
    fate = gateway.fate(ack.receipt)
    assert "already-filed" in fate.codes
    assert len(gateway.filed(what.who, what.id)) == 1


def test_a_control_id_with_other_bytes_is_205(gateway: Daemon) -> None:
    who, control = gateway.person(), f"E2E{number()}"
    assert gateway.mllp(results(who, control)).code == "AA"
    ack = gateway.mllp(results(who, control, value="9.9"))
    assert (ack.code, ack.errors) == ("AE", [("E", "205", "")])
    (found,) = gateway.filed(who, control)
    assert gateway.content(found) == results(who, control)


def test_an_idempotency_key_is_kept_for_its_bytes(gateway: Daemon) -> None:
    who, key = gateway.person(), f"key-{number()}"
    what, other = report(who), report(who)
    first = gateway.post(what.document(), key=key)
    again = gateway.post(what.document(), key=key)
    reused = gateway.post(other.document(), key=key)
    assert (first.status, again.status, reused.status) == (201, 200, 422)
    assert first.json["receipt"] == again.json["receipt"]
    assert reused.codes == ["key-reused"]
    assert gateway.filed(who, other.id) == []


def test_a_mended_message_needs_a_new_control_id_and_then_passes(gateway: Daemon) -> None:
    who, control = gateway.person(), f"E2E{number()}"
    broken = results(who, control).replace(b"OBR|1|", b"XXX|1|").replace(b"OBX|", b"XXX|")
    assert gateway.mllp(broken).code in ("AE", "AR")
    assert gateway.mllp(results(who, f"{control}B")).code == "AA"


def test_a_restart_repeats_first_answers(make_gateway: Make) -> None:
    daemon = make_gateway().start()
    who, control = daemon.person(), "RESTART-1"
    what = report(who)
    first = daemon.mllp(results(who, control))
    posted = daemon.post(what.document(), key="restart")
    assert daemon.stop() == 0
    daemon.start()
    assert daemon.mllp(results(who, control)).receipt == first.receipt
    again = daemon.post(what.document(), key="restart")
    assert (again.status, again.json["receipt"]) == (200, posted.json["receipt"])
    assert len(daemon.filed(who, control)) == len(daemon.filed(who, what.id)) == 1
