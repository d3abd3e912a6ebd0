"""Files a whole group of intakes in one transaction, in waves.

Intakes that share a name (a key, bytes, a document, a set, or a person whose identity changes)
with an earlier one of the group wait for the next wave, so that each sees what the former did. A
document that is replaced is shared by whatever name it is called, and so is a record of which an
identity, a merge or a word of the patient changes what is known.
"""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, select, update

from gateway.flows.filing.acts import traces_of
from gateway.flows.identity.why import not_held
from gateway.ports.documents.journal import Judge
from gateway.records.intake.filing import Answer, Filing, Intake
from gateway.records.intake.finding import Verdict
from gateway.records.patients.patient import DESK
from gateway.store import schema
from gateway.store.columns import micros
from gateway.store.correspondence.rows import NUMBERS as MAIL_NUMBERS
from gateway.store.correspondence.rows import mail_row
from gateway.store.documents.filing.aliases import keep_aliases
from gateway.store.documents.filing.facts import Gathering, answer_of
from gateway.store.documents.filing.names import Names, names_of
from gateway.store.documents.filing.rows import Rows
from gateway.store.documents.shelf.veils import mask_new, veil_successors
from gateway.store.engine.failures import deferred, of_database, report
from gateway.store.engine.statements import take_numbers
from gateway.store.index import merges
from gateway.store.index.identities import change_identity
from gateway.store.index.lineage import hold_ends
from gateway.store.keys.keyring import Keyring
from gateway.store.log.traces import add as add_traces
from gateway.store.work.business_acks import keep_ack

NUMBERS = "item"
D = schema.document
CHANGE_STATUS = (
    update(D)
    .where(D.c.id == bindparam("which"))
    .values(
        status=bindparam("new_status"),
        superseded_by=bindparam("successor"),
        changed_at=bindparam("changed"),
    )
)


class Unit(Struct, frozen=True):
    """One intake of the group; `place` is where its answer goes."""

    place: int
    intake: Intake
    names: Names


class Judged(Struct, frozen=True):
    unit: Unit
    filing: Filing


class Touched:
    """What the units of a wave so far make others wait by: names, and the records of which what is
    known changes, by whatever name they are called."""

    def __init__(self, gathering: Gathering) -> None:
        self.names: set[bytes] = set()
        self._records: set[bytes] = set()
        self._gathering = gathering

    def has(self, unit: Unit) -> bool:
        if not self.names.isdisjoint(unit.names.all()):
            return True
        records = self._records
        return bool(records) and not records.isdisjoint(self._gathering.records(unit.names))

    def put_off(self, unit: Unit) -> None:
        self.names |= unit.names.all()
        self._records |= self._gathering.records(unit.names)

    def change(self, filing: Filing, unit: Unit) -> None:
        """The persons whose line in the index this filing changes."""
        if filing.identities or _touches_index(filing):
            own = {change.key for change in filing.identities}
            self.names |= own | set(unit.names.locals) | set(unit.names.patients)
            self._records |= self._gathering.records(unit.names)


