"""Laws of the MLLP framing: what comes out never depends on how TCP cut the bytes."""

from hypothesis import example, given
from hypothesis import strategies as st

from gateway.adapters.hl7v2.mllp_protocol import (
    Event,
    Frame,
    MllpReceiver,
    Oversize,
    Partial,
    Violation,
    framed,
)

LIMIT = 40
payloads = st.binary(min_size=1, max_size=LIMIT).filter(
    lambda b: b"\x0b" not in b and b"\x1c" not in b
)
streams = st.lists(
    st.sampled_from([b"\x0b", b"\x1c", b"\r", b"\n", b"\0", b"MSH|", b"x" * 30, b"\x1c\r"]),
    max_size=60,
).map(b"".join)


def drain(chunks: list[bytes]) -> tuple[list[Event], Partial | None, int]:
    receiver = MllpReceiver(max_frame_bytes=LIMIT)
    events = [event for chunk in chunks for event in receiver.feed(chunk)]
    return events, receiver.close(), receiver.skipped_bytes


def cut(stream: bytes, size: int) -> list[bytes]:
    return [stream[at : at + size] for at in range(0, len(stream), size)]


@given(streams, st.integers(1, 50))
@example(b"\x0bMSH\x1c\x0bMSH\x1c\r", 1)
@example(b"\x0b" + b"x" * 60 + b"\x1c\r", 7)
@example(b"\x0b" + b"x" * 90, 7)
@example(b"\x0b" * 200, 3)
def test_events_do_not_depend_on_how_the_bytes_were_cut(stream: bytes, size: int) -> None:
    assert drain(cut(stream, size)) == drain([stream])


@given(st.lists(payloads, max_size=8), st.integers(1, 60))
def test_every_framed_message_comes_out_once_and_in_order(messages: list[bytes], size: int) -> None:
    stream = b"\n".join(framed(one) for one in messages)
    events, partial, _ = drain(cut(stream, size))
    assert events == [Frame(one) for one in messages]
    assert partial is None


@given(streams)
def test_nothing_is_kept_beyond_the_limit_and_nothing_follows_the_end(stream: bytes) -> None:
    events, partial, _ = drain([stream])
    sizes = [len(one.payload) for one in events if isinstance(one, Frame | Partial)]
    assert all(size <= LIMIT for size in sizes)
    assert partial is None or len(partial.payload) <= LIMIT
    assert not any(isinstance(one, Oversize | Violation) for one in events[:-1])
