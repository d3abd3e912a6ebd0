"""How a flow hands an HL7v2 message to somebody else's listener."""

from collections.abc import Callable
from typing import Protocol


class Hl7Client(Protocol):
    async def send(self, message: bytes) -> str:
        """The codes of a positive answer, as "AA".

        Raises RefusedError where the receiver will never take it, DeferredError to be tried
        again, both with what it answered in `finding`, where it answered.
        """


Hl7Clients = Callable[[str], Hl7Client]
"""The one client of an address as an operator writes it: mllp://HOST:PORT or mllps://HOST:PORT.

Raises RefusedError for what is no such address.
"""
