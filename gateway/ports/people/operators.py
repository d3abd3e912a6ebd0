"""Who may come to the desk."""

from typing import Protocol

from gateway.records.readers.operator import Operator


class Operators(Protocol):
    async def operator(self, login: str) -> Operator | None:
        """By what he types, whatever the case; one who is disabled too."""

    async def operator_numbered(self, number: str) -> Operator | None: ...
