"""What happened, told to whoever counts. Names of senders and doors only, never a patient."""

from collections.abc import Mapping
from typing import Protocol


class Metrics(Protocol):
    def received(self, *, door: str, sender: str, verdict: str, seconds: float) -> None:
        """One input was answered; `seconds` from its last byte to the answer."""

    def deferred(self, *, door: str, sender: str) -> None:
        """One input could not be made durable: the sender was asked to come again."""

    def committed(self, *, units: int, seconds: float) -> None:
        """One commit that held so many units of work, fsync included."""

    def delivered(self, *, kind: str, outcome: str) -> None:
        """One task was settled or postponed."""

    def queue_depth(self, queue: str, depth: int) -> None:
        """How much waits in a named queue now."""

    def task_depths(self, depths: Mapping[str, int]) -> None:
        """Unsettled tasks by kind now; a kind that is absent has none."""

    def lanes_paused(self, count: int) -> None:
        """Destinations that an operator holds back now."""

    def connections(self, door: str, count: int) -> None:
        """Peers connected to a door now."""

    def log_sealed(self, size: int) -> None:
        """The head of the access log was signed, or still holds: so many entries."""

    def log_broken(self) -> None:
        """The access log is not what was signed: nothing more is signed."""


class NoMetrics:
    """Counts nothing: for commands without a daemon."""

    def received(self, *, door: str, sender: str, verdict: str, seconds: float) -> None: ...

    def deferred(self, *, door: str, sender: str) -> None: ...

    def committed(self, *, units: int, seconds: float) -> None: ...

    def delivered(self, *, kind: str, outcome: str) -> None: ...

    def queue_depth(self, queue: str, depth: int) -> None: ...

    def task_depths(self, depths: Mapping[str, int]) -> None: ...

    def lanes_paused(self, count: int) -> None: ...

    def connections(self, door: str, count: int) -> None: ...

    def log_sealed(self, size: int) -> None: ...

    def log_broken(self) -> None: ...
