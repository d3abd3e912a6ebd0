"""What professionals tried at `/pro`, each for himself."""

from typing import Protocol

from gateway.records.readers.own_try import OwnTry


class OwnTries(Protocol):
    async def note(self, professional: str, one: OwnTry) -> None:
        """Keeps one try of this person (by id); older ones than a month are forgotten."""

    async def of(self, professional: str, *, limit: int) -> list[OwnTry]:
        """This person's own, newest first."""
