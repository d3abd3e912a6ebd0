"""What the flows ask of whoever understands inputs away from the event loop."""

from collections.abc import Awaitable
from typing import Protocol

from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Format, Understanding


class Elsewhere(Protocol):
    """Another thread or process: the same answer as `mapping.understand`, at another place."""

    def is_better(self, size: int) -> bool:
        """Whether an input of `size` bytes is rather understood there, as things stand now."""
        ...

    def was_here(self, size: int) -> None:
        """An input of `size` bytes is understood on the spot: what comes often is worth more."""
        ...

    def understand(
        self, raw: bytes, reading: Reading, declared: Format | None
    ) -> Awaitable[list[Understanding]]:
        """As a door judges it, at least one understanding, in order; begins before it is awaited.

        Raises DeferredError, when awaited, where nobody can read it now.
        """
        ...
