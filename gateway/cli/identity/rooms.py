"""The flows behind `gateway identity`, built for one receipt as its door reads it."""

from typing import TYPE_CHECKING

from gateway.cli.opening import Opened, again_of, reading_of
from gateway.records.filing import Receipt

if TYPE_CHECKING:
    from gateway.flows.identity.decide import Decide
    from gateway.flows.identity.propose import TwoPeople
    from gateway.flows.identity.qualify import Qualify


def qualify_of(opened: Opened, receipt: Receipt) -> "Qualify":
    from gateway.flows.identity.qualify import Qualify
    from gateway.flows.identity.release import Release

    store, reading = opened.store, reading_of(opened.settings, receipt)
    return Qualify(
        people=store.people,
        names=store.keys,
        traces=store.traces,
        again=again_of(opened),
        release=Release(store.journal, opened.receive, reading),
        reading=reading,
    )


def decide_of(opened: Opened, receipt: Receipt) -> "Decide":
    from gateway.flows.identity.decide import Decide

    flow = qualify_of(opened, receipt)
    return Decide(
        names=flow.names,
        traces=flow.traces,
        again=flow.again,
        release=flow.release,
        reading=flow.reading,
    )


def two_people_of(opened: Opened, receipt: Receipt) -> "TwoPeople":
    from gateway.flows.identity.propose import TwoPeople

    return TwoPeople(
        proposals=opened.store.proposals,
        qualify=qualify_of(opened, receipt),
        decide=decide_of(opened, receipt),
        clock=opened.clock,
        ids=opened.ids,
    )
