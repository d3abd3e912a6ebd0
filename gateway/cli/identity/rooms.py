"""The flows behind `gateway identity`, loaded when a command needs them."""

from typing import TYPE_CHECKING

from gateway.cli.opening import Opened
from gateway.records.filing import Receipt

if TYPE_CHECKING:
    from gateway.flows.identity.decide import Decide
    from gateway.flows.identity.propose import TwoPeople
    from gateway.flows.identity.qualify import Qualify


def qualify_of(opened: Opened, receipt: Receipt) -> "Qualify":
    from gateway.daemon import identities

    return identities.qualify_of(opened, receipt)


def decide_of(opened: Opened, receipt: Receipt) -> "Decide":
    from gateway.daemon import identities

    return identities.decide_of(opened, receipt)


def two_people_of(opened: Opened, receipt: Receipt) -> "TwoPeople":
    from gateway.daemon import identities

    return identities.two_people_of(opened, receipt)
