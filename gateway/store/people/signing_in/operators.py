"""Those who work at the desk, under the desk's own key: their names are nobody's business."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update

from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK
from gateway.records.readers.operator import Operator
from gateway.store import schema
from gateway.store.columns import pack
from gateway.store.engine.statements import insert_or_change, take_numbers
from gateway.store.keys.sealing import bound, seal
from gateway.store.log import traces
from gateway.store.people.signing_in.house import accounts_of
from gateway.store.reach import Reach

P = schema.operator
NUMBERS = "operator"
BEFORE_FIRST = 100
Told = Callable[[str], NewTrace]
"""Of the number of an operator."""


class DatabaseOperators:
    """The port `Operators`, and what its administration needs."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def keep_operator(self, operator: Operator, *, told: Told | None = None) -> Operator:
        """Adds somebody, or gives a known login a new name, password and roles.

        Who is new gets the next number, whatever `number` says; nobody ever gets another's.
        `told` is what the log says of it, in the same commit.
        """
        name = self._name(operator.login)

        def work(connection: Connection) -> Operator:
            known = connection.scalar(select(P.c.number).where(P.c.name == name))
            kept = replace(operator, number=known or _next_number(connection))
            cipher = self._keyring.sealing(connection, [DESK])[DESK]
            values = {
                "number": kept.number,
                "name": name,
                "disabled": kept.disabled,
                "sealed": seal(cipher, pack(kept), _bound(kept.number)),
            }
            insert_or_change(connection, P, values)
            self._tell(connection, kept.number, told)
            return kept

        return await self._reach.write(work)

    async def operator(self, login: str) -> Operator | None:
        return await self._one(select(P).where(P.c.name == self._name(login)))

    async def operator_numbered(self, number: str) -> Operator | None:
        return await self._one(select(P).where(P.c.number == number))

    async def operators(self) -> list[Operator]:
        """By number."""
        found = await self._operators(select(P))
        return sorted(found, key=lambda one: int(one.number))

    async def disable_operator(self, login: str, *, told: Told) -> bool:
        """False, and nothing is told, when there is no such login. His sessions end with his next
        request."""
        named = update(P).where(P.c.name == self._name(login)).values(disabled=True)

        def work(connection: Connection) -> bool:
            number = connection.scalar(named.returning(P.c.number))
            if number is None:
                return False
            self._tell(connection, number, told)
            return True

        return await self._reach.write(work)

    def _tell(self, connection: Connection, number: str, told: Told | None) -> None:
        if told is not None:
            traces.add(connection, self._reach.clock.now(), [told(number)])

    def _name(self, login: str) -> bytes:
        return self._keyring.keys.name(b"operator", login.strip().casefold())

    async def _one(self, query: Select[Any]) -> Operator | None:
        return next(iter(await self._operators(query)), None)

    async def _operators(self, query: Select[Any]) -> list[Operator]:
        def work(connection: Connection) -> list[Operator]:
            found = accounts_of(connection, self._keyring, query, Operator, _of_operator)
            return [replace(account, disabled=bool(row.disabled)) for row, account in found]

        return await self._reach.read(work)


def _of_operator(row: Row[Any]) -> bytes:
    return _bound(row.number)


def _next_number(connection: Connection) -> str:
    return str(BEFORE_FIRST + take_numbers(connection, NUMBERS, 1))


def _bound(number: str) -> bytes:
    return bound(b"operator", DESK, number.encode())
