"""Why access said yes or no, in the words of who reads it.

The rules speak to the holder of a record; before whoever looks at another's profile, a parent or a
caregiver, each sentence that does is written once more (PAGES section 2, rule 4).
"""

from gateway.errors import DeniedError
from gateway.records.readers.access import Decision

AHEAD = {
    "P05": "Le médecin régulateur du SAMU peut le voir pour vous secourir.",
    "P06": "En urgence, avec un motif que vous pourrez lire.",
}
"""Rules whose own text tells of the past, said of what may happen."""

AHEAD_IN_ANOTHER = {
    "P05": "Le médecin régulateur du SAMU peut le voir pour porter secours.",
    "P06": "En urgence, avec un motif qui reste dans l'historique.",
}

IN_ANOTHER = {
    "DSK-07": "Demandé sur papier.",
    "F02": "Un employeur, un assureur, une banque ou un autre tiers n'a jamais accès à cet espace.",
    "F10": "Cet espace n'est pas ouvert.",
    "F11": "Cet espace est créé mais pas encore activé.",
    "F21": "Cette personne n'est pas (ou plus) représentant légal de ce profil.",
    "F22": "À 18 ans, les parents n'ont plus accès à l'espace.",
    "F23": "Cette personne n'est pas (ou plus) aidant de ce profil.",
    "F24": "Cette application n'a pas été autorisée.",
    "F25": "Ce droit n'a pas été donné à cette application.",
    "F27": "Un professionnel souhaite parler de ce document avant qu'il soit lu.",
    "F32": "Le premier accès de ce professionnel a déjà été annoncé.",
    "F33": "Seul l'auteur de ce document peut le modifier ou le supprimer.",
    "F35": "Ce type de document ne peut pas être déposé ici.",
    "F39": "Le titulaire du profil s'est opposé au dépôt de documents.",
    "F40": "Un praticien-conseil n'a pas accès à cet espace.",
    "F42": "Ce professionnel ne prend pas en charge le titulaire du profil.",
    "F43": "Le médecin du travail n'a accès qu'avec un accord exprès.",
    "F44": "Ce professionnel est bloqué.",
    "F46": "L'accès du SAMU est refusé.",
    "F49": "L'accès en urgence est refusé.",
    "F50": "Aucun accord n'a été donné à ce professionnel ni à son équipe.",
    "F51": "Ce document est masqué.",
    "F57": "Ce document est déjà visible dans cet espace.",
    "F59": "Un professionnel ne peut pas démasquer un document.",
    "F63": "Ce document est caché à ce professionnel.",
    "P01": "C'est l'espace du titulaire du profil.",
    "P02": "Le représentant légal gère cet espace.",
    "P03": "Cet espace est confié à cet aidant.",
    "P04": "Cette application est autorisée à lire.",
    "P05": "Le SAMU a consulté cet espace pour porter secours.",
    "P06": "Un professionnel a consulté cet espace en urgence.",
    "P07": "L'accès de ce médecin du travail est accepté.",
    "P09": "C'est le médecin traitant.",
    "P10": "Il est nommé administrateur.",
    "P11": "L'accord est donné et sa profession a accès à ce type de document.",
    "P13": "Le document a été annoncé.",
    "P14": "Le document a été annoncé.",
    "P33": "Ce document est envoyé de ce profil.",
    "P34": "Transmis à un professionnel autorisé.",
    "P40": "Cela est annoncé dans ce profil.",
    "P41": "Cela est annoncé dans ce profil.",
    "P42": "Le médecin traitant est averti d'un accès en urgence.",
    "P50": "Une copie des documents de ce profil est emportée.",
    "P51": "Mesures reçues d'une application autorisée.",
    "P61": "L'administrateur nommé pour ce profil a bloqué un professionnel.",
    "P62": "Il a recueilli l'accord.",
    "P63": "Il a recueilli l'accord pour un confrère.",
    "P64": "Le 3422 a agi à la demande de la personne.",
}
"""By rule. Who chose is not told: no reason reveals the choice of another person (PAGES
section 5)."""


def because(decision: Decision, *, in_another: bool) -> str:
    told = IN_ANOTHER if in_another else {}
    return told.get(decision.rule, decision.because)


def denied(error: DeniedError, of: str) -> str:
    """What the flow said, or the same of another (« de Léo »)."""
    return IN_ANOTHER.get(error.rule, str(error)) if of else str(error)


def ahead(decision: Decision, of: str = "") -> str:
    """The reason of « Qui peut voir ce document »: of the future, `of` another (« de Léo »)."""
    told = AHEAD_IN_ANOTHER if of else AHEAD
    return told.get(decision.rule) or because(decision, in_another=bool(of))
