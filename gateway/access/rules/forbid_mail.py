"""Forbid rules about what leaves the house: notices and mails (ACCESS F30 to F32, F60 to F62)."""

from gateway.access.question import (
    Question,
    hidden_since,
    is_masked,
    is_minor_patient,
    is_restricted,
    is_waiting,
)
from gateway.access.rules.rule import ANY, PATIENT_SIDE, SENDER, Rule, acts
from gateway.access.time import two_weeks_after
from gateway.records.readers.access import MAIL_MATRIX, NoticeKind, Origin
from gateway.records.readers.access import AccessAction as Do


def has_flag(q: Question, flag: str) -> bool:
    return q.circumstances.flags.get(flag, False)


def is_too_early_to_announce(q: Question) -> bool:
    if q.circumstances.notice is not NoticeKind.WAITING:
        return False
    since = hidden_since(q.document) if q.document is not None else None
    return not is_waiting(q) or since is None or q.now < two_weeks_after(since)


def is_known_reader(q: Question) -> bool:
    actor = q.circumstances.actor
    return (
        q.circumstances.notice is NoticeKind.ACCESS
        and bool(actor)
        and actor in q.record.known_readers
        and q.switches.access_notice.at(q.now) == "first"
    )


def is_not_patients_mail(q: Question) -> bool:
    return q.circumstances.origin is not Origin.PATIENT


def is_not_in_mail_matrix(q: Question) -> bool:
    if q.circumstances.origin is not Origin.SENDER or not q.switches.strict_mail_matrix.at(q.now):
        return False
    return not any(
        all(has_flag(q, flag) is value for flag, value in row.items()) for row in MAIL_MATRIX
    )


RULES = (
    Rule(
        "F30",
        PATIENT_SIDE,
        acts(Do.MAIL, Do.NOTIFY),
        lambda q: has_flag(q, "CONNEXION_SECRETE") and is_minor_patient(q),
        "Aucun message n'est envoyé pour cet échange.",
        "H3 H7 [G]",
    ),
    Rule(
        "F31",
        ANY,
        acts(Do.NOTIFY),
        is_too_early_to_announce,
        "Rien à annoncer pour le moment.",
        "D7",
        of_document=True,
    ),
    Rule(
        "F32",
        ANY,
        acts(Do.NOTIFY),
        is_known_reader,
        "Vous avez déjà été averti du premier accès de ce professionnel.",
        "G2",
    ),
    Rule(
        "F60",
        SENDER,
        acts(Do.MAIL),
        lambda q: is_not_patients_mail(q) and is_masked(q),
        "Un document masqué n'est jamais envoyé à un professionnel.",
        "[G]",
        of_document=True,
        of_plain=False,
    ),
    Rule(
        "F61",
        SENDER,
        acts(Do.MAIL),
        lambda q: is_not_patients_mail(q) and is_restricted(q),
        "Un document à diffusion restreinte n'est pas envoyé.",
        "[G]",
        of_document=True,
        of_plain=False,
    ),
    Rule(
        "F62",
        ANY,
        acts(Do.MAIL),
        is_not_in_mail_matrix,
        "L'envoi demandé n'est pas prévu par le guide national.",
        "[G]",
    ),
)
