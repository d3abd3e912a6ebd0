"""Forbid rules about the state of the document and what is hidden (ACCESS F05 to F29)."""

from gateway.access.question import (
    Question,
    is_depositor,
    is_hidden_from_representatives,
    is_minor_patient,
    is_patient_mail,
    is_sender_mail,
    is_waiting,
)
from gateway.access.rules.rule import ANY, PATIENT_SIDE, Rule, acts, but, who
from gateway.records.readers.access import AccessAction as Do
from gateway.records.readers.access import FactStatus, NoticeKind
from gateway.records.readers.access import ReaderKind as Who

SHOWN = acts(Do.LIST, Do.SEARCH, Do.MASK, Do.UNMASK, Do.ANNOUNCE, Do.MAIL, Do.NOTIFY)
"""What F05, F06 and F07 have in common."""
DELETED, SUPERSEDED, HELD = FactStatus.DELETED, FactStatus.SUPERSEDED, FactStatus.HELD


def is_deleted(q: Question) -> bool:
    return q.document is not None and q.document.status is DELETED


def is_superseded(q: Question) -> bool:
    return q.document is not None and q.document.status is SUPERSEDED


def is_held(q: Question) -> bool:
    return q.document is not None and q.document.status is HELD


def is_held_from_reader(q: Question) -> bool:
    if not is_held(q):
        return False
    kind = q.reader.kind
    if (kind is Who.OPERATOR and q.action is Do.LIST) or (
        kind is Who.AUDITOR and q.action is Do.TRACE
    ):
        return False
    derogation = is_sender_mail(q) and not q.record.qualified
    return not (derogation and q.switches.mail_unqualified.at(q.now))


def waits_for_announcement(q: Question) -> bool:
    if is_patient_mail(q):
        return is_waiting(q)
    told = q.action is Do.NOTIFY and q.circumstances.notice is NoticeKind.WAITING
    return q.reader.kind in PATIENT_SIDE and not told and is_waiting(q)


def is_minors_secret(q: Question) -> bool:
    """Hidden from the representatives of a minor, who may stand behind these readers."""
    if not is_hidden_from_representatives(q):
        return False
    kind = q.reader.kind
    proxy = kind is Who.CAREGIVER or kind is Who.APPLICATION
    message = kind is Who.PATIENT and q.action in (Do.MAIL, Do.NOTIFY)
    return (proxy or message or is_patient_mail(q)) and is_minor_patient(q)


RULES = (
    Rule(
        "F05",
        ANY,
        acts(
            Do.LIST,
            Do.SEARCH,
            Do.OPEN,
            Do.REPLACE,
            Do.DELETE,
            Do.MASK,
            Do.UNMASK,
            Do.ANNOUNCE,
            Do.MAIL,
            Do.EXPORT,
            Do.NOTIFY,
        ),
        is_deleted,
        "Ce document a été supprimé.",
        "D10",
        of_document=True,
        of_plain=False,
    ),
    Rule(
        "F06",
        ANY,
        acts(
            Do.LIST,
            Do.SEARCH,
            Do.OPEN,
            Do.MASK,
            Do.UNMASK,
            Do.ANNOUNCE,
            Do.MAIL,
            Do.EXPORT,
            Do.NOTIFY,
            Do.TRACE,
        ),
        is_held_from_reader,
        "Ce document attend une vérification d'identité.",
        "A1 [G]",
        of_document=True,
        of_plain=False,
    ),
    Rule(
        "F07",
        ANY,
        acts(
            Do.LIST,
            Do.SEARCH,
            Do.REPLACE,
            Do.DELETE,
            Do.MASK,
            Do.UNMASK,
            Do.ANNOUNCE,
            Do.MAIL,
            Do.NOTIFY,
        ),
        is_superseded,
        "Ce document a été remplacé par une version plus récente.",
        "D11 [G] 900",
        of_document=True,
        of_plain=False,
    ),
    Rule(
        "F08",
        who(Who.PROFESSIONAL),
        acts(Do.OPEN),
        lambda q: is_superseded(q) and not is_depositor(q),
        "Seule la version la plus récente est ouverte aux professionnels.",
        "A4 inferred",
        of_document=True,
        of_plain=False,
    ),
    Rule(
        "F27",
        ANY,
        but(Do.DEPOSIT),
        waits_for_announcement,
        "Un professionnel souhaite vous parler de ce document avant que vous le lisiez.",
        "R53 D6",
        of_document=True,
        of_plain=False,
    ),
    Rule(
        "F28",
        who(Who.REPRESENTATIVE),
        but(Do.DEPOSIT),
        is_hidden_from_representatives,
        "Ce document n'est pas visible dans cet espace.",
        "H1 H3",
        of_document=True,
        of_plain=False,
    ),
    Rule(
        "F29",
        ANY,
        but(Do.DEPOSIT),
        is_minors_secret,
        "Ce document n'est pas visible dans cet espace.",
        "H3",
        of_document=True,
        of_plain=False,
    ),
)
