"""Records whose names changed, settled once: the words of ZFA-9 and the masks that count there."""

from sqlalchemy import Connection

from gateway.store.people.consents import settle_feeding, settle_line


class Settling:
    """Of one filing. Each record is known by the name it ends in, and must be settled before that
    name leads elsewhere."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lost: dict[bytes, bool] = {}
        self._apart: set[bytes] = set()

    def moved(self, name: bytes, left: bytes | None, entered: bytes | None, *, lost: bool) -> None:
        """`name` left one record for another (None: for none); `lost` with a word of ZFA-9."""
        if entered is None:
            self._apart.add(name)
        else:
            self._lost.setdefault(entered, False)
        if left is not None:
            self._lost[left] = self._lost.get(left, False) or lost

    def settle(self, record: bytes) -> None:
        lost = self._lost.pop(record, None)
        if lost is not None:
            settle_feeding(self._connection, record, lost=lost)
        if lost is not None or record in self._apart:
            self._apart.discard(record)
            settle_line(self._connection, record)

    def settle_all(self) -> None:
        for record in [*self._lost, *self._apart]:
            self.settle(record)
