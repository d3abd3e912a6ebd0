"""Who knocks: systems that send, and professionals who sign in."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update

from gateway.records.patients.account import NewTrace, Professional, SenderAccount
from gateway.records.patients.patient import DESK
from gateway.store import schema
from gateway.store.columns import pack
from gateway.store.engine.statements import insert_or_change
from gateway.store.keys.sealing import bound, seal
from gateway.store.log import traces
from gateway.store.people.people import PatientIndex
from gateway.store.people.signing_in.house import accounts_of

F, S = schema.professional, schema.sender
NO_MAIL = b""
NAMES_AT_ONCE = 500


class DatabasePeople(PatientIndex):
    """The port `People`, and what its administration needs."""

    async def add_sender(self, account: SenderAccount, *, act: NewTrace | None = None) -> None:
        """Adds a sender, or gives it new credentials and settings; `act` in the same commit."""

        def work(connection: Connection) -> None:
            cipher = self._keyring.sealing(connection, [DESK])[DESK]
            values = {
                "name": account.name,
                "token_hash": account.token_hash,
                "certificate": account.certificate,
                "disabled": account.disabled,
                "sealed": seal(cipher, pack(account), _sender_bound(account.name)),
            }
            insert_or_change(connection, S, values)
            self._keep_act(connection, act)

        await self._reach.write(work)

    async def senders(self) -> list[SenderAccount]:
        return await self._senders(select(S).order_by(S.c.name))

    async def disable_sender(self, name: str, *, act: NewTrace) -> bool:
        """False, and no trace, when there is no such sender."""
        statement = update(S).where(S.c.name == name).values(disabled=True)

        def work(connection: Connection) -> bool:
            if connection.execute(statement).rowcount != 1:
                return False
            self._keep_act(connection, act)
            return True

        return await self._reach.write(work)

    def _keep_act(self, connection: Connection, act: NewTrace | None) -> None:
        if act is not None:
            traces.add(connection, self._reach.clock.now(), [act])

    async def sender(self, token_hash: bytes) -> SenderAccount | None:
        return await self._one_sender(select(S).where(S.c.token_hash == token_hash))

    async def sender_by_certificate(self, fingerprint: str) -> SenderAccount | None:
        return await self._one_sender(select(S).where(S.c.certificate == fingerprint))

    async def sender_named(self, name: str) -> SenderAccount | None:
        return await self._one_sender(select(S).where(S.c.name == name))

    async def add_professional(
        self, professional: Professional, *, act: NewTrace | None = None
    ) -> None:
        name = self._keyring.keys.name(b"professional", professional.id)
        mail = self._mail_name(professional.mail) if professional.mail else NO_MAIL

        def work(connection: Connection) -> None:
            cipher = self._keyring.sealing(connection, [DESK])[DESK]
            values = {
                "name": name,
                "token_hash": professional.token_hash,
                "sealed": seal(cipher, pack(professional), _professional_bound(name)),
                "mail_name": mail,
            }
            insert_or_change(connection, F, values)
            self._keep_act(connection, act)

        await self._reach.write(work)

    async def professional(self, token_hash: bytes) -> Professional | None:
        found = await self._professionals(select(F).where(F.c.token_hash == token_hash).limit(1))
        return found[0] if found else None

    async def professional_by_id(self, identifier: str) -> Professional | None:
        name = self._keyring.keys.name(b"professional", identifier)
        found = await self._professionals(select(F).where(F.c.name == name))
        return found[0] if found else None

    async def professionals(self) -> list[Professional]:
        """By name."""
        found = await self._professionals(select(F))
        return sorted(found, key=lambda one: (one.name, one.id))

    async def professionals_at(self, addresses: Collection[str]) -> list[Professional]:
        wanted = {one.lower() for one in addresses if one}
        names = [self._mail_name(one) for one in sorted(wanted)]
        found = []
        for first in range(0, len(names), NAMES_AT_ONCE):
            some = F.c.mail_name.in_(names[first : first + NAMES_AT_ONCE])
            found += await self._professionals(select(F).where(some))
        if names:
            found += await self._professionals(select(F).where(F.c.mail_name.is_(None)))
        return [one for one in found if one.mail and one.mail.lower() in wanted]

    def _mail_name(self, address: str) -> bytes:
        return self._keyring.keys.name(b"professional mail", address.lower())

    async def _one_sender(self, query: Select[Any]) -> SenderAccount | None:
        found = await self._senders(query.limit(1))
        return found[0] if found else None

    async def _senders(self, query: Select[Any]) -> list[SenderAccount]:
        def work(connection: Connection) -> list[SenderAccount]:
            found = accounts_of(connection, self._keyring, query, SenderAccount, _of_sender)
            return [replace(account, disabled=bool(row.disabled)) for row, account in found]

        return await self._reach.read(work)

    async def _professionals(self, query: Select[Any]) -> list[Professional]:
        def work(connection: Connection) -> list[Professional]:
            found = accounts_of(connection, self._keyring, query, Professional, _of_professional)
            return [account for _, account in found]

        return await self._reach.read(work)


def _of_sender(row: Row[Any]) -> bytes:
    return _sender_bound(row.name)


def _of_professional(row: Row[Any]) -> bytes:
    return _professional_bound(row.name)


def _professional_bound(name: bytes) -> bytes:
    return bound(b"professional", DESK, name)


def _sender_bound(name: str) -> bytes:
    return bound(b"sender", DESK, name.encode())
