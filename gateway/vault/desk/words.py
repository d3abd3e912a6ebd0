"""The French words of the desk that stand in no template."""

from gateway.records.intake.filing import Door
from gateway.records.patients.account import AccountState
from gateway.records.patients.index import DeskAct

DOOR_WORDS = {
    Door.MLLP: "HL7 (MLLP)",
    Door.HTTP: "dépôt HTTP",
    Door.FHIR: "FHIR",
    Door.FOLDER: "dossier surveillé",
    Door.SMTP: "messagerie sécurisée",
    Door.DESK: "bureau",
}
ACT_WORDS = {
    DeskAct.QUALIFY: "Rattacher le dépôt à cette personne",
    DeskAct.CORRECT: "Corriger l'identité connue d'après ce message",
    DeskAct.MERGE: "Réunir les deux identités de ce message",
}
EFFECT_WORDS = {
    DeskAct.QUALIFY: "Les documents de ce dépôt seront rangés chez cette personne, et visibles par "
    "elle et par ceux qu'elle autorise.",
    DeskAct.CORRECT: "L'identité connue prendra ce que dit ce message, et ce qui l'attendait sera "
    "jugé de nouveau.",
    DeskAct.MERGE: "Les deux dossiers n'en feront qu'un : les documents de la personne qui "
    "disparaît seront visibles dans l'autre dossier.",
}
"""What a second person brings about (PAGES section 2, rule 8)."""
STATE_WORDS = {
    AccountState.UNKNOWN: "jamais invité",
    AccountState.INVITED: "invité",
    AccountState.OPPOSED: "opposé",
    AccountState.CREATED: "espace créé",
    AccountState.ACTIVE: "espace actif",
    AccountState.CLOSED: "espace fermé",
    AccountState.ERASING: "suppression en cours",
    AccountState.ERASED: "supprimé",
}
