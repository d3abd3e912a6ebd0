"""Forbid rules of the matrice d'habilitation (ACCESS F53 to F56); silence is refusal."""

from gateway.access.question import SOCIAL, Question, cells, columns, is_consult
from gateway.access.rule import CONSULT, PRO, Rule
from gateway.records.access import AccessAction as Do
from gateway.records.access import Origin


def asks_grid(q: Question) -> bool:
    """CONSULT, and the sender's own mail where the house is stricter."""
    if is_consult(q):
        return True
    return (
        q.action is Do.MAIL
        and q.circumstances.origin is Origin.SENDER
        and q.switches.mail_through_grid.at(q.now)
    )


def has_suspended_column(q: Question) -> bool:
    if not asks_grid(q) or q.switches.social_columns.at(q.now) != "suspended":
        return False
    return not SOCIAL.isdisjoint(columns(q.reader))


def has_refusing_cell(q: Question) -> bool:
    return asks_grid(q) and not all(row.permits for rows in cells(q) for row in rows)


RULES = (
    Rule(
        "F53",
        PRO,
        CONSULT,
        has_suspended_column,
        "L'accès de cette profession n'est pas encore ouvert.",
        "C9",
    ),
    Rule(
        "F54",
        PRO,
        CONSULT,
        lambda q: asks_grid(q) and not columns(q.reader),
        "La profession de cette personne n'est pas connue.",
        "A6",
    ),
    Rule(
        "F55",
        PRO,
        CONSULT,
        lambda q: asks_grid(q) and not all(cells(q)),
        "Aucune règle ne donne ce type de document à cette profession.",
        "A6 C11",
        of_document=True,
    ),
    Rule(
        "F56",
        PRO,
        CONSULT,
        has_refusing_cell,
        "Sa profession n'a pas accès à ce type de document.",
        "C1 A4",
        of_document=True,
    ),
)
