"""The French words of the profile that are in no template and in no form."""

from gateway.mapping.entries.faults import Wrong
from gateway.records.entries.entry import WriterRole
from gateway.records.entries.kind import EntryKind

WRONG = {
    Wrong.NOT_A_DATE: "Saisissez une date, par exemple 2010, 05/2010 ou 12/05/2010.",
    Wrong.BEFORE_BIRTH: "Cette date est avant la naissance.",
    Wrong.IN_FUTURE: "La date ne peut pas être dans le futur.",
    Wrong.ENDS_BEFORE: "La date de fin doit suivre la date de début.",
    Wrong.UNKNOWN: "Choisissez une réponse de la liste.",
    Wrong.OUT_OF_RANGE: "Saisissez un âge en années, de 0 à 130.",
}
TOO_LONG = "Ce texte est trop long : {most} caractères au plus."
TICK = "Cochez la case « {label} »."
COMMENT_TOO_LONG = "Le commentaire a 3\u00a0000 caractères au plus."
FULL = {
    EntryKind.TRUSTED_PERSON: "Je ne peux ajouter qu'une seule personne de confiance.",
    EntryKind.CONTACT: "Je ne peux ajouter que 5 contacts d'urgence.",
}
FULL_ELSE = "Il y en a déjà une. Modifiez-la."
FILED = (
    "Vos directives anticipées sont un document. Remplacez-le par un autre fichier dans vos "
    "documents, ou supprimez-le pour les écrire ici."
)
STALE = "Cette information a changé depuis que la page est ouverte. Rien n'a été fait."
NOT_OWN = (
    "Cette information vient d'un professionnel de santé. Vous pouvez la masquer ou noter que vous "
    "n'êtes pas d'accord, mais pas la modifier ni la supprimer."
)
NOT_HERS = "Vous n'avez pas écrit cette information : vous ne pouvez pas la modifier."
NOT_YET = "Les directives anticipées sont réservées aux majeurs."
NOT_ALLOWED = "Vous ne pouvez pas ajouter cette information."
SEXES = {"F": "féminin", "M": "masculin"}
CHOOSE_RUBRIQUE = "Choisissez au moins une rubrique."
STALE_FORM = "Ce formulaire n'est plus complet. Rouvrez la page et recommencez."
NOT_FILED = "Vous ne pouvez pas ranger la synthèse dans ces documents."
UNFILED = "La synthèse n'a pas pu être rangée. Rouvrez la page et recommencez."
DONE = {
    "ajoute": "Information ajoutée",
    "modifie": "Information modifiée",
    "supprime": "Information supprimée",
    "rien": "C'est noté",
    "masque": "Information masquée",
    "visible": "Information visible",
    "desaccord": "Désaccord noté",
    "accord": "Désaccord retiré",
    "confirme": "Information confirmée",
    "accepte": "Proposition acceptée",
    "refuse": "Proposition refusée",
}
ROLES = {
    WriterRole.REPRESENTATIVE: "représentant légal",
    WriterRole.CAREGIVER: "proche aidant",
    WriterRole.APPLICATION: "application",
}
