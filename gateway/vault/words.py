"""The French words of the pages that are not in a template, and how dates and sizes are said."""

import re
from datetime import date, datetime
from itertools import pairwise

from gateway.records import days, duration

PARIS = duration.PARIS
ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:T(\d{2}):(\d{2}).*)?", re.ASCII)

SIGNIN_EMPTY_LOGIN = "Saisissez votre identifiant"
SIGNIN_EMPTY_PASSWORD = "Saisissez votre mot de passe"  # noqa: S105 — words of a page
SIGNIN_WRONG = "L'identifiant ou le mot de passe n'est pas correct."
CODE_EMPTY = "Saisissez le code à 6 chiffres"
CODE_WRONG = "Ce code n'est pas correct ou n'est plus valable."
CODE_SENT = "Un nouveau code vient d'être envoyé."
CODE_HINT = {
    "sms": "6 chiffres, envoyé par SMS au {shown}, valable 10 minutes",
    "email": "6 chiffres, envoyé par e-mail à {shown}, valable 10 minutes",
}
CODE_HINT_NO_CONTACT = (
    "Nous n'avons ni mobile ni e-mail pour vous envoyer un code. Appelez le 3422."
)
TOO_MANY = "Trop d'essais. Réessayez à {hour}."
TOKEN_EMPTY = "Saisissez votre jeton de démonstration"  # noqa: S105 — words of a page
TOKEN_WRONG = "Ce jeton n'est pas correct."  # noqa: S105 — words of a page
SESSION_OVER = "Votre session est terminée. Reconnectez-vous : rien n'est perdu."
SPACE_SHUT = "Votre espace n'est pas ouvert."
SIGNED_OUT = "Vous êtes déconnecté."
SPACE_LEFT = {
    "fermeture": "Votre espace est fermé. Pour le rouvrir ou demander sa suppression, "
    "connectez-vous.",
    "suppression": "Votre espace est fermé et sa suppression est demandée. Pour y renoncer, "
    "connectez-vous.",
}
"""At the sign-in, after a closing; by the end of its address."""
STALE_FORM = "Ce formulaire n'est plus valable. Revenez à la page précédente et recommencez."
OTHER_PROFILE = (
    "Vous avez changé de profil depuis que cette page est ouverte, peut-être dans un autre onglet. "
    "Rien n'a été fait. Rouvrez la page dans le bon profil et recommencez."
)
BACK_TO_CODE = "Revenir à la saisie du code"
NOT_HERE = "Cette page n'existe pas ou vous n'y avez pas accès."
NOT_YOUR_ROLE = "Votre rôle n'ouvre pas cette page du bureau."
CHOOSE_CANDIDATE = "Choisissez une personne."
NOT_PROPOSED = "Cette proposition ne peut pas être faite en l'état."
NOT_HELD_ANY_MORE = "Ce dépôt n'attend plus, ou ce qu'en dit la proposition n'est plus vrai."
BEING_SETTLED = (
    "Quelqu'un d'autre traite ce dépôt en ce moment. Attendez deux minutes, puis regardez s'il "
    "attend encore."
)
NOT_THE_SAME_PERSON = "Une autre personne que celle qui l'a proposé doit valider."
BAD_AGE = "Saisissez un âge en années, de 0 à 120."
UNKNOWN_VERSION = "Choisissez une version gardée."
BAD_DURATION = "Saisissez une durée ISO 8601, par exemple P14D, P1M ou PT15M."
NOT_NOW = "Le service ne répond pas pour le moment. Réessayez dans quelques minutes."
OUR_FAULT = "Une erreur est survenue de notre côté. Réessayez dans quelques minutes."
FORM_AGAIN = "Rouvrir le formulaire"
NOT_UNDERSTOOD = "Cette demande n'a pas pu être comprise."
MASKED = "Document masqué"
UNMASKED = "Document visible"
RELABELLED = "Libellé changé dans votre vue"
LABEL_GIVEN_BACK = "Libellé d'origine rétabli"
FILE_TOO_LARGE = "Ce fichier est trop grand pour cette page."
CHANGED_MEANWHILE = (
    "Ceci a changé depuis que la page est ouverte. Rien n'a été enregistré. Vérifiez ce que vous"
    " avez écrit, puis enregistrez de nouveau."
)
"""Above a stale form that gives back what was typed."""
TEXT_TOO_LARGE = "Ce texte est trop long. Revenez à la page précédente et raccourcissez-le."
PROOF_TOO_LARGE = (
    f"{FILE_TOO_LARGE} Vérifiez-le sur votre ordinateur : python -m conformance verify FICHIER."
)
TOO_SLOW = "Le formulaire n'est pas arrivé en entier. Vérifiez votre connexion et recommencez."
BAD_DATE = "Saisissez une date, par exemple 12/03/2026."
PERIOD_BACKWARDS = "La date de fin doit suivre la date de début."
NO_PATIENT = "Aucun patient ne correspond. Vérifiez les traits sur une pièce d'identité."
BAD_INS = "Un INS compte 15 caractères."
UNQUALIFIED = "Identité non qualifiée : consultation impossible."
FILL_IN_ONE = "Remplissez le champ « {label} »."
"""Where a form has several: the block of problems names each by its words alone."""
TELL_PATIENT = "Informez le patient, puis cochez la case."
NOT_ALLOWED = "Le patient n'autorise pas l'accès."
NOT_A_CARER = "Votre activité n'est pas une activité de soin : consultation impossible."
NO_COLLEAGUE = "Aucun professionnel connu ici ne correspond à ce nom ou à ce numéro."
SEVERAL_COLLEAGUES = "Plusieurs professionnels portent ce nom. Saisissez le numéro RPPS."
CHOOSE_MOTIVE = "Choisissez un motif"
SAY_MOTIVE = "Précisez le motif en quelques mots."
MOTIVE_TOO_LONG = "Le motif compte {count} caractères. Raccourcissez-le à {most} au plus."
TICK_UNABLE = "Cochez la case si le patient ne peut pas exprimer sa volonté."
EMERGENCY_OPPOSED = "Le patient s'est opposé à l'accès en urgence."
EMERGENCY_REFUSED = "L'accès en urgence n'est pas possible pour ce dossier."
UNKNOWN_PROFESSIONAL = "Choisissez un professionnel ou un établissement de la liste."
CHOOSE_READER = "Choisissez un professionnel ou une profession."
EMERGENCY_ALONE = (
    "Pour autoriser l'accès à vos documents masqués, autorisez d'abord le SAMU ou les autres "
    "professionnels."
)
PROFILE_NOT_FOUND = (
    "Profil introuvable, informations incorrectes ou compte Mon espace santé non actif."
)
CAREGIVERS_FULL = "Vous avez déjà 3 proches aidants."
ALREADY_SHARED = "Cette personne a déjà accès à ce profil, ou y est déjà invitée."
NO_INVITATION = "Cette invitation n'attend plus de réponse."
CARED_FOR_FULL = "Vous êtes déjà proche aidant de 5 personnes."
NIR_LENGTH = "Le numéro de sécurité sociale compte 15 caractères."
CHOOSE_SCOPE = "Choisissez au moins une autorisation, ou refusez."
START_IN_PAST = "La date de début doit être aujourd'hui ou dans le futur."
CHOOSE_DOCUMENTS = "Choisissez au moins un document."
END_IN_PAST = "La date de fin doit être dans le futur."
ONLY_READS = (
    "Vous êtes proche aidant : vous pouvez lire les documents et en ajouter. Seul le titulaire du "
    "profil, ou son représentant légal, choisit qui les voit et lit l'historique."
)
UNTITLED = "Document sans titre"

