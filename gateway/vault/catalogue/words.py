"""French words of the catalogue and of a launch."""

from gateway.access.scopes import Scope, reads
from gateway.records.catalogue.files import Criterion, Judgement
from gateway.records.catalogue.launches import Tally
from gateway.records.catalogue.reports import ReportReason
from gateway.vault import words

KINDS = {
    "Observation": "mesures et résultats",
    "DocumentReference": "documents",
    "Patient": "nom, prénom et date de naissance",
    "Immunization": "vaccinations",
    "Appointment": "rendez-vous",
    "AllergyIntolerance": "allergies",
    "Condition": "maladies et sujets de santé",
    "MedicationStatement": "traitements",
}
CODES = {
    "vital-signs": "signes vitaux",
    "laboratory": "analyses de laboratoire",
    "2345-7": "glycémie",
    "2339-0": "glycémie",
    "15074-8": "glycémie",
    "8480-6": "tension",
    "8462-4": "tension",
    "85354-9": "tension",
    "8867-4": "fréquence cardiaque",
    "29463-7": "poids",
    "8302-2": "taille",
    "39156-5": "indice de masse corporelle",
    "8310-5": "température",
    "59408-5": "oxygène dans le sang",
    "41950-7": "nombre de pas",
}
"""LOINC codes and categories that a scope may be narrowed to; any other is shown as it is."""
LETTERS = {"c": "ajouter", "u": "modifier", "d": "supprimer"}
CRITERIA = {
    Criterion.SECURITY: "Sécurité",
    Criterion.ETHICS: "Éthique",
    Criterion.INTEROPERABILITY: "Interopérabilité",
}
REASONS = {
    ReportReason.DATA: "Il utilise des données autrement qu'annoncé",
    ReportReason.SECURITY: "Il ne semble pas sûr",
    ReportReason.WRONG: "Il a ajouté des données fausses",
    ReportReason.MONEY: "Il demande de l'argent ou fait de la publicité",
    ReportReason.OTHER: "Autre motif",
}
CHOOSE_PROFILE = "Choisissez un profil."
STRANGE = (
    "Cette demande ne vient pas d'un service que nous connaissons, ou elle n'est pas complète."
    " Revenez au service et recommencez."
)
NOT_LISTED = "Ce service n'est pas dans le catalogue en ce moment. Il ne peut rien vous demander."
DOCUMENTS_CLOSED = "Pour l'instant, aucun service ne peut lire de documents, même autorisé."


def scope_words(scope: Scope) -> str:
    """« mesures et résultats : glycémie » ; what may be written says how."""
    said = KINDS[scope.kind]
    if scope.limits:
        said += " : " + ", ".join(_limit(value) for _, value in scope.limits)
    if reads(scope):
        return said
    return f"{said} ({', '.join(LETTERS[one] for one in scope.letters if one in LETTERS)})"


def half_words(scope: Scope) -> str:
    return f"{'Lire' if reads(scope) else 'Écrire'} : {scope_words(scope)}"


def tally_words(one: Tally) -> str:
    """« Mesures et résultats : 12 lus, 3 écrits »."""
    named = KINDS.get(one.kind, one.kind)
    return f"{named[:1].upper()}{named[1:]} : {one.read} lus, {one.written} écrits"


def _limit(value: str) -> str:
    codes = dict.fromkeys(one.rpartition("|")[2] for one in value.split(","))
    return ", ".join(dict.fromkeys(CODES.get(one, one) for one in codes))


def judgement_words(one: Judgement) -> str:
    """« Sécurité : avis du 3 mars 2026, valable jusqu'au 3 mars 2029 (Agence) »."""
    since, until = words.day(one.since), words.day(one.until)
    named = CRITERIA[one.criterion]
    return f"{named} : avis du {since}, valable jusqu'au {until} ({one.referee})"
