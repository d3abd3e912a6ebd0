"""The flows that settle a held receipt, as its door reads it: for the desk and the commands."""

from typing import Protocol

from gateway.clock import Clock, Ids
from gateway.flows.again import Again
from gateway.flows.identity.decide import Decide
from gateway.flows.identity.propose import TwoPeople
from gateway.flows.identity.qualify import Qualify
from gateway.flows.identity.release import Release
from gateway.flows.receive import Receive
from gateway.records.filing import Door, Receipt
from gateway.records.reading import Reading
from gateway.settings import Settings
from gateway.store.opening import Store


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


def reading_of(settings: Settings, receipt: Receipt) -> Reading:
    """How the door of this receipt reads its sender."""
    doors = (one for one in settings.mllp if one.sender == receipt.sender)
    return settings.reading(next(doors, None) if receipt.door is Door.MLLP else None)


def again_of(rooms: Rooms) -> Again:
    store = rooms.store
    return Again(journal=store.journal, people=store.people, receive=rooms.receive)


def qualify_of(rooms: Rooms, receipt: Receipt) -> Qualify:
    store, reading = rooms.store, reading_of(rooms.settings, receipt)
    return Qualify(
        people=store.people,
        names=store.keys,
        traces=store.traces,
        again=again_of(rooms),
        release=Release(store.journal, rooms.receive, reading),
        reading=reading,
    )


def decide_of(rooms: Rooms, receipt: Receipt) -> Decide:
    flow = qualify_of(rooms, receipt)
    return Decide(
        names=flow.names,
        traces=flow.traces,
        again=flow.again,
        release=flow.release,
        reading=flow.reading,
    )


def two_people_of(rooms: Rooms, receipt: Receipt) -> TwoPeople:
    return TwoPeople(
        proposals=rooms.store.proposals,
        qualify=qualify_of(rooms, receipt),
        decide=decide_of(rooms, receipt),
        clock=rooms.clock,
        ids=rooms.ids,
    )
