"""How long the kit waits for a door that stays silent: a run of all checks has an end.

Each try that ends in silence costs a whole timeout; after some in a row the next ones cost none.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from conformance.wire.mllp import SilentError

NEVER_HEARD, IN_A_ROW = 3, 20
"""Silent tries after which a door is given up: one that never answered, one that has."""


@dataclass(frozen=True, slots=True)
class Patience:
    """`silent` counts the silent tries in a row of each door; `heard` are doors that answered."""

    silent: Counter[str] = field(default_factory=Counter)
    heard: set[str] = field(default_factory=set)

    @contextmanager
    def at(self, door: str) -> Iterator[Callable[[], None]]:
        """Around one try, which calls what it is given once the door has answered: that it takes
        a connection is no answer. Raises SilentError at once where the door was given up."""
        tries = self.silent[door]
        if tries >= (IN_A_ROW if door in self.heard else NEVER_HEARD):
            raise SilentError(f"not tried: {door} was silent {tries} times in a row")

        def heard() -> None:
            self.silent[door] = 0
            self.heard.add(door)

        try:
            yield heard
        except SilentError as silence:
            self.silent[door] += not silence.counted
            silence.counted = True
            raise
