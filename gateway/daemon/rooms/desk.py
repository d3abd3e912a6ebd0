"""The rooms of the desk, made of those that the house has already."""

from dataclasses import dataclass, replace

from gateway.clock import Clock, Ids
from gateway.daemon.rooms.identities import again_of, replay_of, two_people_of
from gateway.flows.catalogue.referencing import CatalogueDesk
from gateway.flows.catalogue.reporting import ReportDesk
from gateway.flows.desk.agent import DeskGate
from gateway.flows.desk.audit import AuditDesk
from gateway.flows.desk.authority import AuthorityDesk
from gateway.flows.desk.checking import CheckLog
from gateway.flows.desk.glance import GlanceDesk
from gateway.flows.desk.health import HealthDesk
from gateway.flows.desk.held import HeldDesk
from gateway.flows.desk.messages.listing import MessageDesk
from gateway.flows.desk.messages.opening import OpeningDesk
from gateway.flows.desk.messages.replaying import ReplayDesk
from gateway.flows.desk.messages.segments import SegmentDesk
from gateway.flows.desk.queues.letters import LetterDesk
from gateway.flows.desk.queues.pauses import PauseDesk
from gateway.flows.desk.queues.waiting import InMemory, QueueDesk
from gateway.flows.desk.senders import Ends, SenderDesk
from gateway.flows.family.recording import RecordAuthority
from gateway.flows.leaving.lookup import SupportDesk
from gateway.flows.leaving.paper import PaperDesk
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
    desk = replace(
        vault.desk,
        grids=store.grids,
        support=SupportDesk(gate=gate, leaving=vault.leaving),
        papers=PaperDesk(gate=gate, leaving=vault.leaving),
        authorities=AuthorityDesk(
            gate=gate,
            leaving=vault.leaving,
            record=RecordAuthority(
                people=store.people, representatives=store.activations, clock=vault.clock
            ),
        ),
        catalogue=CatalogueDesk(
            catalogue=store.catalogue, launches=store.launches, clock=vault.clock, ids=vault.ids
        ),
        reports=ReportDesk(reports=store.reports, clock=vault.clock),
    )
    desk = _with_messages(desk, gate, behind)
    desk = _with_work(desk, behind, at_work)
    return _with_log(desk, gate, behind, seal, at_work.watch)


def _with_messages(desk: DeskRooms, gate: DeskGate, behind: Behind) -> DeskRooms:
    """What came, and what is held of it."""
    store = behind.store
    messages, again = MessageDesk(gate=gate, messages=store.messages), again_of(behind)
    return replace(
        desk,
        held=HeldDesk(
            gate=gate,
            journal=store.journal,
            proposals=store.proposals,
            names=store.keys,
            two=two_people_of(behind),
        ),
        messages=messages,
        replays=ReplayDesk(messages=messages, replay=replay_of(behind)),
        segments=SegmentDesk(messages=messages, again=again),
        openings=OpeningDesk(
            messages=messages,
            again=again,
            openings=store.openings,
            people=store.people,
            names=store.keys,
            clock=behind.clock,
            ids=behind.ids,
        ),
    )


def _with_work(desk: DeskRooms, behind: Behind, at_work: AtWork) -> DeskRooms:
    """What is to leave, what did not arrive, and who sends."""
    settings, store, clock = behind.settings, behind.store, behind.clock
    queues = QueueDesk(queues=store.queues, clock=clock, in_memory=at_work.waiting)
    return replace(
        desk,
        queues=queues,
        pauses=PauseDesk(
            pauses=store.pauses,
            queues=store.queues,
            accounts=store.people,
            clock=clock,
            forwards=(
                *(one.name for one in settings.forward),
                *(one.name for one in settings.dmp.forward),
            ),
            mails=settings.mssante.relay is not None,
        ),
        glance=GlanceDesk(watch=at_work.watch, queues=queues, pauses=store.pauses),
        letters=LetterDesk(letters=store.letters, clock=clock),
        senders=SenderDesk(
            scorecards=store.scorecards,
            accounts=store.people,
            clock=clock,
            ends=at_work.certificates,
        ),
    )


def _with_log(
    desk: DeskRooms, gate: DeskGate, behind: Behind, seal: Seal, watch: Watch
) -> DeskRooms:
    """Who did what, and whether the house is well."""
    store = behind.store
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
        watch=watch,
        upkeep=store.upkeep,
        book=store.log,
        clock=behind.clock,
        checking=CheckLog(gate=gate, whole=audit.whole),
    )
    return replace(desk, audit=audit, health=health)
