"""Permit rules for everything but reading, and the last word D00 (ACCESS P13 to P64)."""

from gateway.access.consent import has_care_consent
from gateway.access.question import (
    Question,
    is_administrator,
    is_patient_mail,
    is_treating_doctor,
    same,
)
from gateway.access.rules.forbid_mail import is_not_patients_mail
from gateway.access.rules.rule import ALL, ANY, PATIENT_SIDE, PRO, SENDER, Rule, acts, always, who
from gateway.records.readers.access import AccessAction as Do
from gateway.records.readers.access import Manage, NoticeKind, Origin
from gateway.records.readers.access import ReaderKind as Who

HOLDER = who(Who.PATIENT, Who.REPRESENTATIVE)
FAMILY = HOLDER | who(Who.CAREGIVER)
SYSTEM = who(Who.SYSTEM)
DESK_ACTS = (Manage.OPENING, Manage.OPPOSITION, Manage.CLOSING)


def is_treating_doctor_told_of_emergency(q: Question) -> bool:
    return q.circumstances.notice is NoticeKind.EMERGENCY_ACCESS and is_treating_doctor(q)


def _is_his_own(q: Question) -> bool:
    target = q.circumstances.target
    return same(target, q.reader.id) or same(target, q.reader.team)


def collects_consent_for_himself(q: Question) -> bool:
    return q.circumstances.manage is Manage.CONSENTS and _is_his_own(q)


def collects_consent_for_another(q: Question) -> bool:
    circumstances = q.circumstances
    if circumstances.manage is not Manage.CONSENTS or circumstances.target is None:
        return False
    return not _is_his_own(q) and has_care_consent(q)


RULES = (
    Rule(
        "P13",
        PRO,
        acts(Do.ANNOUNCE),
        always,
        "Le document vous a été annoncé.",
        "D6 D9",
    ),
    Rule(
        "P14",
        SYSTEM,
        acts(Do.ANNOUNCE),
        always,
        "Le document vous a été annoncé.",
        "D6 D9",
    ),
    Rule(
        "P20",
        PATIENT_SIDE,
        acts(Do.DEPOSIT),
        always,
        "Document déposé.",
        "A3 J1",
    ),
    Rule(
        "P21",
        PRO,
        acts(Do.DEPOSIT),
        always,
        "Document déposé.",
        "A3 J1",
    ),
    Rule(
        "P22",
        SYSTEM,
        acts(Do.DEPOSIT),
        always,
        "Document déposé.",
        "A3 J1",
    ),
    Rule(
        "P23",
        FAMILY,
        acts(Do.REPLACE),
        always,
        "Document remplacé par son auteur.",
        "D10 J1",
    ),
    Rule(
        "P24",
        SENDER,
        acts(Do.REPLACE),
        always,
        "Document remplacé par son auteur.",
        "D10 J1",
    ),
    Rule(
        "P25",
        FAMILY,
        acts(Do.DELETE),
        always,
        "Document supprimé par son auteur.",
        "D10 J1",
    ),
    Rule(
        "P26",
        SENDER,
        acts(Do.DELETE),
        always,
        "Document supprimé par son auteur.",
        "D10 J1",
    ),
    Rule(
        "P27",
        HOLDER,
        acts(Do.MASK, Do.UNMASK),
        always,
        "Visibilité modifiée.",
        "D1 D5",
    ),
    Rule(
        "P28",
        SENDER,
        acts(Do.MASK),
        always,
        "Visibilité modifiée.",
        "D1 D5",
    ),
    Rule(
        "P30",
        SENDER,
        acts(Do.MAIL),
        lambda q: q.circumstances.origin is Origin.SENDER,
        "Envoyé par messagerie sécurisée à un professionnel.",
        "J5",
    ),
    Rule(
        "P31",
        who(Who.PATIENT),
        acts(Do.MAIL),
        is_not_patients_mail,
        "Envoyé dans la messagerie.",
        "J5",
    ),
    Rule(
        "P32",
        who(Who.REPRESENTATIVE),
        acts(Do.MAIL),
        is_not_patients_mail,
        "Envoyé dans la messagerie.",
        "J5",
    ),
    Rule(
        "P33",
        SENDER,
        acts(Do.MAIL),
        is_patient_mail,
        "Vous avez envoyé ce document.",
        "J5",
    ),
    Rule(
        "P34",
        PRO,
        acts(Do.MAIL),
        lambda q: q.circumstances.origin is Origin.GATEWAY,
        "Transmis à un professionnel que vous avez autorisé.",
        "J5",
    ),
    Rule(
        "P40",
        who(Who.PATIENT),
        acts(Do.NOTIFY),
        always,
        "Vous êtes averti.",
        "G2 G3 D7 E6",
    ),
    Rule(
        "P41",
        who(Who.REPRESENTATIVE),
        acts(Do.NOTIFY),
        always,
        "Vous êtes averti.",
        "G2 G3 D7 E6",
    ),
    Rule(
        "P42",
        PRO,
        acts(Do.NOTIFY),
        is_treating_doctor_told_of_emergency,
        "Votre médecin traitant est averti d'un accès en urgence.",
        "E3",
    ),
    Rule(
        "P50",
        HOLDER,
        acts(Do.EXPORT),
        always,
        "Vous emportez une copie de vos documents.",
        "GUIDE22",
    ),
    Rule(
        "P51",
        who(Who.APPLICATION),
        acts(Do.SYNC),
        always,
        "Mesures reçues de votre application.",
        "FAQ inferred",
    ),
    Rule(
        "P52",
        HOLDER,
        acts(Do.TRACE),
        always,
        "Journal des accès.",
        "F3 G1",
    ),
    Rule(
        "P53",
        who(Who.AUDITOR),
        acts(Do.TRACE),
        always,
        "Journal des accès.",
        "F3 G1",
    ),
    Rule(
        "P60",
        HOLDER,
        acts(Do.MANAGE),
        always,
        "Réglage modifié.",
        "D1 F1 F3",
    ),
    Rule(
        "P61",
        PRO,
        acts(Do.MANAGE),
        lambda q: q.circumstances.manage is Manage.BLOCKS and is_administrator(q),
        "L'administrateur que vous avez nommé a bloqué un professionnel.",
        "D4",
    ),
    Rule(
        "P62",
        PRO,
        acts(Do.MANAGE),
        collects_consent_for_himself,
        "Il a recueilli votre accord.",
        "B3",
    ),
    Rule(
        "P63",
        PRO,
        acts(Do.MANAGE),
        collects_consent_for_another,
        "Il a recueilli votre accord pour un confrère.",
        "B4",
    ),
    Rule(
        "P64",
        who(Who.OPERATOR),
        acts(Do.MANAGE),
        lambda q: q.circumstances.manage in DESK_ACTS,
        "Le 3422 a agi à votre demande.",
        "LEAFLET",
    ),
    Rule(
        "D00",
        ANY,
        ALL,
        always,
        "Aucune règle ne permet cet accès.",
        "A6",
    ),
)
