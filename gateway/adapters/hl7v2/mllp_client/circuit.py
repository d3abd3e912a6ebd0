"""When to knock again at an address where nobody opened: arithmetic only."""

from dataclasses import dataclass


@dataclass(slots=True)
class Circuit:
    """Closed while all goes well; after a failure open for a while that doubles.

    Seconds of a clock that never goes back.
    """

    first_seconds: float = 1.0
    longest_seconds: float = 60.0
    failures: int = 0
    _until: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next try is allowed; 0.0 for now."""
        left = min(self._until - now, self.longest_seconds)
        return max(0.0, left) if self.failures else 0.0

    def failed(self, now: float) -> None:
        self.failures += 1
        wait = self.first_seconds * 2.0 ** min(self.failures - 1, 30)
        self._until = now + min(wait, self.longest_seconds)

    def worked(self) -> None:
        self.failures = 0
