"""The sending side of MLLP without sockets: one message in flight, its answer matched.

MSA-2 must be the MSH-10 that was sent. Every other answer (a late one, that of somebody else, the
second answer of the enhanced mode) is counted and dropped: taken for the next message's, it would
lose that message (HL7V2 sections 5 and 9).
"""

from dataclasses import dataclass

from gateway.adapters.hl7v2.mllp_protocol import END, START, Frame, MllpReceiver, framed
from gateway.errors import RefusedError
from gateway.mapping.hl7v2.reply import Awaited, Reply, awaited_of, read_reply

MAX_ANSWER_BYTES = 1_000_000
MAX_STRAYS = 20


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to the message in flight, which is in flight no more."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Broken:
    """The connection cannot be used any more."""

    reason: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready to leave: MSH-10, the answer it asks for, its frame."""

    control_id: str
    awaited: Awaited
    frame: bytes


def outgoing(message: bytes) -> Outgoing:
    """Raises RefusedError for what no MLLP frame can carry, or no answer can be matched to."""
    if START in message or END in message:
        raise RefusedError("The message holds block characters of MLLP.")
    asked = awaited_of(message)
    if asked is None:
        raise RefusedError("The message has no MSH-10.")
    return Outgoing(*asked, framed(message))


class Conversation:
    """One connection to a receiver, from its opening to its end."""

    def __init__(self, *, max_answer_bytes: int = MAX_ANSWER_BYTES) -> None:
        self._receiver = MllpReceiver(max_frame_bytes=max_answer_bytes)
        self._expected: str | None = None
        self.strays = 0

    def begin(self, message: Outgoing) -> bytes:
        """The bytes to write. Raises ValueError while another message is in flight."""
        if self._expected is not None:
            raise ValueError("one message at a time")
        self._expected = message.control_id if message.awaited is not Awaited.NOTHING else None
        return message.frame

    def feed(self, data: bytes) -> Answered | Broken | None:
        """Takes the next bytes; what they tell of the message in flight."""
        answered: Answered | None = None
        for event in self._receiver.feed(data):
            if not isinstance(event, Frame):
                return Broken("the peer does not speak MLLP")
            reply = read_reply(event.payload)
            if reply is not None and reply.answered == self._expected:
                self._expected, answered = None, Answered(reply)
                continue
            self.strays += 1
        if self.strays > MAX_STRAYS:
            return Broken("the peer answers what was not asked")
        return answered
