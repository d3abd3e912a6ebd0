"""The French words of the exits (PAGES section 4, VAULT ACC-11 to ACC-18)."""

from collections.abc import Mapping

from gateway.flows.leaving.leave import WORD
from gateway.flows.leaving.proof import CLOSING, OPPOSITION
from gateway.flows.leaving.room import OverError
from gateway.flows.sending.notices.leaving import NO_EFFECT
from gateway.vault import words

OPPOSE, CLOSE, DELETE = (
    "M'opposer à la création",
    "Fermer mon espace santé",
    "Supprimer mon espace santé",
)
CONFIRM = "Confirmer la fermeture"
CLOSED = "Mon espace santé est fermé"
NO_CHANGE = (
    "Cela ne change rien à vos droits ni à vos remboursements. "
    "Vous pourrez changer d'avis à tout moment."
)
IS_MADE = "Un profil a déjà été créé pour cette personne."
TO_CLOSE = "Connectez-vous pour le fermer, dans « Paramètres »."
IS_CLOSED = "Mon espace santé est déjà fermé."
IS_CLOSED_SINCE = "Mon espace santé est déjà fermé, depuis le {day}."
PASSWORD_EMPTY = "Saisissez votre mot de passe"  # noqa: S105 - words of a page
PASSWORD_WRONG = "Ce mot de passe n'est pas correct."  # noqa: S105 - words of a page
TYPE_WORD = f"Tapez le mot {WORD} en lettres majuscules."
TYPE_WORD_OR_NOTHING = f"Tapez le mot {WORD} en lettres majuscules, ou laissez ce champ vide."
AGREE = "Cochez la case pour accepter les conditions d'utilisation."
BEING_ERASED = "La suppression de cet espace a commencé. Il ne peut plus être rouvert."
BEING_ERASED_BY = "Elle sera terminée au plus tard le {day}."
NOT_ANY_MORE = "Cet espace a changé depuis que cette page est ouverte. Rien n'a été fait."
REOPENED = {
    "rouvert": "Espace rouvert. Tout est comme avant, sauf les applications : autorisez-les de "
    "nouveau si vous le voulez.",
    "rouvert-annule": "Espace rouvert, et demande de suppression annulée. Tout est comme avant, "
    "sauf les applications : autorisez-les de nouveau si vous le voulez.",
    "deja-rouvert": "Cet espace était déjà rouvert.",
    "ferme": "Espace fermé. Vous pouvez le rouvrir, ou demander sa suppression.",
    "ferme-suppression": "Espace fermé, et suppression demandée. Vous pouvez y renoncer.",
}
"""At the profiles."""
DONE = {
    "demandee": "Suppression demandée",
    "maintenu": "Suppression annulée. L'espace reste fermé.",
}
PROOF_TITLES = {OPPOSITION: "Preuve d'opposition", CLOSING: "Preuve de fermeture"}
PROOF_SAYS = {
    OPPOSITION: (
        "Cette personne s'est opposée à la création de Mon espace santé.",
        "Aucun document n'y est déposé.",
    ),
    CLOSING: (
        "L'espace de cette personne est fermé.",
        "Personne ne peut y lire ni y ajouter quoi que ce soit.",
    ),
}
PROOF_EFFECTS: Mapping[str, tuple[str, ...]] = {
    OPPOSITION: NO_EFFECT,
    CLOSING: (
        NO_EFFECT[0],
        "Le contenu de cet espace est gardé dix ans, puis supprimé.",
        "Il peut être rouvert, ou supprimé plus tôt à votre demande.",
    ),
}
PROOF_FOOT = (
    "Gardez cette preuve. Sa référence permet au 3422 de retrouver l'acte dans le journal signé. "
    "Besoin d'aide ? 3422"
)


def over_words(error: OverError) -> str:
    """Why nothing was done: with the day by which a deletion that has begun is done."""
    if error.due is None:
        return NOT_ANY_MORE
    return f"{BEING_ERASED} {BEING_ERASED_BY.format(day=words.date_of(error.due))}"
