"""The flows that settle a held receipt, as its door reads it: for the desk and the commands."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from gateway.clock import Clock, Ids
from gateway.daemon.rooms.sending.boxes import admit_of
from gateway.flows.again import Again, HandOver
from gateway.flows.identity.decide import Decide
from gateway.flows.identity.propose import TwoPeople
from gateway.flows.identity.qualify import Qualify
from gateway.flows.identity.release import Release
from gateway.flows.receive import Delivery, Receive, read_for
from gateway.flows.replay import ReplayReceipt
from gateway.records.intake.filing import Door, Receipt
from gateway.records.intake.understanding import Format
from gateway.records.patients.account import SenderAccount
from gateway.settings import Settings
from gateway.settings.sections.doors import Mllp
from gateway.store.opening import Store

SenderNamed = Callable[[str], Awaitable[SenderAccount | None]]


class Rooms(Protocol):
    """Who settles: a command, or the house of the daemon."""

    @property
    def settings(self) -> Settings: ...
    @property
    def store(self) -> Store: ...
    @property
    def receive(self) -> Receive: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def ids(self) -> Ids: ...


def again_of(rooms: Rooms) -> Again:
    return again_with(rooms.settings, rooms.store, rooms.receive)


def again_with(settings: Settings, store: Store, receive: Receive) -> Again:
    hand_over = hand_over_of(settings, store.people.sender_named)
    return Again(
        journal=store.journal,
        receive=receive,
        hand_over=hand_over,
        admit=admit_of(settings, store, receive.clock),
    )


def hand_over_of(settings: Settings, sender_named: SenderNamed) -> HandOver:
    """What was kept is read again as its door, its listener and its sender have it today."""

    async def hand_over(kept: Receipt, raw: bytes) -> Delivery:
        account = await sender_named(kept.sender)
        listener = listener_of(settings, kept.sender) if kept.door is Door.MLLP else None
        return Delivery(
            sender=kept.sender,
            organization=account.organization if account else None,
            door=kept.door,
            raw=raw,
            reading=read_for(settings.reading(listener), account),
            depositor=kept.depositor,
            writer=kept.writer,
            box=kept.box,
            declared=Format(kept.format) if kept.format != Format.UNKNOWN else None,
        )

    return hand_over


def listener_of(settings: Settings, sender: str) -> Mllp | None:
    """The listener of this sender alone, else the first that is open to any."""
    own = (one for one in settings.mllp if one.sender == sender)
    common = (one for one in settings.mllp if one.sender is None)
    return next(own, None) or next(common, None)


def qualify_of(rooms: Rooms) -> Qualify:
    store, again = rooms.store, again_of(rooms)
    return Qualify(
        people=store.people,
        names=store.keys,
        again=again,
        release=Release(again),
    )


def replay_of(rooms: Rooms) -> ReplayReceipt:
    store, again = rooms.store, again_of(rooms)
    return ReplayReceipt(
        shelf=store.shelf,
        replays=store.replays,
        again=again,
        release=Release(again),
        clock=rooms.clock,
    )


def decide_of(rooms: Rooms) -> Decide:
    flow = qualify_of(rooms)
    return Decide(names=flow.names, again=flow.again, release=flow.release)


def two_people_of(rooms: Rooms) -> TwoPeople:
    return TwoPeople(
        proposals=rooms.store.proposals,
        qualify=qualify_of(rooms),
        decide=decide_of(rooms),
        clock=rooms.clock,
        ids=rooms.ids,
    )
