"""Forbid rules about who asks at all and the state of the account (ACCESS F01 to F12)."""

from gateway.access.question import Question, is_patient_mail, is_sender_mail
from gateway.access.rules.rule import ALL, ANY, PATIENT_SIDE, Rule, always, but, who
from gateway.records.readers.access import AccessAction as Do
from gateway.records.readers.access import Account, Manage, NoticeKind
from gateway.records.readers.access import ReaderKind as Who

SHUT = frozenset({Account.NOT_CREATED, Account.OPPOSED, Account.CLOSED, Account.ARCHIVED})
ACTS_ON_A_SHUT_ACCOUNT = frozenset({Manage.OPENING, Manage.OPPOSITION, Manage.DELETION})
ACTS_BEFORE_ACTIVATION = ACTS_ON_A_SHUT_ACCOUNT | {Manage.CLOSING}


def _manages(q: Question, what: frozenset[Manage]) -> bool:
    return q.action is Do.MANAGE and q.circumstances.manage in what


def _is_desk_or_auditor(q: Question) -> bool:
    """The operator's list and the auditor's log look behind closed doors."""
    kind = q.reader.kind
    return (kind is Who.OPERATOR and q.action is Do.LIST) or (
        kind is Who.AUDITOR and q.action is Do.TRACE
    )


def account_is_shut(q: Question) -> bool:
    if q.record.account not in SHUT:
        return False
    told = q.action is Do.NOTIFY and q.circumstances.notice is NoticeKind.EMERGENCY_ACCESS
    spared = _is_desk_or_auditor(q) or is_sender_mail(q) or _manages(q, ACTS_ON_A_SHUT_ACCOUNT)
    return not (told or spared)


def account_is_not_activated(q: Question) -> bool:
    if q.record.account is not Account.OPEN:
        return False
    if is_patient_mail(q):
        return True
    if q.reader.kind not in PATIENT_SIDE or q.action in (Do.MAIL, Do.NOTIFY):
        return False
    return not _manages(q, ACTS_BEFORE_ACTIVATION)


def identity_is_unqualified(q: Question) -> bool:
    if q.record.qualified or q.reader.kind in (Who.OPERATOR, Who.AUDITOR):
        return False
    return not is_sender_mail(q)


RULES = (
    Rule(
        "F01",
        ANY,
        but(Do.MAIL, Do.NOTIFY),
        lambda q: not q.reader.authenticated,
        "Cette personne n'a pas prouvé son identité.",
        "A1",
    ),
    Rule(
        "F02",
        who(Who.THIRD_PARTY),
        ALL,
        always,
        "Un employeur, un assureur, une banque ou un autre tiers n'a jamais accès à votre espace.",
        "I3 I6 FAQ",
    ),
    Rule(
        "F10",
        ANY,
        ALL,
        account_is_shut,
        "Votre espace n'est pas ouvert.",
        "A2 I7 GUIDE22",
    ),
    Rule(
        "F11",
        ANY,
        ALL,
        account_is_not_activated,
        "Votre espace est créé mais pas encore activé.",
        "A2 LEAFLET",
    ),
    Rule(
        "F12",
        ANY,
        but(Do.DEPOSIT, Do.REPLACE, Do.DELETE),
        identity_is_unqualified,
        "L'identité du patient n'est pas encore vérifiée.",
        "A1 K1",
    ),
)
