"""Forbid rules about professionals who consult: function, care, blocks, consent, masks.

ACCESS F40 to F44, F50 to F52, F63.
"""

from gateway.access.consent import has_care_consent, has_occupational_consent
from gateway.access.question import (
    OCCUPATIONAL_PHYSICIAN,
    Question,
    is_block_lifted,
    is_blocked,
    is_emergency,
    is_hidden_from_reader,
    is_masked,
    is_one_of_the_four,
    is_restricted,
)
from gateway.access.rules.rule import CONSULT, PRO, Rule, acts, from_gateway
from gateway.records.readers.access import AccessAction as Do

MEDICAL_ADVISER = "FON-19"
NOT_CARE = frozenset({"GENR04", "GENR13", "GENR99"})
CONSULT_OR_MANAGE = CONSULT | {Do.MANAGE}


def is_occupational_without_consent(q: Question) -> bool:
    if q.reader.function != OCCUPATIONAL_PHYSICIAN:
        return False
    open_to_him = q.switches.occupational.at(q.now) == "with_consent"
    return not (open_to_him and has_occupational_consent(q))


def lacks_care_consent(q: Question) -> bool:
    if is_emergency(q) or q.reader.function == OCCUPATIONAL_PHYSICIAN:
        return False
    return not has_care_consent(q)


RULES = (
    Rule(
        "F40",
        PRO,
        CONSULT_OR_MANAGE,
        lambda q: q.reader.function == MEDICAL_ADVISER,
        "Un praticien-conseil n'a pas accès à votre espace.",
        "I8 FAQ",
        mail=from_gateway,
    ),
    Rule(
        "F41",
        PRO,
        CONSULT_OR_MANAGE,
        lambda q: q.reader.activity in NOT_CARE,
        "Cette personne n'exerce pas une activité de soin.",
        "A5 C8",
        mail=from_gateway,
    ),
    Rule(
        "F42",
        PRO,
        CONSULT,
        lambda q: not q.circumstances.in_charge,
        "Ce professionnel ne vous prend pas en charge.",
        "A5 B2",
        mail=from_gateway,
    ),
    Rule(
        "F43",
        PRO,
        CONSULT_OR_MANAGE | acts(Do.DEPOSIT, Do.REPLACE),
        is_occupational_without_consent,
        "Le médecin du travail n'a accès que si vous l'avez expressément accepté.",
        "I1 I2 FALC",
        mail=from_gateway,
    ),
    Rule(
        "F44",
        PRO,
        CONSULT_OR_MANAGE,
        lambda q: is_blocked(q) and not is_block_lifted(q),
        "Vous avez bloqué ce professionnel.",
        "E8 F1",
        mail=from_gateway,
    ),
    Rule(
        "F50",
        PRO,
        CONSULT,
        lacks_care_consent,
        "Vous n'avez pas donné votre accord à ce professionnel ni à son équipe.",
        "B1 B5",
        mail=from_gateway,
    ),
    Rule(
        "F51",
        PRO,
        CONSULT,
        lambda q: is_masked(q) and not is_one_of_the_four(q),
        "Vous avez masqué ce document.",
        "D1 D2 D3 D4 E5",
        of_document=True,
        of_plain=False,
        mail=from_gateway,
    ),
    Rule(
        "F52",
        PRO,
        CONSULT,
        lambda q: is_restricted(q) and not is_one_of_the_four(q),
        "Ce document est à diffusion restreinte.",
        "[G] R, V",
        of_document=True,
        of_plain=False,
        mail=from_gateway,
    ),
    Rule(
        "F63",
        PRO,
        CONSULT,
        lambda q: is_hidden_from_reader(q) and not is_one_of_the_four(q),
        "Vous avez caché ce document à ce professionnel.",
        "D1 FALC",
        of_document=True,
        of_plain=False,
        mail=from_gateway,
    ),
)
