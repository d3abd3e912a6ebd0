"""Answer back: a business acknowledgement (ZAM) goes to the sender's own MLLP address."""

from dataclasses import dataclass

from gateway.flows.sending.messages.business import answer_in
from gateway.mapping.hl7v2.zam import write_zam
from gateway.ports.hl7 import Hl7Clients
from gateway.ports.people.people import People
from gateway.records.task import Task

NO_ADDRESS = "no-address"


@dataclass(slots=True)
class AnswerBack:
    """Carries BUSINESS_ACK tasks. `default` is where the answers of senders without an address
    of their own go; None settles them as `no-address`."""

    people: People
    clients: Hl7Clients
    default: str | None = None

    async def carry(self, task: Task) -> str:
        """The same bytes under the same MSH-10, however often it is tried."""
        answer = answer_in(task.payload)
        account = await self.people.sender_named(answer.sender)
        address = (account.answers if account else None) or self.default
        if address is None:
            return NO_ADDRESS
        return await self.clients(address).send(write_zam(answer))
