"""Memory of what short texts of senders meant.

A cache counts its entries, not their size: a sender who writes megabytes into a field would fill
it for good. What is longer than a limit is worked out each time.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")


def remembers_short(
    *, entries: int, characters: int
) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """As `functools.lru_cache`, for a pure function of one text."""

    def decorated(function: Callable[[str], T]) -> Callable[[str], T]:
        remembered = lru_cache(maxsize=entries)(function)

        @wraps(function)
        def asked(text: str) -> T:
            return remembered(text) if len(text) <= characters else function(text)

        return asked

    return decorated
