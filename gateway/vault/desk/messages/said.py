"""The French words of messages, and the addresses that lead from one page to another."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.messages.listing import MessageDesk
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.finding import Severity, Verdict
from gateway.vault.desk.signin import desk_of

FLOW, MESSAGES = "/desk/flux", "/desk/messages"
PERIODS = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7j": timedelta(days=7),
}
PERIOD_WORDS = {"1h": "1 h", "24h": "24 h", "7j": "7 j"}
PERIOD_SAID = {"1h": "dernière heure", "24h": "dernières 24 heures", "7j": "7 derniers jours"}
VERDICTS = {
    "accepte": Verdict.ACCEPT,
    "attente": Verdict.HOLD,
    "refuse": Verdict.REFUSE,
}
"""As an address names them."""
VERDICT_WORDS = {Verdict.ACCEPT: "accepté", Verdict.HOLD: "en attente", Verdict.REFUSE: "refusé"}
MARKS = {Verdict.ACCEPT: ("●", "ok"), Verdict.HOLD: ("◐", "masked"), Verdict.REFUSE: ("✕", "no")}
"""Shape and class."""
PLURAL_WORDS = {"accepte": "acceptés", "attente": "en attente", "refuse": "refusés"}
SEVERITY_WORDS = {
    Severity.ERROR: ("✕", "erreur", "no"),
    Severity.WARNING: ("▲", "attention", "masked"),
    Severity.INFO: ("●", "remarque", "new"),
}
"""Shape, word and class."""
STATUS_WORDS = {
    DocumentStatus.CURRENT: "en vigueur",
    DocumentStatus.SUPERSEDED: "remplacé",
    DocumentStatus.WITHDRAWN: "retiré par son auteur",
}
MANY = "100 000"


def message_desk(request: web.Request) -> MessageDesk:
    messages = desk_of(request).messages
    if messages is None:
        raise RefusedError("this house follows no message at its desk")
    return messages


def address(place: str, pairs: Mapping[str, str]) -> str:
    """A page with its filters; those that are empty are left out."""
    query = urlencode({name: value for name, value in pairs.items() if value})
    return f"{place}?{query}" if query else place
