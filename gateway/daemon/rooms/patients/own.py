"""What a patient's own documents need: who prepares them, who files them, who keeps the bin."""

from contextlib import AsyncExitStack

from gateway.daemon.rooms.threads import threads
from gateway.flows.depositing.bin import Bin
from gateway.flows.depositing.by_patient import DepositOwn
from gateway.flows.depositing.directives import OneOfDirectives
from gateway.flows.reading.read import ReadShelf
from gateway.flows.receive import Receive
from gateway.settings import Settings
from gateway.store import Store
from gateway.vault.document.drawing import Drawer
from gateway.vault.document.preparing import LIMIT_SECONDS, Preparing


def own_of(
    stack: AsyncExitStack, settings: Settings, store: Store, read: ReadShelf, receive: Receive
) -> DepositOwn:
    drawer, most = Drawer(limit_seconds=LIMIT_SECONDS), settings.policy.own_file_bytes
    stack.callback(drawer.close)
    return DepositOwn(
        asking=read,
        receive=receive,
        reading=settings.reading(),
        made_ready=Preparing(drawer=drawer, threads=threads(stack, "own-files"), max_bytes=most),
        max_bytes=most,
        directives=_directives_of(store),
    )


def bin_of(store: Store, read: ReadShelf) -> Bin:
    return Bin(asking=read, bins=store.bins, directives=_directives_of(store))


def _directives_of(store: Store) -> OneOfDirectives:
    return OneOfDirectives(shelf=store.shelf, entries=store.entries)
