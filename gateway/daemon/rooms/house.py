"""The house: every room built once, handed to those who need it, opened and closed in order.

Open: settings, keys, database, flows, doors, bells. Close: the other way round.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial

import structlog

from gateway.access.grid import Grid, read_grid, shipped_bytes
from gateway.adapters.certificates import CertificateEnds
from gateway.adapters.hl7v2.hl7_exchange import Hl7Exchange
from gateway.adapters.hl7v2.known_senders import KnownSenders
from gateway.adapters.hl7v2.validator import StrictValidator
from gateway.adapters.monitoring.metrics import PrometheusMetrics
from gateway.adapters.understanding.elsewhere import Elsewhere, helpers_for
from gateway.clock import Ids, SystemClock
from gateway.daemon.alone import alone
from gateway.daemon.doors import listeners_of
from gateway.daemon.rooms.desk import AtWork, furnished
from gateway.daemon.rooms.identities import again_with
from gateway.daemon.rooms.judged import judged_store, seal_clear_words
from gateway.daemon.rooms.pages import pages_of, sign_in_of
from gateway.daemon.rooms.patients.agenda import agenda_of
from gateway.daemon.rooms.patients.exporting import exporting_of
from gateway.daemon.rooms.patients.messages import messages_of
from gateway.daemon.rooms.patients.own import own_of
from gateway.daemon.rooms.professionals.psc import psc_of, with_psc
from gateway.daemon.rooms.sending.boxes import PatientBoxes, boxes_of
from gateway.daemon.rooms.threads import threads
from gateway.daemon.rooms.work import Work, build_work
from gateway.daemon.watch import Watch
from gateway.flows.identity.release import Release
from gateway.flows.log.prove import ProveJournal
from gateway.flows.log.seal import Seal
from gateway.flows.reading.read import ReadShelf
from gateway.flows.receive import Receive
from gateway.mssante.outbox import FileOutbox
from gateway.settings import Settings
from gateway.store.log.log_key import load_log_key
from gateway.store.log.witness import FileWitness
from gateway.store.opening import Store
from gateway.vault.document.drawing import Drawer
from gateway.vault.rooms import SignedLog, VaultRooms
from gateway.vault.signing_in.passwords import Argon2Hasher

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything a door or a chore may be handed."""

    settings: Settings
    clock: SystemClock
    ids: Ids
    metrics: PrometheusMetrics
    store: Store
    elsewhere: Elsewhere
    receive: Receive
    read: ReadShelf
    exchange: Hl7Exchange
    work: Work
    release: Release
    seal: Seal
    hasher: Argon2Hasher
    watch: Watch
    certificates: CertificateEnds
    vault: VaultRooms
    boxes: PatientBoxes


async def grid_of(settings: Settings, store: Store, clock: SystemClock) -> Grid:
    """The grid of the settings' file, else the one we ship; a change of it is in the log, and
    the file is kept, so that old decisions stay explained."""
    file = settings.access.grid
    content = file.read_bytes() if file is not None else shipped_bytes()
    grid = read_grid(content)
    before = await store.grids.keep(grid.digest, content, clock.now())
    if before is not None:
        log.info("grid.changed", grid=grid.digest[:16], before=before[:16])
    return grid


async def build_house(
    stack: AsyncExitStack, settings: Settings, clock: SystemClock, ids: Ids
) -> House:
    """Opens the database and joins the flows; `stack` closes what was opened. Raises
    BlockingIOError where another daemon runs on the same SQLite file."""
    stack.enter_context(alone(settings.store.url))
    metrics = PrometheusMetrics()
    key = load_log_key(settings.store.keys)
    await asyncio.to_thread(seal_clear_words, settings)
    store = judged_store(settings, clock=clock, ids=ids, metrics=metrics)
    stack.push_async_callback(store.close)
    elsewhere = _elsewhere(stack, settings, store)
    receive = _receive(stack, store, elsewhere, clock, ids, metrics)
    read = ReadShelf(
        shelf=store.shelf,
        people=store.people,
        traces=store.traces,
        clock=clock,
        grid=await grid_of(settings, store, clock),
        switches=settings.access.switches,
        centre15=frozenset(settings.access.centre15),
    )
    seal = Seal(store.log, FileWitness(settings.audit.checkpoints), key, clock)
    outbox = FileOutbox(settings.outbox, clock=clock, ids=ids)
    hasher, drawer = Argon2Hasher(threads(stack, "passwords")), Drawer()
    stack.callback(drawer.close)
    release = Release(again_with(settings, store, receive))
    exporting = exporting_of(store, read, ids, domain=settings.mssante.patient_domain)
    own = own_of(stack, settings, store, read, receive)
    sign_in = sign_in_of(settings, store, receive, outbox, hasher)
    vault = replace(
        pages_of(settings, store, read, receive, sign_in, hasher, own),
        messages=messages_of(settings, store, read, ids),
        agenda=agenda_of(store, read, ids),
        drawer=drawer,
        previews=threads(stack, "previews"),
        log=_signed_log(store, read, seal),
        exporting=exporting,
    )
    watch = Watch(store, clock)
    ends = CertificateEnds()
    waiting = partial(waiting_in, store, elsewhere)
    at_work = AtWork(watch=watch, waiting=waiting, certificates=ends)
    desk = furnished(vault, settings, store, receive, seal, at_work)
    if desk is not None and desk.health is not None:
        stack.push_async_callback(desk.health.checking.close)
    vault = replace(vault, desk=desk)
    return House(
        settings=settings,
        clock=clock,
        ids=ids,
        metrics=metrics,
        store=store,
        elsewhere=elsewhere,
        receive=receive,
        read=read,
        exchange=Hl7Exchange(receive, KnownSenders(store.people, clock), listeners_of(settings)),
        work=build_work(stack, settings, store, read, release, outbox, exporting),
        release=release,
        seal=seal,
        hasher=hasher,
        watch=watch,
        certificates=ends,
        boxes=boxes_of(settings, store, read),
        vault=with_psc(vault, psc_of(stack, settings.psc, vault.sign_in, store.people)),
    )


def waiting_in(store: Store, elsewhere: Elsewhere) -> dict[str, int]:
    """What waits in this process, by the names of `gateway_queue_depth`."""
    return {"writer": store.database.waiting, "helpers": elsewhere.waiting}


def _elsewhere(stack: AsyncExitStack, settings: Settings, store: Store) -> Elsewhere:
    wanted = settings.understanding.helpers
    most = helpers_for() if wanted is None else wanted
    elsewhere = Elsewhere(lambda: store.database.waiting, most=most)
    stack.push_async_callback(elsewhere.close)
    return elsewhere


def _receive(
    stack: AsyncExitStack,
    store: Store,
    elsewhere: Elsewhere,
    clock: SystemClock,
    ids: Ids,
    metrics: PrometheusMetrics,
) -> Receive:
    validator = StrictValidator()
    stack.callback(validator.close)
    return Receive(store.journal, clock, ids, elsewhere, metrics, validator)


def _signed_log(store: Store, read: ReadShelf, seal: Seal) -> SignedLog:
    prove = ProveJournal(read=read, traces=store.traces, book=store.log, seal=seal)
    return SignedLog(prove=prove, seal=seal, book=store.log)
