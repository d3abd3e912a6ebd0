"""The kinds of notice of VAULT section 5, and by which way each leaves."""

from enum import StrEnum


class Notice(StrEnum):
    """Named as in the table of VAULT section 5."""

    DEPOSITED = "N1"
    CHANGED = "N2"
    MESSAGE = "N3"
    FIRST_ACCESS = "N4"
    EMERGENCY = "N5"
    FILLED = "N6"
    ACCOUNT = "N7"
    SHARING = "N8"
    REMINDER = "N9"
    SERVICES = "N10"
    HIDDEN = "N11"


PREVENTION_DUE, EXAMINATION = "prevention-due", "examination"
"""An act of the log that is the notice of prevention in the space, and where it names its rule."""
ALWAYS = frozenset(
    {Notice.EMERGENCY, Notice.ACCOUNT, Notice.SHARING, Notice.SERVICES, Notice.HIDDEN}
)
"""These are never turned off (VAULT section 5)."""


class Way(StrEnum):
    """What leaves the space for a notice; in the space it stands always (NOT-01)."""

    EMAIL = "email"
    SMS = "sms"
    BOTH = "les-deux"
    NONE = "espace"


CHANNELS = {
    Way.EMAIL: ("email",),
    Way.SMS: ("sms",),
    Way.BOTH: ("email", "sms"),
    Way.NONE: (),
}
OF_TEMPLATE = {
    "new_document": Notice.DEPOSITED,
    "changed_document": Notice.CHANGED,
    "new_message": Notice.MESSAGE,
    "access": Notice.FIRST_ACCESS,
    "emergency_access": Notice.EMERGENCY,
    "sharing": Notice.SHARING,
    "waiting": Notice.HIDDEN,
    "opened": Notice.HIDDEN,
    "appointment-added": Notice.FILLED,
    "appointment-moved": Notice.FILLED,
    "appointment-off": Notice.REMINDER,
    "appointment-soon": Notice.REMINDER,
    "own-reminder": Notice.REMINDER,
    "prevention": Notice.REMINDER,
    "services-list": Notice.SERVICES,
    "service-stopped": Notice.SERVICES,
    "service-unused": Notice.SERVICES,
    "service-answered": Notice.SERVICES,
}
"""The kind of what leaves, by its template; any other is about the account (N7)."""


def notice_named(template: str) -> Notice:
    return OF_TEMPLATE.get(template, Notice.ACCOUNT)
