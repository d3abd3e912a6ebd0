"""The room in which copies of records are asked for, made and taken."""

from gateway.clock import Ids
from gateway.flows.corresponding.sight import Look
from gateway.flows.exporting.room import Exporting
from gateway.flows.reading.read import ReadShelf
from gateway.store.engine.database import Database
from gateway.store.opening import Store


def exporting_of(store: Store, read: ReadShelf, ids: Ids, *, domain: str) -> Exporting:
    """`domain` is that of the patients' boxes."""
    return Exporting(
        read=read,
        look=Look(asking=read, correspondence=store.correspondence),
        journal=store.journal,
        domain=domain,
        ties=store.people,
        exports=store.exports,
        entries=store.entries,
        agendas=store.agendas,
        preventions=store.preventions,
        ids=ids,
        has_room=lambda needed: has_room(store.database, needed),
    )


def has_room(database: Database, needed: int) -> bool:
    """So many bytes, and the reserve is whole behind them; a server watches its own disk."""
    disk = database.disk
    return disk is None or disk.free - needed >= disk.reserve
