"""The French words of the messages' pages."""

from gateway.records.correspondence.conversation import Delivery, Folder, Reason, Shut, Unwritten

FOLDERS = {
    Folder.RECEIVED: "Reçus",
    Folder.SENT: "Envoyés",
    Folder.DRAFTS: "Brouillons",
    Folder.ARCHIVED: "Archivés",
    Folder.BIN: "Corbeille",
}
MESSAGING, WRITE = "Messagerie", "Écrire un message"
NO_MORE = "Cette conversation n'est pas, ou plus, dans la messagerie."
NO_SUBJECT, NOBODY, UNNAMED = "Sans objet", "Sans destinataire", "Pièce jointe sans nom"
WHOM = (
    "Je peux uniquement contacter les professionnels qui m'ont déjà écrit et qui n'ont pas mis "
    "fin aux échanges."
)
WHOM_OF = (
    "Dans le profil {of}, vous pouvez uniquement contacter les professionnels qui ont déjà écrit "
    "à ce profil et qui n'ont pas mis fin aux échanges."
)
DONE = {
    "envoye": "Message envoyé",
    "brouillon": "Brouillon enregistré",
    "brouillon-supprime": "Brouillon supprimé",
    "archive": "Conversation archivée",
    "desarchive": "Conversation remise dans les messages reçus ou envoyés",
    "corbeille": "Conversation mise à la corbeille",
    "restaure": "Conversation sortie de la corbeille",
    "supprime": "Conversation supprimée",
    "refuse": "Les messages de cet expéditeur sont refusés",
    "accepte": "Les messages de cet expéditeur sont de nouveau acceptés",
}
DELIVERIES = {
    Delivery.WAITING: ("◐", "en attente", "masked"),
    Delivery.DELIVERED: ("●", "remis", "ok"),
    Delivery.UNDELIVERED: ("✕", "non remis", "no"),
    Delivery.READ: ("●", "lu", "ok"),
}
"""Shape, word and colour (PAGES section 3)."""
REASONS = {
    Reason.UNKNOWN_ADDRESS: "L'adresse de ce professionnel n'existe pas, ou n'existe plus.",
    Reason.REFUSED: "La messagerie de ce professionnel a refusé le message.",
    Reason.TOO_LARGE: "Le message est trop grand pour la messagerie de ce professionnel.",
    Reason.NO_ANSWER: "La messagerie de ce professionnel n'a pas répondu.",
    Reason.DOCUMENT: "Un document joint ne peut plus être envoyé.",
}
SHUT = {
    Shut.ENDED: "{name} a mis fin à vos échanges.",
    Shut.NEVER_WROTE: "{name} ne vous a pas encore écrit : vous ne pouvez pas lui écrire.",
    Shut.REFUSED: "Vous refusez les messages {of_name} : vous ne pouvez pas lui répondre.",
    Shut.GONE: "{name} n'est plus en activité. Vous ne pouvez pas lui répondre.",
}
DELETED_FOR_EVER = (
    "Une fois supprimée, vous ne pourrez plus accéder aux messages de cette conversation et aux "
    "documents associés."
)
DOCUMENTS_STAY = "Les documents déjà rangés dans les documents de ce profil restent."
REFUSE_EFFECTS = (
    "Les prochains messages {of_name} ne vous parviendront plus. Sa messagerie en sera avertie.",
    "Vous ne pourrez plus lui écrire. Cette conversation reste, et vous pourrez changer d'avis.",
)
DRAFT_LOST = "Ce que vous avez écrit et choisi de joindre ne sera pas gardé."

KEPT_BACK = {
    "active-content": "retenue, car ce fichier contient du contenu actif.",
    "pdf-encrypted": "retenue, car ce PDF est chiffré.",
    "mime-mismatch": "retenue, car le contenu de ce fichier ne correspond pas à son type.",
    "unsupported-type": "retenue, car ce type de fichier n'est pas accepté.",
}
"""Why the shield keeps back what came along (MSG-09), by the code of its finding."""
KEPT_BACK_AT_ALL = "retenue, car ce fichier pourrait être dangereux ou est endommagé."

CHOOSE_CORRESPONDENT = "Choisissez un destinataire."
GIVE_SUBJECT = "Donnez un objet à votre message."
EMPTY = "Votre message est vide."
TOO_LARGE = "La taille du ou des documents dépasse la limite autorisée."
FORM_TOO_LARGE = "Ce message est trop long. Revenez à la page précédente et raccourcissez-le."
TEXT_TOO_LONG = "Votre message compte {count} caractères. Raccourcissez-le à {most} au plus."
BAD_SUBJECT = "L'objet tient sur une seule ligne, de {most} caractères au plus."
TOO_MANY = "Choisissez {most} documents au plus."
OTHER = (
    "Depuis que vous avez commencé à écrire, {name} a écrit dans cette conversation. Votre réponse "
    "lui serait envoyée. Relisez-la, puis envoyez-la si c'est bien ce que vous voulez."
)
NOT_YOURS = "Un des documents choisis n'est plus disponible. Vérifiez votre choix."
REFUSALS: dict[Unwritten, tuple[int, str, str]] = {
    Unwritten.EMPTY: (422, "texte", EMPTY),
    Unwritten.SUBJECT: (422, "objet", BAD_SUBJECT),
    Unwritten.TEXT_TOO_LONG: (422, "texte", TEXT_TOO_LONG),
    Unwritten.TOO_LARGE: (413, "documents", TOO_LARGE),
    Unwritten.TOO_MANY: (422, "documents", TOO_MANY),
    Unwritten.UNKNOWN_CORRESPONDENT: (403, "destinataire", WHOM),
    Unwritten.ENDED: (409, "destinataire", SHUT[Shut.ENDED]),
    Unwritten.REFUSED: (409, "destinataire", SHUT[Shut.REFUSED]),
    Unwritten.GONE: (409, "destinataire", SHUT[Shut.GONE]),
    Unwritten.OTHER_CORRESPONDENT: (409, "destinataire", OTHER),
    Unwritten.NOT_YOURS: (404, "documents", NOT_YOURS),
}
"""Status, field and words (VAULT GEN-03)."""


def kept_back(code: str) -> str:
    return KEPT_BACK.get(code, KEPT_BACK_AT_ALL)
