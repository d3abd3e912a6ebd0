"""From a judged intake to rows: everything sealed, nothing decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Table

from gateway.records.documents.document import Document
from gateway.records.documents.observation import Observation, ResultsInBody
from gateway.records.intake.filing import Filing, Intake, Shelving
from gateway.records.intake.finding import Verdict
from gateway.records.intake.keys import control_id_of
from gateway.records.intake.scorecard import wire_of
from gateway.records.patients.patient import DESK
from gateway.records.task import NewTask
from gateway.records.words import distinct
from gateway.store import schema
from gateway.store.columns import micros, micros_or_none, pack
from gateway.store.correspondence.rows import MAIL
from gateway.store.documents.coded import class_column, organization_column, type_column
from gateway.store.documents.filing.envelope import cut
from gateway.store.documents.filing.names import (
    Names,
    control_name,
    sent_name,
    set_name,
    unique_name,
)
from gateway.store.documents.packed import PackedReceipt, card_bound, card_of
from gateway.store.engine.statements import Row, insert_bodies, insert_many
from gateway.store.keys.gateway_keys import Keys
from gateway.store.keys.sealing import bound, seal

RECEIPT = (
    "number id patient sender door key_name digest_name digest at verdict format size sealed"
    " codes control_name wire"
)
RAW = "number patient keep_until sealed"
DOCUMENT = (
    "number id patient receipt sender status type_code class_code label organization codes"
    " mime_type size results sha256 unique_name set_name deposited_at hidden_from by_patient sealed"
)
CONTENT = "number patient details words results body"
TASK = "kind subject patient sealed created_at due_at attempts lane name"
WAITING = "name receipt"
REVIEW = "number patient confidence"
Ciphers = Mapping[bytes, AESGCM]
WORDS_IN_BODY = b""
"""In place of sealed words: `mapping.results.words_in` reads them in the body."""


@dataclass(slots=True)
class Rows:
    """The rows of a whole group, table by table."""

    keys: Keys
    ciphers: Ciphers
    receipts: list[Row] = field(default_factory=list)
    raws: list[Row] = field(default_factory=list)
    documents: list[Row] = field(default_factory=list)
    contents: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)
    reviews: list[Row] = field(default_factory=list)
    mails: list[Row] = field(default_factory=list)

    def insert(self, connection: Connection) -> None:
        groups: tuple[tuple[Table, str, list[Row]], ...] = (
            (schema.receipt, RECEIPT, self.receipts),
            (schema.document, DOCUMENT, self.documents),
            (schema.task, TASK, self.tasks),
            (schema.waiting, WAITING, self.waiting),
            (schema.label_review, REVIEW, self.reviews),
            (schema.mail, MAIL, self.mails),
        )
        for table, columns, rows in groups:
            insert_many(connection, table, columns, rows)
        insert_bodies(connection, schema.raw, RAW, self.raws)
        insert_bodies(connection, schema.content, CONTENT, self.contents)

    def add(
        self, intake: Intake, filing: Filing, names: Names, number: int, *, came: int | None = None
    ) -> None:
        """`number` is the receipt's; its documents take the numbers that follow. `came` is when
        the bytes did, where they are judged again."""
        numbered = [(number + 1 + n, one) for n, one in enumerate(filing.shelvings)]
        self.receipts.append(self._receipt(intake, filing, names, number, came))
        if not filing.drop_bytes and not body_is_raw(intake, numbered):
            self.raws.append(self._raw(intake, filing, number, numbered))
        for own, shelving in numbered:
            self.documents.append(self._document(intake, shelving, own))
            self.contents.append(self._content(intake, shelving, own))
            if shelving.guessed:
                self.reviews.append((own, shelving.patient, shelving.document.label_confidence))
        at = micros(intake.at)
        self.tasks += [task_row(one, self.ciphers, at, self.keys) for one in filing.tasks]
        self.waiting += [(name, intake.receipt) for name in dict.fromkeys(filing.waits_for)]

    def _receipt(
        self, intake: Intake, filing: Filing, names: Names, number: int, came: int | None
    ) -> Row:
        """A refused receipt takes no name: the sender may mend its input and send it again.

        The same bytes bear the same key where it was read in them, and are named only elsewhere:
        every name is a page of an index to write.
        """
        verdict = filing.answer.verdict
        refused = verdict is Verdict.REFUSE
        return (
            number,
            intake.receipt,
            filing.patient,
            intake.sender,
            str(intake.door),
            None if refused else names.key,
            None if refused or names.digest == names.key else names.digest,
            intake.digest,
            micros(intake.at) if came is None else came,
            str(verdict),
            str(intake.understanding.format),
            len(intake.raw),
            self.sealed_receipt(intake, filing, was_held=came is not None),
            " ".join(dict.fromkeys(one.code for one in filing.answer.findings)),
            control_name(self.keys, control) if (control := control_id_of(intake.key)) else None,
            wire_of(intake.understanding.message),
        )

    def sealed_receipt(self, intake: Intake, filing: Filing, *, was_held: bool) -> bytes:
        owner = filing.patient or DESK
        packed = PackedReceipt(
            answer=filing.answer,
            key=intake.key,
            depositor=intake.depositor,
            submission=intake.understanding.submission,
            writer=intake.writer,
            was_held=was_held,
            box=intake.box if filing.answer.verdict is Verdict.HOLD else None,
        )
        plain = pack(packed)
        return seal(self.ciphers[owner], plain, bound(b"receipt", owner, intake.receipt.encode()))

    def _raw(
        self, intake: Intake, filing: Filing, number: int, numbered: list[tuple[int, Shelving]]
    ) -> Row:
        owner = filing.patient or DESK
        contents = intake.understanding.contents
        pieces = [(own, contents[shelving.index]) for own, shelving in numbered]
        plain = cut(intake.raw, pieces)
        sealed = seal(self.ciphers[owner], plain, bound(b"raw", owner, b"%d" % number))
        return (number, filing.patient, micros_or_none(filing.keep_until), sealed)

    def _document(self, intake: Intake, shelving: Shelving, number: int) -> Row:
        document, owner = shelving.document, shelving.patient
        card = pack(card_of(document, shelving.organization))
        return (
            number,
            shelving.id,
            owner,
            intake.receipt,
            intake.sender,
            str(shelving.status),
            type_column(document.type_code),
            class_column(document.class_code),
            str(document.label),
            organization_column(shelving.organization),
            " ".join(document.confidentiality),
            document.mime_type,
            document.size,
            len(_results(intake, shelving)),
            bytes.fromhex(document.sha256),
            unique_name(self.keys, document.unique_id) if document.unique_id else None,
            set_name(self.keys, document.set_id) if document.set_id else None,
            micros(shelving.deposited_at),
            micros_or_none(shelving.hidden_from),
            shelving.by_patient,
            seal(self.ciphers[owner], card, card_bound(owner, number)),
        )

    def _content(self, intake: Intake, shelving: Shelving, number: int) -> Row:
        owner, document = shelving.patient, shelving.document
        cipher, row = self.ciphers[owner], b"%d" % number
        content = intake.understanding.contents[shelving.index]
        results = _results(intake, shelving)
        apart = results and not isinstance(results, ResultsInBody)
        packed = orjson.dumps(list(map(tuple, results))) if apart else None
        words = WORDS_IN_BODY
        if content.words is not None:
            text = searchable(document, content.words)
            words = seal(cipher, text.encode(), bound(b"words", owner, row))
        return (
            number,
            owner,
            seal(cipher, pack(document), bound(b"details", owner, row)),
            words,
            packed and seal(cipher, packed, bound(b"results", owner, row)),
            seal(cipher, content.body, bound(b"body", owner, row)),
        )


def _results(intake: Intake, shelving: Shelving) -> Sequence[Observation]:
    observations = intake.understanding.observations
    return observations[shelving.index] if shelving.index < len(observations) else ()


def body_is_raw(intake: Intake, numbered: list[tuple[int, Shelving]]) -> bool:
    """The whole input is the body of its only document: no second row is kept of it."""
    contents = intake.understanding.contents
    return len(numbered) == 1 and contents[numbered[0][1].index].body is intake.raw


def searchable(document: Document, narrative: str) -> str:
    """Title, type, authors and narrative, folded, each word once."""
    parts = [document.title, document.type_display]
    for author in document.authors:
        parts += [author.given, author.family, author.organization_name]
    return distinct(" ".join([*(part for part in parts if part), narrative]))


def task_bound(owner: bytes, subject: str) -> bytes:
    """What the payload of a task is bound to."""
    return bound(b"task", owner, subject.encode())


def task_row(task: NewTask, ciphers: Ciphers, created_at: int, keys: Keys) -> Row:
    owner = task.patient or DESK
    sealed = seal(ciphers[owner], task.payload, task_bound(owner, task.subject))
    due = micros(task.due_at)
    name = sent_name(keys, task.name) if task.name else None
    return (
        str(task.kind),
        task.subject,
        task.patient,
        sealed,
        created_at,
        due,
        0,
        task.lane,
        name,
    )
