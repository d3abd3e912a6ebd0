"""How a repository reaches the database: two verbs and the keys to its rows."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from gateway.clock import Clock
from gateway.store.keys.keyring import Keyring

T = TypeVar("T")


class Reach(Protocol):
    @property
    def keyring(self) -> Keyring: ...

    @property
    def clock(self) -> Clock: ...

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Joins the commit under way; returns when it is durable."""

    async def read(self, query: Callable[[Connection], T]) -> T: ...
