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
