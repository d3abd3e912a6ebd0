"""What the bells ring for: due tasks, expiry, depths for the metrics, signed heads of the log."""

from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial

import structlog

from gateway.daemon.rooms.catalogue import service_upkeep_of
from gateway.daemon.rooms.house import House, waiting_in
from gateway.daemon.rooms.patients.agenda import tell_prevention_of
from gateway.daemon.rooms.patients.erasing import clocks_erasures, unfinished_erasures
from gateway.flows.depositing.bin import empty
from gateway.flows.desk.messages.opening import WAITS
from gateway.flows.exporting.take import end_exports
from gateway.flows.family.coming_of_age import ComingOfAge
from gateway.flows.inviting.end import EndWindows
from gateway.flows.log.seal import BrokenLogError
from gateway.flows.sending.deliver import Deliver
from gateway.records.health import Check
from gateway.schedule import Bells

log = structlog.get_logger()
EXPIRY_SECONDS = 3_600.0
MAJORITY_SECONDS = 20.0
"""After midnight of Paris, or a start; a look for the day alone costs nothing."""
WINDOWS_SECONDS = 2.0
"""The same of windows that end at midnight: deposits are taken from then on."""
SERVICES_SECONDS = 900.0
"""Of what is due by days (VAULT APP-07)."""
PREVENTION_SECONDS = 300.0
"""Of what opens by days and is told by day (VAULT AGE-07)."""
ERASURE_SECONDS = 900.0
"""Of a turn that lasts a week; also how soon each machine keeps apart what another one erased."""
BURIAL_SECONDS = 30.0
"""How soon the rows follow that a process which died left of an erasure."""
KEYS_SECONDS = 300.0
NAMED_KEYS = 5
DEPTH_SECONDS = 5.0
BATCHES_A_RING = 5
BINS_A_STEP = 100
STEPS_A_RING = 100
"""Of a thousand tasks each: more than two million a day are looked at."""


def hang_chores(bells: Bells, house: House) -> None:
    """Every chore of the house; what each does is its flow's business."""

    async def due(deliver: Deliver) -> None:
        """A few batches a ring, so that deposits never wait behind notices."""
        for _ in range(BATCHES_A_RING):
            if not await deliver():
                return

    async def lanes() -> None:
        """Starts those that are due; each moves at the pace of its own receiver."""
        await house.work.lanes()

    coming_of_age = ComingOfAge(
        majorities=house.store.majorities, people=house.store.people, clock=house.clock
    )

    windows = EndWindows(
        invitations=house.store.invitations,
        clock=house.clock,
        policy=house.settings.opening_policy(),
    )

    async def depths() -> None:
        house.watch.look()
        await tell_depths(house)

    async def checkpoint() -> None:
        await sign_head(house)

    bells.every(house.settings.tasks.every_seconds, "due-tasks", partial(due, house.work.deliver))
    bells.every(house.settings.tasks.every_seconds, "mails", partial(due, house.work.mails))
    bells.every(
        house.settings.tasks.every_seconds, "invitations", partial(due, house.work.invitations)
    )
    bells.every(house.settings.tasks.every_seconds, "lanes", lanes)
    bells.every(house.settings.tasks.every_seconds, "exports", house.work.exports)
    bells.every(EXPIRY_SECONDS, "expiry", partial(expiry, house))
    bells.every(MAJORITY_SECONDS, "majority", coming_of_age)
    bells.every(WINDOWS_SECONDS, "windows", windows)
    bells.every(SERVICES_SECONDS, "services", service_upkeep_of(house.store, house.clock))
    telling = tell_prevention_of(house.store, house.read, house.clock)
    bells.every(PREVENTION_SECONDS, "prevention", telling)
    bells.every(ERASURE_SECONDS, "erasure", partial(clocks_erasures, house))
    bells.every(BURIAL_SECONDS, "burial", partial(unfinished_erasures, house))
    bells.every(KEYS_SECONDS, "keys", partial(look_for_keys, house))
    bells.every(DEPTH_SECONDS, "depths", depths)
    bells.every(house.settings.audit.checkpoint_seconds, "checkpoint", checkpoint)


async def keep_signing(stack: AsyncExitStack, bells: Bells, house: House) -> None:
    """A head is signed at the start, at each ring, and once the doors are closed."""
    await sign_head(house)
    stack.push_async_callback(sign_head, house)
    stack.push_async_callback(bells.stop)


async def expiry(house: House) -> None:
    """All that has an end (docs/operators/kept.md)."""
    now = house.clock.now()
    await house.store.journal.drop_expired(now)
    await house.store.sessions.drop_expired(now)
    await house.store.openings.drop_ended(now, asked_before=now - WAITS)
    await house.store.own_tries.drop_expired(now)
    await house.store.launches.drop_expired(now)
    await empty_bins(house)
    await house.store.catalogue.drop_ended(by=now - _days(house.settings.tasks.keep_days))
    await house.store.proposals.drop_ended(by=now - _days(house.settings.tasks.keep_days))
    await end_exports(house.work.exports.make.room)
    await forget_tasks(house)


async def empty_bins(house: House) -> None:
    """What patients threw away, some of it a ring (VAULT DOC-08)."""
    for _ in range(STEPS_A_RING):
        if await empty(house.store.bins, house.clock.now(), limit=BINS_A_STEP) < BINS_A_STEP:
            return


async def forget_tasks(house: House) -> None:
    """What is over and was kept long enough, some steps a ring."""
    now, kept = house.clock.now(), house.settings.tasks
    settled_by, sent_by = now - _days(kept.keep_days), now - _days(kept.keep_sent_days)
    for _ in range(STEPS_A_RING):
        if not await house.store.ended_tasks.drop(settled_by=settled_by, sent_by=sent_by):
            return


def _days(count: int) -> timedelta:
    return timedelta(days=count)


async def tell_depths(house: House) -> None:
    for name, waiting in waiting_in(house.store, house.elsewhere).items():
        house.metrics.queue_depth(name, waiting)
    depth = await house.store.tasks.depth()
    house.metrics.task_depths({kind.value: count for kind, count in depth.items()})
    house.metrics.lanes_paused(len(await house.store.pauses.paused()))


async def look_for_keys(house: House) -> None:
    """A record without its key is told by its name, in the log and at the desk."""
    found = await house.store.erasures.keyless(limit=NAMED_KEYS + 1)
    for name in found[:NAMED_KEYS]:
        log.error("key.lost", name=name.hex(), reason="missing")
    more = ", …" if len(found) > NAMED_KEYS else ""
    named = ", ".join(one.hex() for one in found[:NAMED_KEYS])
    house.watch.note(Check.KEYS, is_well=not found, reason=named + more)


async def sign_head(house: House) -> None:
    """A log that is not what was signed is told, each time anew, and not signed."""
    try:
        sealed = await house.seal()
    except BrokenLogError as error:
        house.metrics.log_broken()
        house.watch.note(Check.LOG, is_well=False, reason=str(error))
        log.error("log.broken", reason=str(error))  # noqa: TRY400 - the reason says it all
        return
    house.watch.note(Check.LOG, is_well=True)
    house.metrics.log_sealed(sealed.size if sealed else 0)