WHY_LABEL = {
    "type": "Le type du document, donné par le professionnel, appartient à « {label} ».",
    "loinc": "Son type, d'une liste internationale, appartient à « {label} ».",
    "display": "Son type n'est pas dans notre table ; le nom de ce type fait penser à « {label} ».",
    "code": "Son type n'est pas dans notre table ; son code fait penser à « {label} ».",
    "class": "Son type n'est pas dans notre table ; sa classe appartient à « {label} ».",
    "title": "Son type n'est pas dans notre table ; son titre fait penser à « {label} ».",
    "section": "Son type n'est pas dans notre table ; ses chapitres font penser à « {label} ».",
    "format": "Son type n'est pas dans notre table ; son modèle appartient à « {label} ».",
    "author": "Son type n'est pas dans notre table ; son auteur fait penser à « {label} ».",
    "text": "Son type n'est pas dans notre table ; ses premiers mots font penser à « {label} ».",
    "results": "Son type n'est pas dans notre table ; il contient des résultats d'analyses.",
    "local": "Son type, propre à l'établissement qui l'a envoyé, appartient à « {label} ».",
    "operator": "Une personne qui vérifie les libellés l'a rangé dans « {label} ».",
    "default": "Son type n'est pas dans notre table : il est rangé dans « {label} ».",
}