class Filer:
    def __init__(self, keyring: Keyring, judge: Judge) -> None:
        self._keyring = keyring
        self._judge = judge

    def file_group(
        self, connection: Connection, intakes: Sequence[Intake]
    ) -> list[Answer | Exception]:
        """An answer or an exception for each; the caller commits."""
        keys = self._keyring.keys
        units = [Unit(n, intake, names_of(intake, keys)) for n, intake in enumerate(intakes)]
        leading = {name for unit in units for name in unit.names.locals}
        hold_ends(connection, {name for unit in units for name in unit.names.all()}, leading)
        outcomes: dict[int, Answer | Exception] = {}
        while units:
            units = self._wave(connection, units, outcomes)
        return [outcomes[place] for place in range(len(intakes))]

    def _wave(
        self, connection: Connection, units: list[Unit], outcomes: dict[int, Answer | Exception]
    ) -> list[Unit]:
        """Judges and stores what shares no name; gives back what must wait."""
        gathering = Gathering(connection, self._keyring, [unit.names for unit in units])
        touched = Touched(gathering)
        replaced: set[str] = set()
        judged: list[Judged] = []
        aliases: list[tuple[bytes, str]] = []
        later: list[Unit] = []
        for unit in units:
            if touched.has(unit):
                touched.put_off(unit)
                later.append(unit)
                continue
            outcome = self._judged(connection, unit, gathering)
            touched.names |= unit.names.filed()
            outcomes[unit.place] = outcome.answer if isinstance(outcome, Filing) else outcome
            if isinstance(outcome, Filing):
                judged.append(Judged(unit, outcome))
                touched.change(outcome, unit)
                if outcome.changes:
                    replaced |= _replaced(outcome)
                    touched.names |= gathering.called(_replaced(outcome))
                if outcome.answer.copy and (key := gathering.new_key(unit.names)):
                    aliases.append((key, outcome.answer.receipt))
        elsewhere = gathering.changed_since(replaced)
        late = [one.unit for one in judged if not elsewhere.isdisjoint(_replaced(one.filing))]
        places = {unit.place for unit in late}
        self._store(
            connection,
            [one for one in judged if one.filing.store and one.unit.place not in places],
        )
        keep_aliases(connection, aliases)
        return sorted([*later, *late], key=lambda unit: unit.place)

    def _judged(
        self, connection: Connection, unit: Unit, gathering: Gathering
    ) -> Filing | Answer | Exception:
        try:
            if unit.intake.released and (answer := _released_before(connection, self, unit)):
                return answer if unit.intake.act is None else not_held(unit.intake.receipt)
            return self._judge(unit.intake, gathering.facts(unit.intake, unit.names))
        except Exception as error:
            if of_database(error):  # the transaction is lost for every unit of it
                raise
            if (later := deferred(error)) is not None:  # a key that is missing here
                report("store.not_read", error)
                return later
            return error  # a bad unit spoils no neighbour

    def settled_answer(self, connection: Connection, receipt: str) -> Answer | None:
        """The answer of a receipt that is not held any more."""
        t = schema.receipt
        query = select(t.c.id, t.c.patient, t.c.sealed, t.c.verdict).where(t.c.id == receipt)
        row = connection.execute(query).one_or_none()
        if row is None or row.verdict == Verdict.HOLD.value:
            return None
        cipher = self._keyring.opening(connection, [row.patient]).get(row.patient or DESK)
        return answer_of(row, cipher) if cipher else None

    def _store(self, connection: Connection, judged: list[Judged]) -> None:
        if not judged:
            return
        for one in judged:
            for change in one.filing.identities:
                change_identity(connection, self._keyring, change)
            if _touches_index(one.filing):
                merges.apply(connection, self._keyring, one.unit.intake, one.filing)
        ciphers = self._keyring.sealing(connection, _owners(judged))
        rows = Rows(self._keyring.keys, ciphers)
        count = sum(1 + len(one.filing.shelvings) for one in judged)
        number = take_numbers(connection, NUMBERS, count)
        for one in judged:
            intake, filing = one.unit.intake, one.filing
            came = _forget_held(connection, intake.receipt) if intake.released else None
            rows.add(intake, filing, one.unit.names, number, came=came)
            number += 1 + len(filing.shelvings)
            add_traces(connection, intake.at, traces_of(intake, filing))
            if filing.mail is not None:
                mails = take_numbers(connection, MAIL_NUMBERS, 1)
                rows.mails.append(mail_row(filing.mail, mails, ciphers, self._keyring.keys))
            if filing.answered is not None:
                owner = filing.patient
                keep_ack(connection, ciphers[owner or DESK], filing.answered, owner, intake.at)
        rows.insert(connection)
        _change_statuses(connection, judged)
        mask_new(connection, [s.id for one in judged for s in one.filing.shelvings if s.masked])


def _released_before(connection: Connection, filer: Filer, unit: Unit) -> Answer | None:
    return filer.settled_answer(connection, unit.intake.receipt)


def _touches_index(filing: Filing) -> bool:
    return bool(filing.links or filing.merge or filing.consents or filing.traces)


def _replaced(filing: Filing) -> set[str]:
    """Our ids of the documents that this replaces or withdraws, by whatever name it was told so."""
    return {change.id for change in filing.changes}


def _owners(judged: list[Judged]) -> set[bytes | None]:
    owners: set[bytes | None] = set()
    for one in judged:
        owners.add(one.filing.patient)
        owners.update(shelving.patient for shelving in one.filing.shelvings)
        owners.update(task.patient for task in one.filing.tasks)
        if one.filing.mail is not None:
            owners.add(one.filing.mail.patient)
    return owners


def _forget_held(connection: Connection, receipt: str) -> int | None:
    """The rows of a held receipt make place for those of its new judgement; when it came."""
    t = schema.receipt
    number = select(t.c.number).where(t.c.id == receipt).scalar_subquery()
    connection.execute(delete(schema.raw).where(schema.raw.c.number == number))
    connection.execute(delete(schema.waiting).where(schema.waiting.c.receipt == receipt))
    return connection.execute(delete(t).where(t.c.id == receipt).returning(t.c.at)).scalar()


def _change_statuses(connection: Connection, judged: list[Judged]) -> None:
    changes = [change for one in judged for change in one.filing.changes]
    if not changes:
        return
    rows = [
        {"which": c.id, "new_status": c.status.value, "successor": c.by, "changed": micros(c.at)}
        for c in changes
    ]
    connection.execute(CHANGE_STATUS, rows)
    veil_successors(connection, [(change.id, change.by) for change in changes if change.by])
