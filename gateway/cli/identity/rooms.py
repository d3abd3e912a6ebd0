"""The flows behind `gateway identity`, loaded when a command needs them."""

from typing import TYPE_CHECKING

from gateway.cli.opening import Opened

if TYPE_CHECKING:
    from gateway.flows.identity.propose import TwoPeople
    from gateway.flows.identity.qualify import Qualify


def qualify_of(opened: Opened) -> "Qualify":
    from gateway.daemon.rooms import identities

    return identities.qualify_of(opened)


def two_people_of(opened: Opened) -> "TwoPeople":
    from gateway.daemon.rooms import identities

    return identities.two_people_of(opened)
