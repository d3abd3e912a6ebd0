"""What « Flux » and « Émetteurs » count alike (PAGES section 7): which inputs, which findings."""

from collections import Counter
from datetime import datetime, timedelta

AMONG = 100_000
"""Inputs that one question counts, the newest of its time."""


def span(now: datetime, period: timedelta) -> tuple[datetime, datetime]:
    """From when on, and before when: what came at this instant is in it, what a clock that was
    ahead wrote is not."""
    return now - period, now + timedelta(microseconds=1)


def commonest(found: Counter[str], most: int) -> list[tuple[str, int]]:
    """Finding codes by how many inputs bear them; of those that are as common by the alphabet."""
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))[:most]
