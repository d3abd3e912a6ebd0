"""A person of whom every table holds something, beside another of whom nothing may be lost."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from papers import Person, results
from sqlalchemy import Connection, Table, insert, select, update
from store_house import NOW, session
from ward_house import ALIX, LOU, Ward, a40, numbered

from gateway.audit.note import SigningKey
from gateway.flows.erasing.bury import Erase
from gateway.flows.log.verify_log import Verified, VerifyLog
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, Login, NewTrace
from gateway.records.patients.activation import Activation
from gateway.records.patients.erasure import Cause, Erasure
from gateway.records.patients.patient import PatientKey
from gateway.store import Store, schema

KEY = SigningKey.made_of(bytes(range(32)))
ASKED = NOW - timedelta(days=30)
Rows = dict[str, list[tuple[Any, ...]]]
SEALED = b"\x00" * 40


def draft(number: int = 1) -> Erasure:
    return Erasure(id=f"{number:032x}", at=NOW, cause=Cause.ASKED, since=ASKED)


def erase_of(ward: Ward) -> Erase:
    store = ward.store
    return Erase(
        people=store.people,
        activations=store.activations,
        erasures=store.erasures,
        clock=ward.clock,
        ids=store.database.keyring.ids,
    )


@dataclass(frozen=True, slots=True)
class Traces:
    """All by which a row may be known as hers: names, documents, inputs; as bytes and as text."""

    names: tuple[bytes, ...]
    texts: tuple[str, ...]

    def are_in(self, row: tuple[Any, ...]) -> bool:
        return any(self._is_in(one) for one in row)

    def _is_in(self, value: Any) -> bool:
        if isinstance(value, bytes):
            return any(name in value for name in self.names)
        text = value if isinstance(value, str) else ""
        return any(one in text for one in self.texts)


def dump(connection: Connection) -> Rows:
    return {
        name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for name, table in schema.metadata.tables.items()
    }


async def dumped(store: Store) -> Rows:
    return await store.database.read(dump)


async def close(store: Store, key: PatientKey, *, asked: bool = True) -> None:
    """As the owner of the space did it."""
    values: Mapping[str, Any] = {
        "state": AccountState.CLOSED.value,
        "closed_at": int(ASKED.timestamp() * 1_000_000),
        "deletion_asked_at": int(ASKED.timestamp() * 1_000_000) if asked else None,
    }
    t = schema.patient
    closed = update(t).where(t.c.patient == key).values(**values)
    await store.database.write(lambda connection: connection.execute(closed).rowcount)


async def furnish(ward: Ward) -> PatientKey:
    """Alix, with local numbers, a merge and documents under several names; Lou likewise."""
    for who, number in ((ALIX, "1"), (LOU, "2")):
        key = await ward.open(who)
        assert (await ward.send(results(who, f"R{number}", local=f"700{number}"))).documents
        await ward.send(a40(who, f"M{number}", f"800{number}", local=f"700{number}"))
        assert (await ward.send(numbered(who, f"N{number}", f"800{number}"))).documents
        await _accounts(ward.store, key, number)
    alix, lou = ward.key(ALIX), ward.key(LOU)
    tie = Choice(kind=ChoiceKind.CAREGIVER, target=alix.hex(), since=ASKED, giver=lou.hex())
    await ward.store.people.choose(lou, tie)
    return alix


async def _accounts(store: Store, key: PatientKey, number: str) -> None:
    await store.people.add_login(
        Login(patient=key, login=f"zebulon{number}", password_hash="h", email="a@exemple.test")
    )
    await store.people.choose(key, Choice(kind=ChoiceKind.BLOCK, target="8", since=ASKED))
    code = Activation(
        patient=key, salt=b"s", digest=b"d", serial="60123456", made_at=NOW, expires_at=NOW
    )
    await store.activations.hand_over(code, act=trace(key))
    await store.sessions.open(session(id_hash=number.encode() * 32, subject=key.hex()))
    await store.database.write(lambda connection: _rare(connection, key, number))


def trace(key: PatientKey) -> NewTrace:
    return NewTrace(
        patient=key,
        action="list",
        permitted=True,
        rule="P11",
        kind="professional",
        actor="8",
        actor_name="Dr Essai",
    )


def _rare(connection: Connection, key: PatientKey, number: str) -> None:
    """What no filing leaves behind: rows as their repositories write them, sealed with nothing."""
    d = schema.document
    mine = connection.execute(select(d.c.number, d.c.id, d.c.receipt).where(d.c.patient == key))
    own, document, receipt = mine.first() or (0, "", "")
    rows: list[tuple[Table, dict[str, Any]]] = [
        (
            schema.hide,
            {"patient": key, "document": document, "target_name": b"t", "since": 1, "until": 2},
        ),
        (schema.key_alias, {"name": f"k{number}".encode(), "receipt": receipt}),
        (schema.replay, {"receipt": receipt, "at": 1, "patient": key}),
        (schema.receipt_claim, {"receipt": receipt, "until": 1}),
        (schema.proposal, {"id": f"p{number}", "receipt": receipt, "at": 1}),
        (schema.opening, {"id": f"o{number}", "receipt": receipt, "at": 1}),
        (schema.business_ack, {"receipt": f"b{number}", "original": receipt, "at": 1}),
        (
            schema.mail,
            {
                "number": int(number),
                "id": f"m{number}",
                "patient": key,
                "conversation": "c",
                "at": 1,
            },
        ),
        (schema.conversation_note, {"conversation": f"c{number}", "patient": key}),
        (
            schema.entry,
            {
                "number": int(number),
                "id": f"y{number}",
                "patient": key,
                "kind": "condition",
                "state": "active",
                "version": 2,
                "added_at": 1,
                "written_at": 2,
            },
        ),
        (
            schema.entry_state,
            {
                "entry": f"y{number}",
                "version": 1,
                "patient": key,
                "state": "active",
                "written_at": 1,
            },
        ),
        (
            schema.appointment,
            {
                "id": f"a{number}",
                "patient": key,
                "starts_at": 1,
                "version": 1,
                "made_at": 1,
                "changed_at": 1,
            },
        ),
        (schema.reminder, {"id": f"r{number}", "patient": key, "made_at": 1}),
        (
            schema.agenda_feed,
            {"id": f"f{number}", "name": f"f{number}".encode(), "patient": key, "made_at": 1},
        ),
        (
            schema.prevention_said,
            {"name": f"p{number}".encode(), "patient": key, "said_at": 1},
        ),
        (schema.prevention_look, {"patient": key, "looked_at": 1, "due_at": 1}),
        (schema.notice_mark, {"patient": key, "reader": key, "number": int(number)}),
        (schema.service_token, {"token_hash": f"s{number}".encode(), "patient": key}),
        (
            schema.launch_token,
            {
                "token_hash": f"l{number}".encode(),
                "patient": key,
                "name": b"n",
                "ends_at": 1,
            },
        ),
        (
            schema.service_use,
            {"patient": key, "name": b"n", "last_at": 1, "told_at": 1},
        ),
        (schema.service_report, {"id": f"w{number}", "patient": key, "made_at": 1}),
        (schema.invitation, {"patient": key, "due_at": 1}),
        (schema.label_review, {"number": own, "patient": key, "confidence": "low"}),
        (
            schema.export,
            {
                "id": f"e{number}",
                "patient": key,
                "state": "ready",
                "asked_at": 1,
                "ends_at": 2,
                "downloads": 0,
            },
        ),
        (
            schema.export_piece,
            {"export": f"e{number}", "file": 1, "number": 0, "patient": key},
        ),
        (
            schema.attestation,
            {
                "id": f"a{number}",
                "patient": key,
                "code_hash": f"c{number}".encode(),
                "made_at": 1,
            },
        ),
        (
            schema.share_link,
            {
                "id": f"k{number}",
                "name": f"k{number}".encode(),
                "patient": key,
                "document": document,
                "made_at": 1,
                "until": 2,
                "readings": 0,
            },
        ),
        (
            schema.share_reading,
            {"name": f"r{number}".encode(), "link": f"k{number}", "patient": key, "until": 2},
        ),
        (
            schema.own_try,
            {"professional_name": b"p", "patient": key, "act": "list", "permitted": True, "at": 1},
        ),
        (
            schema.task,
            {
                "kind": "mail",
                "subject": document,
                "created_at": 1,
                "due_at": 1,
                "attempts": 0,
                "patient": key,
            },
        ),
    ]
    for table, values in rows:
        sealed = {"sealed": SEALED} if "sealed" in table.c else {}
        connection.execute(insert(table).values(**values, **sealed))


async def held(ward: Ward, who: Person, control: str) -> str:
    """A message that contradicts the identity of this person, and waits."""
    other = replace(who, family="Autrement")
    answer = await ward.send(results(other, control))
    assert answer.verdict is Verdict.HOLD, answer
    return answer.receipt


def traces_of(connection: Connection, names: tuple[bytes, ...]) -> Traces:
    d, r = schema.document, schema.receipt
    documents = connection.execute(select(d.c.id, d.c.receipt).where(d.c.patient.in_(names))).all()
    texts = {one for row in documents for one in row}
    texts |= set(connection.scalars(select(r.c.id).where(r.c.patient.in_(names))))
    texts |= {name.hex() for name in names}
    return Traces(names, tuple(texts))


async def verified(ward: Ward) -> Verified:
    return await VerifyLog(ward.store.log_reader, ward.store.log, KEY.verifier)()
