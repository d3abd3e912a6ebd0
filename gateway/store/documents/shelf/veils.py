"""What a patient hides of his documents: masks on their own rows, hides from one reader apart.

A version that replaced a document meanwhile is hidden with it: a choice is of what the patient
saw, and a sender's new version must not take it off.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Executable,
    Text,
    bindparam,
    case,
    func,
    insert,
    null,
    select,
    update,
)

from gateway.records.documents.mask import Mask
from gateway.records.readers.access import Hide
from gateway.store import schema
from gateway.store.columns import instant, instant_or_none, micros, micros_or_none, pack, unpack
from gateway.store.documents.shelf.versions import replaced_by
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, seal, unseal

D, H = schema.document, schema.hide
MASKED, NORMAL = "MASQUE_PS", ("N",)
NEXT_VERSION = func.coalesce(D.c.metadata_version, 1) + 1
"""Of XDS: who read the codes before must read them again, and not bring the old ones back."""
HIDDEN = (H.c.document, H.c.patient, H.c.since, H.c.until, H.c.sealed)


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenFrom:
    """The part of a hide that names somebody: `by` is who chose it."""

    to: str
    id: str
    by: str = ""


def put_masks(connection: Connection, masks: Mapping[str, Mask | None], at: datetime) -> None:
    """None takes the patient's mask off, and the sender's MASQUE_PS with it (RULES D5)."""
    statement = (
        update(D)
        .where(D.c.id == bindparam("which"))
        .values(
            masked_at=bindparam("since"),
            masked_until=bindparam("end"),
            unmasked_at=func.coalesce(bindparam("off", type_=BigInteger), D.c.unmasked_at),
            metadata_version=NEXT_VERSION,
        )
    )
    wanted, met = dict(masks), set(masks)
    while wanted:
        connection.execute(statement, [_masked(one, mask, at) for one, mask in wanted.items()])
        # Asked after their rows were changed, so that a filing that replaces one at this moment
        # comes before (and is seen) or after (and sees).
        newer = replaced_by(connection, wanted)
        wanted = {by: wanted[one] for one, by in newer.items() if by not in met}
        met.update(wanted)


def _masked(document: str, mask: Mask | None, at: datetime) -> dict[str, object]:
    return {
        "which": document,
        "since": None if mask is None else micros(mask.since),
        "end": None if mask is None else micros_or_none(mask.until),
        "off": micros(at) if mask is None else None,
    }


def put_hides(
    connection: Connection, keyring: Keyring, documents: Sequence[str], hide: Hide, *, by: str
) -> None:
    """An open hide of the same document from the same reader ends at the new one's start; one
    whose period is empty only ends."""
    assert hide.since is not None  # noqa: S101 - a fact of the store has its date
    name, since = target_name(keyring, hide), micros(hide.since)
    owners = _owners(connection, documents)
    is_open = H.c.until.is_(None) | (H.c.until > since)
    same = H.c.document.in_(list(owners)) & (H.c.target_name == name) & is_open
    connection.execute(update(H).where(same).values(until=since))
    if hide.until is not None and hide.until <= hide.since:
        return
    ciphers = keyring.sealing(connection, set(owners.values()))
    plain = pack(HiddenFrom(to=hide.to, id=hide.id, by=by))
    rows = [
        {
            "patient": owner,
            "document": document,
            "target_name": name,
            "since": since,
            "until": micros_or_none(hide.until),
            "sealed": seal(ciphers[owner], plain, _bound(owner)),
        }
        for document, owner in owners.items()
    ]
    if rows:
        connection.execute(insert(H), rows)


def _owners(connection: Connection, documents: Sequence[str]) -> dict[str, bytes]:
    """Under which name each document is kept, and whatever replaced it; their rows are held."""
    query = select(D.c.id, D.c.patient, D.c.superseded_by).with_for_update()
    found: dict[str, bytes] = {}
    wanted = set(documents)
    while wanted:
        rows = connection.execute(query.where(D.c.id.in_(sorted(wanted)))).all()
        found.update((row.id, row.patient) for row in rows)
        wanted = {row.superseded_by for row in rows if row.superseded_by} - found.keys()
    return found


def target_name(keyring: Keyring, hide: Hide) -> bytes:
    return keyring.keys.name(b"hide", f"{hide.to}|{hide.id}")


def codes_of(codes: str, unmasked_at: int | None, now: datetime) -> tuple[str, ...]:
    """Unmasking by the patient takes the sender's MASQUE_PS off too (RULES D5)."""
    found = NORMAL if codes == "N" else tuple(codes.split())
    if unmasked_at is None or MASKED not in found or unmasked_at > micros(now):
        return found
    return tuple(code for code in found if code != MASKED)


