"""The rooms of the desk, made of those that the house has already."""

from dataclasses import dataclass, replace

from gateway.clock import Clock, Ids
from gateway.daemon.identities import again_of, replay_of, two_people_of
from gateway.flows.desk.agent import DeskGate
from gateway.flows.desk.audit import AuditDesk
from gateway.flows.desk.checking import CheckLog
from gateway.flows.desk.health import HealthDesk
from gateway.flows.desk.held import HeldDesk
from gateway.flows.desk.letters import LetterDesk
from gateway.flows.desk.messages import MessageDesk
from gateway.flows.desk.pauses import PauseDesk
from gateway.flows.desk.queues import InMemory, QueueDesk
from gateway.flows.desk.replaying import ReplayDesk
from gateway.flows.desk.segments import SegmentDesk
from gateway.flows.desk.senders import Ends, SenderDesk
from gateway.flows.log.seal import Seal
from gateway.flows.receive import Receive
from gateway.ports.health import Watch
from gateway.settings import Settings
from gateway.store.opening import Store
from gateway.vault.rooms import DeskRooms, VaultRooms


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What settles identities, for a page as for a command (`identities.Rooms`)."""

    settings: Settings
    store: Store
    receive: Receive
    clock: Clock
    ids: Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """How the house itself is: `waiting` counts what waits in this process, `certificates` are
    those that it saw."""

    watch: Watch
    waiting: InMemory
    certificates: Ends


def furnished(
    vault: VaultRooms,
    settings: Settings,
    store: Store,
    receive: Receive,
    seal: Seal,
    at_work: AtWork,
) -> DeskRooms | None:
    """The desk of this vault with everything that its roles find there."""
    if vault.desk is None:
        return None
    behind = Behind(
        settings=settings, store=store, receive=receive, clock=vault.clock, ids=vault.ids
    )
    gate = DeskGate(
        traces=store.traces,
        clock=vault.clock,
        grid=vault.read.grid,
        switches=vault.read.switches,
    )
    held = HeldDesk(
        gate=gate,
        journal=store.journal,
        proposals=store.proposals,
        names=store.keys,
        two=two_people_of(behind),
    )
    audit = AuditDesk(
        gate=gate,
        traces=store.traces,
        book=store.log,
        reading=store.log_reader,
        witness=seal.witness,
        seal=seal,
        deeds=store.upkeep,
    )
    health = HealthDesk(
        watch=at_work.watch,
        upkeep=store.upkeep,
        book=store.log,
        clock=vault.clock,
        checking=CheckLog(gate=gate, whole=audit.whole),
    )
    messages = MessageDesk(gate=gate, messages=store.messages)
    return replace(
        vault.desk,
        held=held,
        messages=messages,
        replays=ReplayDesk(messages=messages, replay=replay_of(behind)),
        segments=SegmentDesk(messages=messages, again=again_of(behind)),
        audit=audit,
        grids=store.grids,
        queues=QueueDesk(queues=store.queues, clock=vault.clock, in_memory=at_work.waiting),
        pauses=PauseDesk(
            pauses=store.pauses,
            queues=store.queues,
            accounts=store.people,
            clock=vault.clock,
            forwards=tuple(one.name for one in settings.forward),
            mails=settings.mssante.relay is not None,
        ),
        letters=LetterDesk(letters=store.letters, clock=vault.clock),
        senders=SenderDesk(
            scorecards=store.scorecards,
            accounts=store.people,
            clock=vault.clock,
            ends=at_work.certificates,
        ),
        health=health,
    )
