"""Dated words of a patient, kept as facts: in whatever order they arrive, the latest date rules."""

from sqlalchemy import Connection, func, insert, select, update

from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.index import ConsentFact
from gateway.store import schema
from gateway.store.columns import instant, micros, pack
from gateway.store.index.lineage import members, record, root
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, seal

C, P = schema.choice, schema.patient
ON_THE_LINE = {ChoiceKind.NEW_MASKED.value: "masks_new", ChoiceKind.DECEASED.value: "deceased"}
"""Choices that stand on the record's own line too, and in which column."""
FEEDING = (ChoiceKind.FEEDING_OPPOSED.value, ChoiceKind.FEEDING_ALLOWED.value)


def keep(connection: Connection, keyring: Keyring, fact: ConsentFact) -> bool:
    """Adds the fact unless it is there (False); ends what it ends, is ended by what came later.

    Of words with one date, as of one day, the last to come rules: also one that was said before
    and then taken back.
    """
    names = record(connection, fact.patient)
    target, since = keyring.keys.name(b"target", fact.target), micros(fact.since)
    kinds = [fact.kind.value, *(one.value for one in fact.ends)]
    of_these = C.c.patient.in_(names) & C.c.kind.in_(kinds) & (C.c.target_name == target)
    same = select(C.c.kind).where(of_these, C.c.since == since).order_by(C.c.number.desc())
    if connection.scalar(same.limit(1)) == fact.kind.value:
        return False
    is_open = C.c.until.is_(None) | (C.c.until > since)
    before = update(C).where(of_these, C.c.since <= since, is_open)
    connection.execute(before.values(until=since))
    until = connection.scalar(select(func.min(C.c.since)).where(of_these, C.c.since > since))
    _insert(connection, keyring, fact, target, until)
    settle_feeding(connection, fact.patient)
    return True


def _insert(
    connection: Connection, keyring: Keyring, fact: ConsentFact, target: bytes, until: int | None
) -> None:
    cipher = keyring.sealing(connection, [fact.patient])[fact.patient]
    choice = Choice(
        kind=fact.kind,
        target=fact.target,
        since=fact.since,
        until=None if until is None else instant(until),
        by=fact.by,
    )
    values = {
        "patient": fact.patient,
        "kind": fact.kind.value,
        "target_name": target,
        "since": micros(fact.since),
        "until": until,
        "sealed": seal(cipher, pack(choice), bound(b"choice", fact.patient, b"")),
    }
    connection.execute(insert(C).values(**values))


def latest_feeding(connection: Connection, name: bytes) -> str | None:
    """The word of ZFA-9 with the latest date under this name and those that lead to it."""
    query = select(C.c.kind).where(C.c.patient.in_(members(connection, name)))
    query = query.where(C.c.kind.in_(FEEDING)).order_by(C.c.since.desc(), C.c.number.desc())
    return connection.scalar(query.limit(1))


def settle_line(connection: Connection, name: bytes) -> None:
    """The record's own line says what each filing, or each request, asks: whether new documents
    enter masked (VAULT CHO-08), whether the person is dead (DSK-10). A choice of any name that
    leads to the record is the record's."""
    owner = root(connection, name)
    query = select(C.c.kind).where(C.c.patient.in_(members(connection, owner)))
    query = query.where(C.c.kind.in_(list(ON_THE_LINE)), C.c.until.is_(None))
    stand = set(connection.scalars(query))
    values = {column: kind in stand for kind, column in ON_THE_LINE.items()}
    connection.execute(update(P).where(P.c.patient == owner).values(**values))


def settle_feeding(connection: Connection, name: bytes, *, lost: bool = False) -> None:
    """The record's own line takes the latest word of ZFA-9, where there is one.

    `lost`: a name left this record with such a word; where no other is left, nobody is opposed.
    """
    owner = root(connection, name)
    latest = latest_feeding(connection, owner)
    if latest is not None or lost:
        opposed = latest == ChoiceKind.FEEDING_OPPOSED.value
        connection.execute(update(P).where(P.c.patient == owner).values(feeding_opposed=opposed))
