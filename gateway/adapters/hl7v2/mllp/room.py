"""The memory of a listener: what its connections hold of messages that are not answered yet.

Once that is `max_bytes`, no more is read but of one connection, which has the turn until its frame
is whole; then of the next one with an open frame. So a message larger than what is left, or than
all of it, still comes in, and never two of them. Connections without an open frame wait for room:
what they sent is in work, and an answer frees it.
"""

from typing import Protocol


class Guest(Protocol):
    """A connection, as the room knows it."""

    @property
    def is_in_a_frame(self) -> bool: ...

    def look_again(self) -> None:
        """There may be room now, or it has the turn."""


class Room:
    def __init__(self, *, max_bytes: int) -> None:
        self._max = max_bytes
        self._held: dict[Guest, int] = {}
        self._bytes = 0
        self._outside: dict[Guest, None] = {}
        self._turn: Guest | None = None
        self._since = 0.0

    @property
    def bytes(self) -> int:
        return self._bytes

    def hold(self, guest: Guest, count: int) -> None:
        """What this connection holds now, in bytes."""
        before, was_full = self._held.get(guest, 0), self._is_full
        if count == before:
            return
        self._bytes += count - before
        if count:
            self._held[guest] = count
        else:
            del self._held[guest]
        if was_full and not self._is_full:
            self._turn = None
            self._call(list(self._outside))

    def may_read(self, guest: Guest, now: float) -> bool:
        """Asked by who is ready to read; who may not is told later, in the order of asking."""
        if self._is_full and not self._has_turn(guest, now):
            if not self._outside:
                self._since = now
            self._outside.setdefault(guest)
            return False
        self._outside.pop(guest, None)
        return True

    def pass_on(self, guest: Guest) -> None:
        """Its frame is whole: another one has the turn."""
        if self._turn is guest:
            self._turn = None
            self._call([one for one in self._outside if one.is_in_a_frame][:1])

    def leave(self, guest: Guest) -> None:
        """Nothing more is read of it; what it has in work it holds until that is answered."""
        self._outside.pop(guest, None)
        self.pass_on(guest)

    def is_kept_from_others(self, guest: Guest, *, since: float) -> bool:
        """Has it the turn since then, while others waited for it all the time?"""
        return self._turn is guest and bool(self._outside) and self._since <= since

    @property
    def _is_full(self) -> bool:
        return self._bytes >= self._max

    def _has_turn(self, guest: Guest, now: float) -> bool:
        if self._turn is None and guest.is_in_a_frame:
            self._turn, self._since = guest, now
        return self._turn is guest

    def _call(self, guests: list[Guest]) -> None:
        for one in guests:
            one.look_again()
