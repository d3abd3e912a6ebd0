"""Forbid rules about the patient's side: minors, representatives, caregivers, applications.

ACCESS F20 to F26.
"""

from gateway.access.question import (
    READ,
    Question,
    entry_in_force,
    has_own_account,
    is_minor_patient,
    same,
)
from gateway.access.rules.rule import ALL, Rule, acts, but, who
from gateway.access.time import in_force
from gateway.records.readers.access import AccessAction as Do
from gateway.records.readers.access import ReaderKind as Who


def roles_in_force(q: Question) -> set[str]:
    """The roles of this representative now."""
    return {
        entry.role
        for entry in q.record.representatives
        if same(entry.id, q.reader.id) and in_force(entry.since, entry.until, q.now)
    }


def is_parent_of_an_adult(q: Question) -> bool:
    return not is_minor_patient(q) and roles_in_force(q) == {"parent"}


def lacks_scope(q: Question) -> bool:
    scope = "read" if q.action in READ else "write" if q.action is Do.DEPOSIT else "sync"
    given = any(
        scope in entry.scopes
        and same(entry.id, q.reader.id)
        and in_force(entry.since, entry.until, q.now)
        for entry in q.record.applications
    )
    return scope not in q.reader.scopes or not given


RULES = (
    Rule(
        "F20",
        who(Who.PATIENT),
        but(Do.MAIL, Do.NOTIFY),
        lambda q: is_minor_patient(q) and not has_own_account(q),
        "Avant 18 ans, l'espace est géré par un représentant légal.",
        "H5 H7 FAQ",
    ),
    Rule(
        "F21",
        who(Who.REPRESENTATIVE),
        ALL,
        lambda q: not roles_in_force(q),
        "Cette personne n'est pas (ou plus) votre représentant légal.",
        "H5",
    ),
    Rule(
        "F22",
        who(Who.REPRESENTATIVE),
        ALL,
        is_parent_of_an_adult,
        "Vous avez 18 ans : vos parents n'ont plus accès à votre espace.",
        "FAQ",
    ),
    Rule(
        "F23",
        who(Who.CAREGIVER),
        ALL,
        lambda q: not entry_in_force(q, q.record.caregivers),
        "Cette personne n'est pas (ou plus) votre aidant.",
        "J1",
    ),
    Rule(
        "F24",
        who(Who.APPLICATION),
        ALL,
        lambda q: not entry_in_force(q, q.record.applications),
        "Vous n'avez pas autorisé cette application.",
        "inferred",
    ),
    Rule(
        "F25",
        who(Who.APPLICATION),
        READ | acts(Do.DEPOSIT, Do.SYNC),
        lacks_scope,
        "Vous n'avez pas donné ce droit à cette application.",
        "inferred",
    ),
    Rule(
        "F26",
        who(Who.APPLICATION),
        READ,
        lambda q: not q.switches.application_reading.at(q.now),
        "Les applications peuvent déposer, pas lire.",
        "professions.csv SNR",
    ),
)
