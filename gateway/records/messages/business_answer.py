"""A business acknowledgement on its way back to the sender who asked for it."""

from dataclasses import dataclass, field

from gateway.records.messages.business_ack import BusinessAck
from gateway.records.messages.message import Header


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessAnswer:
    """A ZAM on its way to a sender: what it says, and the message it answers.

    `control_id` (MSH-10) and `at` (MSH-7, ISO 8601) are fixed when it is made, so that it is the
    same bytes however often it is sent. `header` is that of the message answered.
    """

    sender: str
    control_id: str
    at: str
    ack: BusinessAck
    header: Header = field(default_factory=Header)