def hides_of(
    connection: Connection, keyring: Keyring, names: Iterable[bytes], now: datetime
) -> dict[str, tuple[Hide, ...]]:
    """By document, those in force or yet to come."""
    lasts = H.c.until.is_(None) | (H.c.until > micros(now))
    rows = connection.execute(select(*HIDDEN).where(H.c.patient.in_(list(names)), lasts)).all()
    return _by_document(connection, keyring, rows)


def hides_of_documents(
    connection: Connection, keyring: Keyring, documents: Sequence[str], now: datetime
) -> dict[str, tuple[Hide, ...]]:
    """The same, whosever they are."""
    lasts = H.c.until.is_(None) | (H.c.until > micros(now))
    rows = connection.execute(select(*HIDDEN).where(H.c.document.in_(documents), lasts)).all()
    return _by_document(connection, keyring, rows)


def _by_document(
    connection: Connection, keyring: Keyring, rows: Sequence[Any]
) -> dict[str, tuple[Hide, ...]]:
    if not rows:
        return {}
    ciphers = keyring.opening(connection, {row.patient for row in rows})
    found: dict[str, tuple[Hide, ...]] = {}
    for row in rows:
        if row.patient not in ciphers:
            continue
        who = unpack(HiddenFrom, unseal(ciphers[row.patient], row.sealed, _bound(row.patient)))
        since, until = instant(row.since), instant_or_none(row.until)
        hide = Hide(to=who.to, id=who.id, since=since, until=until)
        found[row.document] = (*found.get(row.document, ()), hide)
    return found


def _bound(patient: bytes) -> bytes:
    return bound(b"hide", patient, b"")


def veil_successors(connection: Connection, successors: Sequence[tuple[str, str]]) -> None:
    """What a patient chose of a document goes on to the version that follows: own label, mask and
    hides; and the announcement, while the new version waits for the same one (ACCESS section 1).

    A MASQUE_PS of the sender that was taken off is not taken off the new version: its sender says
    it anew.
    """
    if not successors:
        return
    pairs = [{"older": older, "newer": newer} for older, newer in successors]
    for statement in _taking_over():
        connection.execute(statement, pairs)


@cache
def _taking_over() -> tuple[Executable, Executable]:
    """From `older` to `newer`: the columns of the document, and the rows of hides. Made once: that
    costs more than it takes to carry them out."""
    before = D.alias()
    own = before.c.id == bindparam("older")
    values = {
        name: select(before.c[name]).where(own).scalar_subquery()
        for name in ("own_label", "masked_at", "masked_until")
    }
    announced = select(before.c.announced_at).where(own).scalar_subquery()
    waits = case((D.c.hidden_from.is_not(None), announced), else_=null())
    columns = update(D).where(D.c.id == bindparam("newer")).values(**values, announced_at=waits)
    copied = (H.c.patient, H.c.target_name, H.c.since, H.c.until, H.c.sealed)
    rows = select(bindparam("newer", type_=Text), *copied)
    rows = rows.where(H.c.document == bindparam("older"))
    names = ["document", *(column.name for column in copied)]
    return columns, insert(H).from_select(names, rows)


def mask_new(connection: Connection, documents: Sequence[str]) -> None:
    """Masked from their deposit on, without end, unless an earlier mask went on to them."""
    if not documents:
        return
    since = case((D.c.masked_at.is_(None), D.c.deposited_at), else_=D.c.masked_at)
    statement = update(D).where(D.c.id.in_(list(documents)))
    connection.execute(statement.values(masked_at=since, masked_until=None))
