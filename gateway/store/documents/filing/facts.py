"""What the store knows when an intake is judged, gathered for a whole group at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, select

from gateway.records.documents.document import Label
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Answer, Continued, Earlier, Facts, Intake, Known
from gateway.records.patients.account import Person
from gateway.records.patients.patient import DESK, PatientIdentity, PatientKey
from gateway.store import schema
from gateway.store.columns import instant, instant_or_none
from gateway.store.correspondence.threads import conversation_of, hidden_in
from gateway.store.documents.filing.aliases import find_aliases
from gateway.store.documents.filing.names import MailNames, Names
from gateway.store.documents.packed import packed_card, packed_receipt
from gateway.store.engine.statements import select_in, select_last
from gateway.store.index.kept_traits import traits_kept
from gateway.store.index.lineage import roots
from gateway.store.index.persons import find_persons
from gateway.store.keys.keyring import Keyring
from gateway.store.work.business_acks import find_sent

D = schema.document
RECEIPT = "id patient sealed digest key_name digest_name"
DOCUMENT = (
    "number id patient receipt sender status type_code label organization codes sha256"
    " unique_name set_name deposited_at hidden_from announced_at superseded_by archived_at sealed"
    " by_patient"
)
CURRENT = f"status = '{DocumentStatus.CURRENT.value}'"
"""Of an order with a thousand versions one is asked for, and of a unique id the last: each that is
filed under it supersedes the one before, so what is in force bears the highest number."""
AnyRow = Any  # a row; its columns are named in the query beside it


class Gathering:
    """Four questions for any number of intakes, then the facts of each out of memory."""

    def __init__(self, connection: Connection, keyring: Keyring, names: Sequence[Names]) -> None:
        self._connection = connection
        self._keyring = keyring
        self._receipts = self._find_receipts(names)
        self._ends = self._find_ends(names)
        patients = {patient for one in names for patient in one.patients}
        self._persons = self._find_persons(patients | set(self._ends.values()))
        self._documents = self._find_documents(names)

    def facts(self, intake: Intake, names: Names) -> Facts:
        persons = self._persons
        found = {n: self._ends[n] for n in names.locals if n in self._ends}
        return Facts(
            earlier=None if intake.released else self._earlier(intake, names),
            persons={p: persons[p] for p in names.patients if p in persons},
            documents=self._by_unique(names),
            sets=self._by_set(names),
            locals={name: persons[p] for name, p in found.items() if p in persons},
            ends={n: persons[p].key if p in persons else p for n, p in found.items()},
            sent=find_sent(self._connection, self._keyring, names.sent) if names.sent else (),
            kept=self._kept(names) if names.teaches else {},
            continued=self._continued(names.mail) if names.mail else None,
        )

    def _continued(self, mail: MailNames) -> Continued | None:
        found = conversation_of(self._connection, mail.box, mail.answers, mail.other)
        if found is None:
            return None
        under = hidden_in(self._connection, self._keyring, mail.box, found)
        return Continued(found, under)

    def changed_since(self, documents: set[str]) -> set[str]:
        """Those that another node has replaced or withdrawn since they were read here; nobody does
        so with the others until this transaction ends."""
        if not documents or self._connection.dialect.name != "postgresql":
            return set()
        read = {known.id: known.status.value for _, known in self._documents}
        query = select(D.c.id, D.c.status).where(D.c.id.in_(documents)).order_by(D.c.id)
        now = self._connection.execute(query.with_for_update()).all()
        return {row.id for row in now if row.status != read.get(row.id)}

    def _kept(self, names: Names) -> dict[bytes, tuple[PatientIdentity, ...]]:
        """Traits in the documents of local identifiers that lead to nobody yet."""
        ends = {self._ends.get(name, name) for name in names.locals} - self._persons.keys()
        found = {one: traits_kept(self._connection, self._keyring, one) for one in ends}
        return {one: traits for one, traits in found.items() if traits}

    def _find_receipts(self, names: Sequence[Names]) -> dict[bytes, AnyRow]:
        keys = {one.key for one in names if one.key}
        digests = {one.digest for one in names if one.digest != one.key}
        found: dict[bytes, AnyRow] = {}
        for column, wanted in (("digest_name", digests), ("key_name", keys)):
            rows = select_in(self._connection, schema.receipt, RECEIPT, column, wanted)
            found.update((getattr(row, column), row) for row in rows)
        chosen = {one.key for one in names if one.key and one.key != one.digest}
        return found | find_aliases(self._connection, RECEIPT, chosen - found.keys())

    def records(self, names: Names) -> set[bytes]:
        """All that its patients and local identifiers are called, and the records where they lead:
        who changes one is read first, by whatever name of it."""
        ends = {self._ends[name] for name in names.locals if name in self._ends}
        people = self._persons.keys() & (ends | set(names.patients))
        known = {self._persons[one].key for one in people}
        return {*names.locals, *names.patients, *ends, *known}

    def new_key(self, names: Names) -> bytes | None:
        """The key that software chose, where no receipt bears it yet."""
        is_new = names.key != names.digest and names.key not in self._receipts
        return names.key if is_new else None

    def _find_ends(self, names: Sequence[Names]) -> dict[bytes, PatientKey]:
        """Where each local identifier leads; one that leads nowhere is absent."""
        wanted = {name for one in names for name in one.locals}
        if not wanted:
            return {}
        found = roots(self._connection, wanted)
        return {name: end for name, end in found.items() if end != name}

    def _find_persons(self, patients: set[PatientKey]) -> dict[PatientKey, Person]:
        if not patients:
            return {}
        return find_persons(self._connection, self._keyring, patients, own_traits=True)

    def _find_documents(self, names: Sequence[Names]) -> list[tuple[AnyRow, Known]]:
        uniques = {name for one in names for name in one.uniques}
        sets = {name for one in names for name in one.sets}
        rows: dict[int, AnyRow] = {}
        ids = {one for name in names for one in name.ids}
        connection, t = self._connection, schema.document
        for found in (
            select_last(connection, t, DOCUMENT, "unique_name", uniques),
            select_in(connection, t, DOCUMENT, "set_name", sets, only=CURRENT),
            select_in(connection, t, DOCUMENT, "id", ids),
        ):
            rows.update((row.number, row) for row in found)
        if not rows:
            return []
        owners = {row.patient for row in rows.values()}
        ciphers = self._keyring.opening(self._connection, owners)
        records = roots(self._connection, owners)
        return [
            (rows[number], _known(rows[number], ciphers[rows[number].patient], records))
            for number in sorted(rows)
            if rows[number].patient in ciphers
        ]

    def called(self, ids: set[str]) -> set[bytes]:
        """All names of these documents: who names one of them otherwise means it too."""
        rows = [row for row, _ in self._documents if row.id in ids]
        names = {name for row in rows for name in (row.unique_name, row.set_name) if name}
        return names | {row.id.encode() for row in rows}

    def _earlier(self, intake: Intake, names: Names) -> Earlier | None:
        """The key comes first: the same key with other bytes is what must be refused."""
        row = self._receipts.get(names.key) if names.key else None
        row = row or self._receipts.get(names.digest)
        if row is None:
            return None
        ciphers = self._keyring.opening(self._connection, [row.patient])
        cipher = ciphers.get(row.patient or DESK)
        if cipher is None:
            return None
        same = row.digest == intake.digest
        return Earlier(answer=answer_of(row, cipher), same_bytes=same)

    def _by_unique(self, names: Names) -> dict[str, Known]:
        """The current document bearing the id, else its latest."""
        found = {known.id: known for _, known in self._documents if known.id in names.ids}
        for row, known in self._documents:
            text = names.uniques.get(row.unique_name) if row.unique_name else None
            if text and (text not in found or found[text].status is not DocumentStatus.CURRENT):
                found[text] = known
        return found

    def _by_set(self, names: Names) -> dict[str, Known]:
        return {
            names.sets[row.set_name]: known
            for row, known in self._documents
            if row.set_name in names.sets and known.status is DocumentStatus.CURRENT
        }


def answer_of(row: AnyRow, cipher: AESGCM) -> Answer:
    return packed_receipt(row, cipher).answer


def _known(row: AnyRow, cipher: AESGCM, records: Mapping[bytes, PatientKey]) -> Known:
    card = packed_card(row, cipher)
    return Known(
        id=row.id,
        patient=records[row.patient],
        receipt=row.receipt,
        unique_id=card.unique_id,
        set_id=card.set_id,
        version=card.version,
        status=DocumentStatus(row.status),
        sha256=row.sha256,
        label=Label(row.label),
        type_code=row.type_code or card.type_code,
        sender=row.sender,
        organization=row.organization or card.organization,
        author_ids=card.author_ids,
        codes=tuple(row.codes.split()),
        hidden_from=instant_or_none(row.hidden_from),
        announced_at=instant_or_none(row.announced_at),
        superseded_by=row.superseded_by,
        deposited_at=instant(row.deposited_at),
        archived=row.archived_at is not None,
        by_patient=bool(row.by_patient),
    )