FLAG_WORDS = {
    "": "",
    "N": "dans l'intervalle",
    "L": "en dessous",
    "LL": "très en dessous",
    "H": "au-dessus",
    "HH": "très au-dessus",
    "A": "signalé par le laboratoire",
    "AA": "signalé par le laboratoire",
    "<": "sous le seuil de mesure",
    ">": "au-dessus du seuil de mesure",
    "S": "sensible",
    "I": "intermédiaire",
    "R": "résistant",
    "POS": "positif",
    "NEG": "négatif",
    "IND": "indéterminé",
}
RESULT_STATUS_WORDS = {
    "P": "provisoire",
    "R": "pas encore validé",
    "S": "partiel",
    "I": "en attente",
    "O": "demandé",
    "C": "corrigé",
    "D": "supprimé",
    "W": "transmis par erreur",
    "X": "non réalisé",
    "N": "non demandé",
}
"""OBX-11 (HL70085) where it is not simply final."""


def day(value: str | date | None) -> str:
    """« 12 mars 2026 », or « mars 2026 » or « 2026 » where no more is known."""
    if isinstance(value, datetime):
        return date_of(value)
    if isinstance(value, date):
        value = value.isoformat()
    found = ISO_DATE.fullmatch(value or "")
    if not found:
        return value or ""
    if found.group(4):
        return _day_of_instant(str(value))
    year, month, number = found.group(1), found.group(2), found.group(3)
    name = days.MONTHS[int(month) - 1] if month and 1 <= int(month) <= 12 else ""
    return " ".join(part for part in (str(int(number)) if number else "", name, year) if part)


def _day_of_instant(value: str) -> str:
    """An impossible instant is said as it stands."""
    try:
        return date_of(datetime.fromisoformat(value.replace("Z", "+00:00")))
    except (ValueError, OverflowError):
        return value


def date_of(instant: datetime) -> str:
    """« 12 mars 2026 », in Paris."""
    return days.day_of(instant)


def hour(instant: datetime) -> str:
    """« 14 h 05 », in Paris, with unbreakable blanks."""
    wall = days.wall_of(instant)
    return f"{wall.hour}\u00a0h\u00a0{wall.minute:02d}"


def moment(instant: datetime) -> str:
    """« 12 mars 2026 à 14 h 05 »."""
    return f"{date_of(instant)} à {hour(instant)}"


def size(count: int) -> str:
    """« 12 Ko », « 1,5 Mo »: powers of ten, as the screens of a phone say it."""
    if count < 1_000:
        return f"{count}\u00a0octets"
    if count < 1_000_000:
        return f"{round(count / 1_000)}\u00a0Ko"
    if count < 1_000_000_000:
        return f"{count / 1_000_000:.1f}".replace(".", ",") + "\u00a0Mo"
    return f"{count / 1_000_000_000:.1f}".replace(".", ",") + "\u00a0Go"


def number(count: int) -> str:
    """« 1 204 », with an unbreakable blank."""
    return f"{count:,}".replace(",", "\u00a0")


def ins(matricule: str) -> str:
    """« 2 84 03 75 116 042 82 » (PAGES section 2, rule 5)."""
    ends = (1, 3, 5, 7, 10, 13, len(matricule))
    parts = (matricule[start:end] for start, end in pairwise((0, *ends)))
    return "\u00a0".join(part for part in parts if part)


VOWELS = frozenset("aeiouyhàâäéèêëîïôöùûü")


def of(name: str) -> str:
    """« de Léo », « d'Anaïs », « d'Yves », « de Yasmine »."""
    first, second = name[:1].casefold(), name[1:2].casefold()
    elided = first in VOWELS and not (first == "y" and second in VOWELS)
    return f"d'{name}" if elided else f"de {name}"


def plural(count: int, one: str, many: str) -> str:
    """« 1 document », « 4 documents »; a count of zero is a sentence of its own."""
    return f"{count} {one if count == 1 else many}"
