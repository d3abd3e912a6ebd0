"""Whom the desk may name (VAULT DSK-01, PAGES section 7): software, never a person.

An account is called by its name. A mailbox is called by its domain, whoever writes from it: what
stands before the @ is an INS, or the name of a professional. Of what people and their applications
brought the way they came in is said, the same for all of them.
"""

import re

from gateway.flows.desk.messages.masking import MASK

DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def shown_sender(sender: str) -> str:
    """ "labo", "@cabinet.fr", "pro/", "app/carnet/": what follows the last stroke names somebody.
    Said again of its own answer it is the same."""
    if "@" in sender:
        return "@" + domain_of(sender)
    kind, stroke, _ = sender.rpartition("/")
    return kind + stroke if stroke else sender


def lane_name(lane: str) -> str:
    """The receiver that a lane is named for; of a mail address its domain."""
    name = lane.partition(":")[2]
    if "@" in name:
        return domain_of(name)
    return name if NAME.fullmatch(name) else MASK


def domain_of(address: str) -> str:
    """Never what stands before the @, nor what only looks like a domain."""
    domain = address.rpartition("@")[2].lower()
    return domain if DOMAIN.fullmatch(domain) else MASK
