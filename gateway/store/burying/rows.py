"""Which rows are a person's, table by table. Every table of the schema stands in `GOES` or in
`STAYS`: a test holds that none is forgotten.

What has no index by patient (inputs, tasks, merges) is sought beforehand by a reader, in as long
as it takes; a commit looks only at what came since.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import Column, Connection, func, select

from gateway.records.patients.patient import DESK
from gateway.store import schema
from gateway.store.engine.statements import rows_of, select_in
from gateway.store.index.merges import steps_of
from gateway.store.keys.keyring import Keyring

D, R, T = schema.document, schema.receipt, schema.task
AT_ONCE = 5_000
LATE = 10_000
"""Numbers of a server looked at again: another node may have committed a lower one later."""


@dataclass(slots=True, kw_only=True)
class Found:
    """What a record holds: `names` lead to it, `messages` are its inputs by number, `of_messages`
    their public ids; `documents` and `of_documents` the same of its documents, with their SHA-256.
    """

    names: tuple[bytes, ...]
    messages: dict[int, str] = field(default_factory=dict)
    documents: dict[int, str] = field(default_factory=dict)
    hashes: list[bytes] = field(default_factory=list)
    tasks: set[int] = field(default_factory=set)
    merges: set[str] = field(default_factory=set)
    last_message: int = 0
    last_task: int = 0

    @property
    def of_messages(self) -> Iterable[str]:
        return self.messages.values()

    @property
    def of_documents(self) -> Iterable[str]:
        return self.documents.values()


NAMES, MESSAGES, OF_MESSAGES = "names", "messages", "of_messages"
DOCUMENTS, OF_DOCUMENTS, TASKS, MERGES = "documents", "of_documents", "tasks", "merges"
GOES: tuple[tuple[Column[Any], str], ...] = (
    (schema.content.c.number, DOCUMENTS),
    (schema.label_review.c.number, DOCUMENTS),
    (schema.hide.c.patient, NAMES),
    (schema.hide.c.document, OF_DOCUMENTS),
    (T.c.id, TASKS),
    (T.c.subject, OF_DOCUMENTS),
    (T.c.subject, OF_MESSAGES),
    (schema.raw.c.number, MESSAGES),
    (schema.key_alias.c.receipt, OF_MESSAGES),
    (schema.replay.c.receipt, OF_MESSAGES),
    (schema.receipt_claim.c.receipt, OF_MESSAGES),
    (schema.proposal.c.receipt, OF_MESSAGES),
    (schema.opening.c.receipt, OF_MESSAGES),
    (schema.business_ack.c.receipt, OF_MESSAGES),
    (schema.business_ack.c.original, OF_MESSAGES),
    (R.c.number, MESSAGES),
    (D.c.number, DOCUMENTS),
    (schema.mail.c.patient, NAMES),
    (schema.conversation_note.c.patient, NAMES),
    (schema.entry_state.c.patient, NAMES),
    (schema.entry.c.patient, NAMES),
    (schema.appointment.c.patient, NAMES),
    (schema.reminder.c.patient, NAMES),
    (schema.agenda_feed.c.patient, NAMES),
    (schema.prevention_said.c.patient, NAMES),
    (schema.prevention_look.c.patient, NAMES),
    (schema.choice.c.patient, NAMES),
    (schema.login.c.patient, NAMES),
    (schema.activation.c.patient, NAMES),
    (schema.invitation.c.patient, NAMES),
    (schema.notice_mark.c.patient, NAMES),
    (schema.notice_mark.c.reader, NAMES),
    (schema.service_token.c.patient, NAMES),
    (schema.attestation.c.patient, NAMES),
    (schema.share_reading.c.patient, NAMES),
    (schema.share_link.c.patient, NAMES),
    (schema.launch_token.c.patient, NAMES),
    (schema.service_use.c.patient, NAMES),
    (schema.service_report.c.patient, NAMES),
    (schema.export_piece.c.patient, NAMES),
    (schema.export.c.patient, NAMES),
    (schema.trait_name.c.patient, NAMES),
    (schema.local_name.c.name, NAMES),
    (schema.local_name.c.patient, NAMES),
    (schema.merge.c.id, MERGES),
    (schema.patient.c.patient, NAMES),
    (schema.data_key.c.patient, NAMES),
)
"""The order is that of what is sought by what: documents go before the names that lead to them, and
behind the inputs that they came in."""
AT_FIRST = frozenset(
    {
        *("choice", "login", "activation", "invitation", "service_token", "trait_name"),
        *("attestation", "share_reading", "share_link"),
        *("launch_token", "service_use", "service_report"),
        schema.data_key.name,
    }
)
"""Tables of few rows a person, which go with the key. The others follow (`steps`)."""
CHANGED = {
    "trace": "its leaf stays in the tree; whose it was, of what, and what it said go (`bury`)",
    "session": "those of the person end; a stranger's on the way in ends by itself within hours",
    "own_try": "a professional's own list of a month; of whom a try was goes",
}
STAYS = {
    "waiting": "of inputs that are held for nobody yet, under the desk's key: they are judged anew",
    "code": "a hash of a code, named by a hash, for ten minutes",
    "attempt": "a failed try, named by a hash, for a day",
    "tombstone": "it is what is left",
    "counter": "counts",
    "checkpoint": "heads of the log",
    "log_node": "hashes of the log",
    "grid": "the matrix of access",
    "catalogue_service": "what the public reads of a service",
    "catalogue_proposal": "of the desk, about a service",
    "upkept": "what was done for the house",
    "lane_pause": "destinations",
    "key_check": "versions of the master key",
    "update_lot": "hashes of a number and of what it asked",
    "operator": "of the desk",
    "professional": "who treats",
    "sender": "systems",
}


def seek(
    connection: Connection, keyring: Keyring, names: Iterable[bytes], before: Found | None = None
) -> Found:
    """Everything of these names. Of what takes a walk through a whole table, only what came after
    `before` where that was of the same names."""
    found = Found(names=tuple(names))
    if before is not None and set(before.names) == set(found.names):
        found.messages, found.tasks = dict(before.messages), set(before.tasks)
        found.merges = set(before.merges)
        late = LATE if connection.dialect.name == "postgresql" else 0
        found.last_message = max(before.last_message - late, 0)
        found.last_task = max(before.last_task - late, 0)
    else:
        found.merges = _merges(connection, keyring, set(found.names))
    _walk(connection, found)
    if before is None or not _same_documents(connection, before, found):
        _documents(connection, found)
    return found


def _same_documents(connection: Connection, before: Found, found: Found) -> bool:
    """Whether they are those of `before`, told by an index alone; they are taken over then."""
    if set(before.names) != set(found.names):
        return False
    counted = select(func.count(), func.max(D.c.number)).where(D.c.patient.in_(found.names))
    count, last = connection.execute(counted).one()
    if (count, last) != (len(before.documents), max(before.documents, default=None)):
        return False
    found.documents, found.hashes = dict(before.documents), list(before.hashes)
    return True


def _walk(connection: Connection, found: Found) -> None:
    """Inputs and tasks, which no index knows by their person."""
    last_message = connection.scalar(select(func.max(R.c.number))) or 0
    last_task = connection.scalar(select(func.max(T.c.id))) or 0
    whose = R.c.patient.in_(found.names) & (R.c.number > found.last_message)
    for number, identifier in connection.execute(select(R.c.number, R.c.id).where(whose)):
        found.messages[number] = identifier
    ours = T.c.patient.in_(found.names) & (T.c.id > found.last_task)
    found.tasks |= set(connection.scalars(select(T.c.id).where(ours)))
    found.last_message, found.last_task = last_message, last_task


def _documents(connection: Connection, found: Found) -> None:
    """With the inputs that they came in."""
    query = select(D.c.number, D.c.id, D.c.sha256, D.c.receipt).where(D.c.patient.in_(found.names))
    receipts = set[str]()
    for row in connection.execute(query.order_by(D.c.number)):
        found.documents[row.number] = row.id
        found.hashes.append(row.sha256)
        receipts.add(row.receipt)
    for some in chunks(receipts - set(found.of_messages)):
        rows = select_in(connection, R, "number id patient", "id", some)
        found.messages |= {row.number: row.id for row in rows if _is_ours(row, found)}


def _is_ours(row: Any, found: Found) -> bool:
    return row.patient is None or row.patient in found.names


def _merges(connection: Connection, keyring: Keyring, names: set[bytes]) -> set[str]:
    """Those that a name of these took part in; a damaged row tells nothing."""
    t, found = schema.merge, set[str]()
    cipher = keyring.opening(connection, [DESK]).get(DESK)
    if cipher is None:
        return found
    for row in connection.execute(select(t.c.id, t.c.sealed)):
        try:
            steps = steps_of(row, cipher)
        except InvalidTag:
            continue
        if any(names & {one.name, one.after} for one in steps):
            found.add(row.id)
    return found


def held_for(connection: Connection, names: Iterable[bytes]) -> list[str]:
    """Inputs that wait for one of these names, oldest first."""
    t = schema.waiting
    query = select(t.c.receipt).where(t.c.name.in_(list(names))).distinct()
    return list(connection.scalars(query.order_by(t.c.receipt)))


def chunks(values: Iterable[Any]) -> Iterable[list[Any]]:
    """As many as a statement takes in one go."""
    rest = iter(values)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def take_out(connection: Connection, column: Column[Any], values: Iterable[Any]) -> int:
    """Deletes the rows whose `column` is one of `values`; how many."""
    table, count = column.table, 0
    for some in chunks(values):
        if connection.dialect.name == "sqlite":
            marks, given = f"IN ({', '.join('?' * len(some))})", tuple(some)
        else:
            marks, given = "= ANY(%s)", (some,)
        text = f"DELETE FROM {table} WHERE {column.name} {marks} RETURNING 1"  # noqa: S608 - ours
        count += len(rows_of(connection, text, given))
    return count
