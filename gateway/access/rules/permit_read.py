"""Permit rules for reading (ACCESS P01 to P12)."""

from gateway.access.question import (
    OCCUPATIONAL_PHYSICIAN,
    READ,
    Question,
    is_administrator,
    is_depositor,
    is_in_emergency_mode,
    is_masked,
    is_restricted,
    treating_sees_masked,
)
from gateway.access.rules.forbid_document import is_held
from gateway.access.rules.forbid_emergency import BREAK_GLASS, SAMU, in_mode
from gateway.access.rules.rule import PRO, Rule, acts, always, who
from gateway.records.readers.access import AccessAction as Do
from gateway.records.readers.access import ReaderKind as Who


def is_closed(q: Question) -> bool:
    """Masked or restricted: readable only for a reason of one's own."""
    return is_masked(q) or is_restricted(q)


RULES = (
    Rule(
        "P01",
        who(Who.PATIENT),
        READ,
        always,
        "C'est votre espace.",
        "L15",
    ),
    Rule(
        "P02",
        who(Who.REPRESENTATIVE),
        READ,
        always,
        "Votre représentant légal gère cet espace.",
        "H5",
    ),
    Rule(
        "P03",
        who(Who.CAREGIVER),
        READ,
        always,
        "Vous avez confié votre espace à cet aidant.",
        "J1",
    ),
    Rule(
        "P04",
        who(Who.APPLICATION),
        READ,
        always,
        "Vous avez autorisé cette application à lire.",
        "inferred",
    ),
    Rule(
        "P05",
        PRO,
        READ,
        lambda q: in_mode(q, SAMU),
        "Le SAMU a consulté votre espace pour vous secourir.",
        "E2",
        of_plain=False,
    ),
    Rule(
        "P06",
        PRO,
        READ,
        lambda q: in_mode(q, BREAK_GLASS),
        "Un professionnel a consulté votre espace en urgence.",
        "E1",
        of_plain=False,
    ),
    Rule(
        "P07",
        PRO,
        READ,
        lambda q: q.reader.function == OCCUPATIONAL_PHYSICIAN,
        "Vous avez accepté l'accès de ce médecin du travail.",
        "I1",
    ),
    Rule(
        "P08",
        PRO,
        READ,
        lambda q: is_closed(q) and is_depositor(q),
        "Il a déposé ce document.",
        "D2",
        of_document=True,
        of_plain=False,
    ),
    Rule(
        "P09",
        PRO,
        READ,
        lambda q: is_closed(q) and treating_sees_masked(q),
        "C'est votre médecin traitant.",
        "D3",
        of_document=True,
        of_plain=False,
    ),
    Rule(
        "P10",
        PRO,
        READ,
        lambda q: is_closed(q) and is_administrator(q),
        "Vous l'avez nommé administrateur.",
        "D4",
        of_document=True,
        of_plain=False,
    ),
    Rule(
        "P11",
        PRO,
        READ,
        lambda q: not is_in_emergency_mode(q),
        "Vous avez donné votre accord et sa profession a accès à ce type de document.",
        "A1 C1",
    ),
    Rule(
        "P12",
        who(Who.OPERATOR),
        acts(Do.LIST),
        is_held,
        "Le support vérifie l'identité sans ouvrir le document.",
        "inferred",
        of_document=True,
        of_plain=False,
    ),
)
