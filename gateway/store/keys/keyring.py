"""Data keys: one a patient, wrapped in the database, unwrapped in a bounded cache.

A key that is damaged, or that is missing while rows stand under it, is nobody's to make anew: what
was sealed with it may be read again once it is brought back. That record alone waits.

A key made in a transaction is cached only once that transaction is committed: a row sealed
with a key that was rolled back could never be read again. What is cached is forgotten when a
person was erased since, by whatever process (`destroyed`).
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from sqlalchemy import Connection

from gateway.clock import Ids
from gateway.records.patients.patient import DESK
from gateway.store import schema
from gateway.store.engine.statements import insert_or_leave, select_in
from gateway.store.keys.destroyed import being_buried, destroyed, share
from gateway.store.keys.gateway_keys import Keys
from gateway.store.keys.key_files import KEY_BYTES, KeyFileError
from gateway.store.keys.lost import keyless, told_lost
from gateway.store.keys.masters.in_force import held_in_force, in_force, prove
from gateway.store.keys.masters.master import version_of
from gateway.store.keys.opened import MOST_CARDS, KeptCard, Opened
from gateway.store.keys.opened_results import MOST_CHARACTERS, KeptResults, characters

DEFAULT_CACHED_KEYS = 20_000
FRESH = "fresh data keys"
SEEN = "erasures seen"
"""How many there were when this transaction first asked for a key."""
BURYING = -1
"""Of a transaction that erases: it asks the table for every key."""


class Keyring:
    def __init__(self, keys: Keys, ids: Ids, *, cached_keys: int = DEFAULT_CACHED_KEYS) -> None:
        self.keys = keys
        self.ids = ids
        self._cached_keys = cached_keys
        self._cache: OrderedDict[bytes, AESGCM] = OrderedDict()
        self._proved: set[int] = set()
        self._erasures = 0
        self._lock = threading.Lock()
        self.opened: Opened[KeptCard] = Opened(most=MOST_CARDS)
        self.results: Opened[KeptResults] = Opened(most=MOST_CHARACTERS, weight=characters)

    def begin(self, connection: Connection) -> None:
        """At the beginning of a transaction that writes beside others: until its end nobody is
        erased, so that no row is sealed with a key that is destroyed."""
        self._saw(connection, share(connection))

    def bury(self, connection: Connection, names: Iterable[bytes]) -> None:
        """From now on no row of this transaction is sealed with the keys of these names."""
        fresh: dict[bytes, AESGCM] = connection.info.get(FRESH, {})
        for name in names:
            fresh.pop(name, None)
        connection.info[SEEN] = BURYING

    def opening(
        self, connection: Connection, patients: Iterable[bytes | None]
    ) -> dict[bytes, AESGCM]:
        """The ciphers of those whose key still exists; None asks for the desk's. Raises
        LostKeyError for one that is damaged."""
        wanted = {patient or DESK for patient in patients}
        found, missing = self._known(connection, wanted)
        if missing:
            found.update(self._fetch(connection, missing))
        return found

    def sound(
        self, connection: Connection, patients: Iterable[bytes | None]
    ) -> tuple[dict[bytes, AESGCM], set[bytes]]:
        """As `opening`, where one damaged key must not stop the others; and whose are damaged."""
        damaged: set[bytes] = set()
        found, missing = self._known(connection, {patient or DESK for patient in patients})
        if missing:
            found.update(self._fetch(connection, missing, damaged))
        return found, damaged

    def sealing(
        self, connection: Connection, patients: Iterable[bytes | None]
    ) -> dict[bytes, AESGCM]:
        """The ciphers of all of them; keys are made for those who have none. What is said of a
        person whose rows are being buried is sealed with chance that nobody keeps: it goes with
        them, and no new key stands over the old rows."""
        wanted = {patient or DESK for patient in patients}
        found = self.opening(connection, wanted)
        if new := wanted - found.keys():
            gone = new & being_buried(connection)
            self._make(connection, new - gone)
            found.update(self._fetch(connection, new - gone))
            found.update({one: AESGCM(self.ids.octets(KEY_BYTES)) for one in gone})
        return found

    def _make(self, connection: Connection, patients: set[bytes]) -> None:
        if not patients:
            return
        for lost in keyless(connection, patients):
            raise told_lost(lost, "missing")
        version = held_in_force(connection)
        self._prove(connection, version)
        for patient in sorted(patients):
            wrapped = self.keys.wrap(self.ids.octets(KEY_BYTES), version)
            insert_or_leave(connection, schema.data_key, {"patient": patient, "wrapped": wrapped})

    def _unwrapped(self, connection: Connection, wrapped: bytes) -> bytes:
        """Raises InvalidUnwrap for a value that is damaged, KeyFileError where a version of the
        master key is missing here, or another gateway's."""
        version = version_of(wrapped)
        try:
            self._prove(connection, version)
            return self.keys.unwrap(wrapped)
        except KeyFileError:
            if version > in_force(connection):  # no version that ever was
                raise InvalidUnwrap from None
            raise

    def _prove(self, connection: Connection, version: int) -> None:
        """Once for each version that came while this process runs: on another machine somebody may
        have made another key of that number."""
        if version not in self._proved:
            prove(connection, self.keys, version)
            self._proved.add(version)

    def committed(self, connection: Connection) -> None:
        fresh, seen = connection.info.pop(FRESH, {}), connection.info.pop(SEEN, None)
        for patient, cipher in fresh.items():
            self._keep(patient, cipher, seen)

    def rolled_back(self, connection: Connection) -> None:
        """Of a savepoint too: who erases goes on asking the table."""
        connection.info.pop(FRESH, None)
        if connection.info.get(SEEN) != BURYING:
            connection.info.pop(SEEN, None)

    def seen(self, connection: Connection) -> int:
        """How many were erased before this transaction, for what is kept as long as the keys."""
        return self._look(connection)

    def _look(self, connection: Connection) -> int:
        """Asked once a transaction. What is cached is forgotten where somebody was erased since."""
        seen: int | None = connection.info.get(SEEN)
        return self._saw(connection, destroyed(connection)) if seen is None else seen

    def _saw(self, connection: Connection, count: int) -> int:
        connection.info[SEEN] = count
        with self._lock:
            if count > self._erasures:
                self._cache.clear()
                self._erasures = count
                self.opened.forget(count)
                self.results.forget(count)
        return count

    def _known(
        self, connection: Connection, wanted: set[bytes]
    ) -> tuple[dict[bytes, AESGCM], set[bytes]]:
        found: dict[bytes, AESGCM] = {}
        fresh: dict[bytes, AESGCM] = connection.info.get(FRESH, {})
        seen = self._look(connection)
        with self._lock:
            for patient in wanted if seen == self._erasures else ():
                cipher = self._cache.get(patient)
                if cipher is not None:
                    self._cache.move_to_end(patient)
                    found[patient] = cipher
        for patient in wanted & fresh.keys():
            found[patient] = fresh[patient]
        return found, wanted - found.keys()

    def _fetch(
        self, connection: Connection, patients: set[bytes], damaged: set[bytes] | None = None
    ) -> dict[bytes, AESGCM]:
        """A key that does not unwrap is a LostKeyError, or one of `damaged` where given."""
        found: dict[bytes, AESGCM] = {}
        rows = select_in(connection, schema.data_key, "patient wrapped", "patient", patients)
        for patient, wrapped in rows:
            try:
                found[patient] = AESGCM(self._unwrapped(connection, wrapped))
            except InvalidUnwrap:
                lost = told_lost(patient, "damaged")
                if damaged is None:
                    raise lost from None
                damaged.add(patient)
        connection.info.setdefault(FRESH, {}).update(found)
        return found

    def _keep(self, patient: bytes, cipher: AESGCM, seen: int | None) -> None:
        with self._lock:
            if seen != self._erasures:
                return
            self._cache[patient] = cipher
            self._cache.move_to_end(patient)
            while len(self._cache) > self._cached_keys:
                self._cache.popitem(last=False)
