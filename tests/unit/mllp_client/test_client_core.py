"""The sending side of MLLP without sockets: matching, strays, codes, the circuit."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from listening_peer import ack

from gateway.adapters.hl7v2.mllp_client.circuit import Circuit
from gateway.adapters.hl7v2.mllp_client.client import judged
from gateway.adapters.hl7v2.mllp_client.exchange import (
    MAX_STRAYS,
    Answered,
    Broken,
    Conversation,
    Outgoing,
    outgoing,
)
from gateway.adapters.hl7v2.mllp_protocol import framed
from gateway.errors import DeferredError, RefusedError
from gateway.mapping.hl7v2.reply import Awaited, Fate, read_reply

MESSAGE = b"MSH|^~\\&|US|HERE|PEER|THERE|20260115||ORU^R01^ORU_R01|C1|P|2.5\rPID|1\r"
ERR_207 = "ERR||MSH^1|207^Application internal error^HL70357|E"
ERR_904 = "ERR||PID^1^3|207^Application error^HL70357|E|904^INS^HL70533"
ERR_201 = "ERR|||201^Unsupported event^HL70357|E"
controls = st.text("ABC123", min_size=1, max_size=3)


def asked() -> Conversation:
    conversation = Conversation()
    conversation.begin(outgoing(MESSAGE))
    return conversation


def test_only_the_answer_to_the_message_in_flight_counts() -> None:
    conversation = asked()

    assert conversation.feed(framed(ack(MESSAGE, control="C0"))) is None
    told = conversation.feed(framed(ack(MESSAGE)))

    assert isinstance(told, Answered)
    assert told.reply.code == "AA"
    assert conversation.strays == 1
    assert conversation.begin(outgoing(MESSAGE)), "nothing is in flight any more"


def test_a_condition_too_long_for_a_number_is_none() -> None:
    told = asked().feed(framed(ack(MESSAGE, "AE") + b"ERR|||" + b"9" * 5_000 + b"\r"))

    assert isinstance(told, Answered)
    assert (told.reply.fate, told.reply.words) == (Fate.REFUSED, "AE")


@given(st.lists(controls, max_size=8), st.integers(1, 60))
def test_what_is_told_does_not_depend_on_how_the_bytes_were_cut(
    others: list[str], cut: int
) -> None:
    stream = b"".join(framed(ack(MESSAGE, control=one)) for one in [*others, "C1", *others])
    whole, parts = asked(), asked()

    at_once = whole.feed(stream)
    told = [parts.feed(stream[at : at + cut]) for at in range(0, len(stream), cut)]

    assert [one for one in told if one is not None] == [at_once]
    assert parts.strays == whole.strays == 2 * len(others)


@given(st.lists(controls.filter(lambda one: one != "C1"), max_size=MAX_STRAYS))
def test_an_answer_to_something_else_is_never_taken(others: list[str]) -> None:
    conversation = asked()
    for one in others:
        assert conversation.feed(framed(ack(MESSAGE, control=one))) is None
    with pytest.raises(ValueError, match="one message at a time"):
        conversation.begin(outgoing(MESSAGE))


def test_a_peer_that_goes_on_answering_something_else_is_left() -> None:
    conversation = asked()
    stream = framed(ack(MESSAGE, control="X")) * (MAX_STRAYS + 1)
    assert isinstance(conversation.feed(stream), Broken)


def test_a_second_message_waits_for_the_first_ones_answer() -> None:
    conversation = asked()
    with pytest.raises(ValueError, match="one message at a time"):
        conversation.begin(outgoing(MESSAGE))


@given(st.binary(max_size=300))
def test_no_answer_however_strange_raises(noise: bytes) -> None:
    asked().feed(framed(noise))
    read_reply(noise)
    read_reply(b"MSH|^~\\&|" + noise)
    read_reply(ack(MESSAGE) + noise)


@pytest.mark.parametrize(
    ("mode", "awaited"),
    [
        (b"|", Awaited.ANSWER),
        (b"AL|NE", Awaited.ANSWER),
        (b"NE|AL", Awaited.ANSWER),
        (b"SU|NE", Awaited.ANSWER),
        (b"NE|NE", Awaited.NOTHING),
        (b"NE|", Awaited.NOTHING),
        (b"ER|NE", Awaited.ERROR),
    ],
)
def test_the_message_says_which_answer_it_asks_for(mode: bytes, awaited: Awaited) -> None:
    message = MESSAGE.replace(b"|2.5\r", b"|2.5|||" + mode + b"\r")
    assert outgoing(message) == Outgoing("C1", awaited, framed(message))


@pytest.mark.parametrize(
    "message", [b"", b"PID|1\r", b"MSH|^~\\&|A\r", MESSAGE + b"\x1c\r", b"\x0b" + MESSAGE]
)
def test_what_cannot_be_sent_or_matched_is_refused(message: bytes) -> None:
    with pytest.raises(RefusedError):
        outgoing(message)


@pytest.mark.parametrize(
    ("code", "errors", "fate"),
    [
        ("AA", [], Fate.TAKEN),
        ("CA", [], Fate.TAKEN),
        ("AE", [ERR_904], Fate.REFUSED),
        ("CE", [], Fate.REFUSED),
        ("AE", [ERR_207], Fate.REFUSED),
        ("AR", [ERR_207], Fate.AGAIN),
        ("CR", [ERR_207], Fate.AGAIN),
        ("AR", [], Fate.AGAIN),
        ("AR", [ERR_201], Fate.REFUSED),
    ],
)
def test_what_a_code_means_for_the_message(code: str, errors: list[str], fate: Fate) -> None:
    reply = read_reply(ack(MESSAGE, code, *errors))
    assert reply is not None
    assert reply.fate is fate


def test_a_refusal_is_kept_as_codes_without_the_peers_words() -> None:
    reply = read_reply(ack(MESSAGE, "AE", ERR_904 + "|||Madame DUPONT est inconnue"))
    assert reply is not None
    with pytest.raises(RefusedError) as refused:
        judged(reply)
    assert str(refused.value) == "AE 207 904"
    assert refused.value.finding is not None
    assert (refused.value.finding.condition, refused.value.finding.application) == (207, 904)


def test_a_rejection_for_now_is_deferred() -> None:
    reply = read_reply(ack(MESSAGE, "AR", ERR_207))
    assert reply is not None
    with pytest.raises(DeferredError, match="AR 207"):
        judged(reply)


@pytest.mark.parametrize(
    "raw", [b"", b"MSH", b"MSH|^~\\&|A\rMSA|ZZ|C1\r", b"MSH|^~\\&|A\rMSA|AA\r"]
)
def test_what_is_no_acknowledgement_is_none(raw: bytes) -> None:
    assert read_reply(raw) is None


def test_an_error_before_2_5_stands_in_err_1() -> None:
    reply = read_reply(ack(MESSAGE, "AR", "ERR|PID^1^3^207"))
    assert reply is not None
    assert reply.errors == ((207, ""),)


@given(st.integers(1, 200), st.floats(0, 1e9))
@example(7, 68.65666619330624)
def test_the_circuit_waits_longer_each_time_and_never_too_long(count: int, now: float) -> None:
    circuit = Circuit()
    assert circuit.wait(now) == 0.0
    for _ in range(count):
        circuit.failed(now)
    assert 0.0 < circuit.wait(now) <= circuit.longest_seconds
    assert circuit.wait(now + circuit.longest_seconds + 1) == 0.0
    circuit.worked()
    assert circuit.wait(now) == 0.0
