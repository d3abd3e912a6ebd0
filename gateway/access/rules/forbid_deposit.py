"""Forbid rules about writing: who deposits, replaces, deletes, announces what.

ACCESS F33 to F39, F57 to F59.
"""

from gateway.access.question import (
    PATIENT_TYPES,
    Question,
    is_depositor,
    is_minor_patient,
    is_waiting,
)
from gateway.access.rules.rule import ANY, PATIENT_SIDE, SENDER, Rule, acts, always
from gateway.records.readers.access import AccessAction as Do
from gateway.records.readers.access import ReaderKind as Who

COVID_CERTIFICATE = "96874-3"
ADVANCE_DIRECTIVES = "EXPPAT_3"
REFUND = "REMB"
INSURER = "A00_ALIM_AM"
PATIENT_ONLY = ("DOCPAT", "EXPPAT_")


def by_patient(q: Question) -> bool:
    return q.document is not None and q.document.by_patient


def type_of(q: Question) -> str:
    return q.document.type if q.document is not None else ""


def is_insurer(q: Question) -> bool:
    return q.reader.kind is Who.SYSTEM and q.reader.profession == INSURER


def is_not_author(q: Question) -> bool:
    """Any sender replaces, deletes and masks only its own; a professional may announce for all."""
    professional = q.reader.kind is Who.PROFESSIONAL
    return not (professional and q.action is Do.ANNOUNCE) and not is_depositor(q)


RULES = (
    Rule(
        "F33",
        PATIENT_SIDE,
        acts(Do.REPLACE, Do.DELETE),
        lambda q: not by_patient(q),
        "Vous pouvez masquer ce document, mais seul son auteur peut le modifier ou le supprimer.",
        "D10 GUIDE22",
        of_document=True,
    ),
    Rule(
        "F34",
        PATIENT_SIDE,
        acts(Do.DELETE),
        lambda q: type_of(q) == COVID_CERTIFICATE,
        "Un certificat COVID ne peut pas être supprimé.",
        "J3",
        of_document=True,
    ),
    Rule(
        "F35",
        PATIENT_SIDE,
        acts(Do.DEPOSIT, Do.REPLACE),
        lambda q: type_of(q) not in PATIENT_TYPES,
        "Vous ne pouvez pas déposer ce type de document.",
        "C12 J2",
        of_document=True,
    ),
    Rule(
        "F36",
        ANY,
        acts(Do.DEPOSIT, Do.REPLACE),
        lambda q: type_of(q) == ADVANCE_DIRECTIVES and is_minor_patient(q),
        "Les directives anticipées sont réservées aux majeurs.",
        "H6",
        of_document=True,
    ),
    Rule(
        "F37",
        SENDER,
        acts(Do.DEPOSIT, Do.REPLACE),
        lambda q: type_of(q).startswith(PATIENT_ONLY),
        "Ce type de document est réservé au patient.",
        "C12",
        of_document=True,
    ),
    Rule(
        "F38",
        ANY,
        acts(Do.DEPOSIT, Do.REPLACE),
        lambda q: type_of(q) == REFUND and not is_insurer(q),
        "Seule l'Assurance maladie dépose les remboursements.",
        "C12",
        of_document=True,
    ),
    Rule(
        "F39",
        SENDER,
        acts(Do.DEPOSIT, Do.REPLACE),
        lambda q: q.record.feeding_opposed,
        "Vous vous êtes opposé au dépôt de documents.",
        "B8 [G] ZFA",
    ),
    Rule(
        "F57",
        SENDER,
        acts(Do.ANNOUNCE),
        lambda q: not is_waiting(q),
        "Ce document vous est déjà visible.",
        "D9",
        of_document=True,
    ),
    Rule(
        "F58",
        SENDER,
        acts(Do.REPLACE, Do.DELETE, Do.MASK, Do.ANNOUNCE),
        is_not_author,
        "Seul l'auteur du document peut faire cela.",
        "D10 [G] 901",
        of_document=True,
    ),
    Rule(
        "F59",
        SENDER,
        acts(Do.UNMASK),
        always,
        "Vous seul pouvez démasquer un document.",
        "D1 inferred",
    ),
)
