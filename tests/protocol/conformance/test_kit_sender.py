"""HL7v2 sent to `conformance sender` by MLLP: what it answers, and what it says."""

import contextlib

import pytest
from daemon_rig import eventually
from listening_kit import SERIAL, WHO, Kit, document, listening

from conformance.made.hl7 import results
from conformance.reading.ack import read_ack
from conformance.requirement import Status
from conformance.sender.doors.listening import MAX_CONNECTIONS
from conformance.wire.mllp import NoAnswerError


def test_a_good_message_is_answered_aa_about_it(kit: Kit) -> None:
    draft = document()
    ack = kit.ask(draft.raw())
    assert (ack.code, ack.about, ack.faults) == ("AA", draft.control, [])
    assert ack.message.get("MSH", 9) == "ACK"
    assert ack.message.get("MSH", 3) == draft.row("MSH")[5]


def test_a_wrong_message_is_answered_ae_with_its_places(kit: Kit) -> None:
    ack = kit.ask(document().set("PID", 7, "19843112").set("PID", 8, "").raw())
    assert ack.code == "AE"
    assert {one.place for one in ack.faults} >= {"PID^1^7^1^1", "PID^1^8^1^1"}
    assert ack.says("905")
    assert "S-PID-07" in ack.message.all("ERR")[0].text
    assert WHO.family not in ack.message.text
    assert kit.outcome("S-PID-07").status is Status.NOT_MET


def test_a_message_of_another_type_or_version_is_rejected(kit: Kit) -> None:
    ack = kit.ask(document().set("MSH", 12, "2.3").raw())
    assert (ack.code, ack.says("203")) == ("AR", True)


def test_bytes_that_are_no_message_are_ar_100(kit: Kit) -> None:
    ack = kit.ask(b"GET / HTTP/1.1")
    assert (ack.code, ack.about, ack.says("100")) == ("AR", "", True)


def test_all_is_accepted_when_asked_so_and_still_judged() -> None:
    with listening(lenient=True) as kit:
        ack = kit.ask(document().set("PID", 7, "").raw())
        assert (ack.code, {one.severity for one in ack.faults} <= {"W", "I"}) == ("AA", True)
        assert kit.outcome("S-PID-07").status is Status.NOT_MET


@pytest.mark.parametrize(
    ("accept", "application", "good", "codes"),
    [
        ("AL", "NE", True, ["CA"]), ("AL", "NE", False, ["CE"]), ("ER", "NE", True, []),
        ("ER", "NE", False, ["CE"]), ("SU", "NE", False, []), ("NE", "NE", True, []),
        ("AL", "AL", True, ["CA", "AA"]), ("AL", "AL", False, ["CE"]), ("NE", "AL", True, ["AA"]),
    ],
)  # fmt: skip
def test_the_modes_of_table_0155(
    kit: Kit, accept: str, application: str, good: bool, codes: list[str]
) -> None:
    draft = results(WHO, SERIAL.control()).set("MSH", 15, accept).set("MSH", 16, application)
    after = results(WHO, SERIAL.control())
    if not good:
        draft.set("PID", 7, "")
    with kit.line() as line:
        line.message(draft.raw())
        line.message(after.raw())
        acks = [read_ack(line.answer()) for _ in range(len(codes) + 1)]
    assert [one.code for one in acks] == [*codes, "AA"]
    assert acks[-1].about == after.control


def test_an_acknowledgement_is_not_answered(kit: Kit) -> None:
    raw = b"MSH|^~\\&|A|B|C|D|20260115||ACK^R01^ACK|9|T|2.5\rMSA|AA|1\r"
    with kit.line() as line:
        line.message(raw)
        line.message(document().raw())
        assert read_ack(line.answer()).code == "AA"


def test_framing_faults_are_told_in_the_scorecard(kit: Kit) -> None:
    with kit.line() as line:
        line.send(b"junk\x0b" + document().raw() + b"\x1c\r")
        line.answer()
        line.send(b"\x0bhalf")
    assert kit.outcome("S-MLLP-01").status is Status.NOT_MET
    eventually(lambda: kit.outcome("S-MLLP-03").status is Status.NOT_MET)


def test_more_connections_than_there_is_room_for_are_closed(kit: Kit) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(MAX_CONNECTIONS):
            line = stack.enter_context(kit.line())
            line.message(b"MSH|^~\\&|A|B|C|D|20260115||ACK^R01^ACK|9|T|2.5\rMSA|AA|1\r")
        with pytest.raises(NoAnswerError):
            eventually(lambda: kit.ask(document().raw()) and None)
    eventually(lambda: answered(kit))


def answered(kit: Kit) -> bool:
    with contextlib.suppress(NoAnswerError):
        return kit.ask(document().raw()).code == "AA"
    return False
