"""The French words of « Files », « Courriers en échec » and « Santé »."""

from gateway.access.decide import DECISIONS
from gateway.flows.desk.messages.last_word import End, LastWord, What
from gateway.flows.desk.messages.masking import MASK
from gateway.flows.desk.queues.letters import Letter
from gateway.records.health import Check
from gateway.records.task import TaskKind

CHECK_WORDS = {
    Check.STORE: ("Écriture", "la base doit être rouverte : redémarrez la passerelle"),
    Check.DISK: ("Réserve du disque", "entamée : les dépôts sont remis à plus tard"),
    Check.COMMITS: ("Enregistrement en cours", "il dure trop longtemps"),
    Check.DATABASE: ("Base de données", "elle ne répond pas à temps"),
    Check.WRITABLE: (
        "Base ouverte en écriture",
        "elle ne se laisse que lire, comme après une bascule : rien ne peut être enregistré",
    ),
    Check.LOG: ("Journal des accès", "il n'est plus ce qui a été signé : plus rien n'est signé"),
    Check.KEYS: (
        "Clés des dossiers",
        "une clé manque : ce dossier seul ne peut pas être lu. Retrouvez sa clé dans une"
        " sauvegarde, ou effacez ce dossier à deux",
    ),
}
"""Of each its name, and what is wrong where something is."""
MEMORY_WORDS = {
    "writer": "dépôts qui attendent le disque",
    "helpers": "dépôts à lire dans un processus voisin",
}
END_WORDS = {
    End.REFUSED: "refusé",
    End.GIVEN_UP: "sans succès, délai épuisé",
    End.DENIED: "non permis",
    End.NO_ADDRESS: "sans adresse",
    End.UNREADABLE: "illisible",
    End.RETURNED: "revenu",
    End.UNCLEAR: "incertain",
    End.UNREAD: "arrivé, non intégré",
    End.AGAIN: "en attente",
    End.OTHER: "terminé",
}
WHAT_WORDS = {
    What.MAIL_REFUSED: "Le serveur de messagerie refuse ce courrier.",
    What.MAIL_LATER: "Le serveur de messagerie ne prend pas ce courrier pour l'instant.",
    What.MAIL_AWAY: "Le serveur de messagerie ne répond pas.",
    What.MAIL_NO_TLS: "Le serveur de messagerie n'offre pas STARTTLS ; rien ne part en clair.",
    What.MAIL_CERTIFICATE: "Le certificat du serveur de messagerie n'est pas celui de son "
    "adresse, ou ne vient pas d'une autorité connue ici (ca).",
    What.MAIL_TLS: "Le serveur de messagerie n'accepte pas notre certificat ou notre chiffrement.",
    What.MAIL_CLOSED: "Le serveur de messagerie a coupé la connexion.",
    What.RETURNED: "Le serveur de messagerie l'avait pris, puis il est revenu.",
    What.UNCLEAR: "Revenu d'un essai que l'on ignore : le dernier est peut-être arrivé.",
    What.UNREAD: "Le logiciel du destinataire n'a pas pu prendre ce courrier.",
    What.ANSWERED: "Réponse du destinataire.",
    What.SILENT: "Le destinataire n'a pas répondu à temps.",
    What.CUT: "La connexion s'est coupée avant la réponse.",
    What.TLS: "La connexion chiffrée (TLS) avec le destinataire a échoué.",
    What.AWAY: "Le destinataire n'est pas joignable.",
    What.BAD_ADDRESS: "L'adresse du destinataire n'est pas valable.",
    What.NO_FORWARD: "Cette réexpédition n'est plus configurée.",
    What.NOT_KEPT: "Le message n'est plus gardé.",
    What.NO_DOCUMENT: "Le document n'est plus là.",
    What.NO_RECIPIENT: "L'accusé ne nomme aucun destinataire de son message.",
    What.UNFIT: "Ce message ne peut pas être écrit sous cette forme.",
    What.CERTIFICATES: "Les certificats de [sending] ne peuvent pas être lus.",
    What.STORAGE: "La base ne répondait pas, ou le disque était plein.",
    What.OURS: "Erreur de la passerelle : voyez son journal technique.",
    What.RULE: "Une règle d'accès ne le permet pas.",
    What.NOTHING: "",
    What.MASKED: MASK,
}
NO_ADDRESS = "Aucune adresse n'est connue."
UNREADABLE = "Sa ligne, ou la clé de la personne, est endommagée."
NOT_A_LETTER = "Ce courrier n'est plus en échec : quelqu'un l'a déjà relancé ou abandonné."
PATIENTS_BOX = "boîte de patient"
THIS_HOUSE = "cette passerelle"
TREATING = "médecin traitant"


def answer_words(said: LastWord) -> str:
    """The text beside the codes; of a rule of access its own."""
    if said.end is End.NO_ADDRESS:
        return NO_ADDRESS
    if said.end is End.UNREADABLE:
        return UNREADABLE
    decision = DECISIONS.get(said.codes[0]) if said.what is What.RULE and said.codes else None
    return decision.because if decision else WHAT_WORDS[said.what]


def who_words(by: str) -> str:
    """An operator by number, never by name; else who said so on the command line."""
    return f"l'agent {by}" if by.isdecimal() else by


def destination(one: Letter) -> str:
    if one.to_patient:
        return PATIENTS_BOX
    if one.to:
        return one.to
    return TREATING if one.kind is TaskKind.DOCTOR_NOTICE else THIS_HOUSE
