"""Forbid rules of the matrice d'habilitation (ACCESS F53 to F56); silence is refusal."""

from gateway.access.question import SOCIAL, Question, cells, columns
from gateway.access.rules.rule import CONSULT, PRO, Rule, from_gateway
from gateway.records.readers.access import Origin


def asks_grid(q: Question) -> bool:
    """A mail of the gateway, and the sender's own where the house is stricter."""
    return from_gateway(q) or (
        q.circumstances.origin is Origin.SENDER and q.switches.mail_through_grid.at(q.now)
    )


def has_suspended_column(q: Question) -> bool:
    suspended = q.switches.social_columns.at(q.now) == "suspended"
    return suspended and not SOCIAL.isdisjoint(columns(q.reader))


def lacks_cell(q: Question) -> bool:
    return not all(cells(q))


def has_refusing_cell(q: Question) -> bool:
    for rows in cells(q):
        for row in rows:
            if not row.permits:
                return True
    return False


RULES = (
    Rule(
        "F53",
        PRO,
        CONSULT,
        has_suspended_column,
        "L'accès de cette profession n'est pas encore ouvert.",
        "C9",
        mail=asks_grid,
    ),
    Rule(
        "F54",
        PRO,
        CONSULT,
        lambda q: not columns(q.reader),
        "La profession de cette personne n'est pas connue.",
        "A6",
        mail=asks_grid,
    ),
    Rule(
        "F55",
        PRO,
        CONSULT,
        lacks_cell,
        "Aucune règle ne donne ce type de document à cette profession.",
        "A6 C11",
        of_document=True,
        of_type=True,
        mail=asks_grid,
    ),
    Rule(
        "F56",
        PRO,
        CONSULT,
        has_refusing_cell,
        "Sa profession n'a pas accès à ce type de document.",
        "C1 A4",
        of_document=True,
        of_type=True,
        mail=asks_grid,
    ),
)
