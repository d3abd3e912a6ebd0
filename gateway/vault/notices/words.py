"""What the pages say of each kind of notice."""

from gateway.records.notices import Notice, Way

TITLES = {
    Notice.DEPOSITED: "Un document a été ajouté",
    Notice.CHANGED: "Un document a été modifié ou retiré",
    Notice.MESSAGE: "Un message est arrivé",
    Notice.FIRST_ACCESS: "Un professionnel a consulté l'espace pour la première fois",
    Notice.EMERGENCY: "L'espace a été consulté en urgence",
    Notice.FILLED: "Le profil ou l'agenda a été complété",
    Notice.ACCOUNT: "Un événement du compte",
    Notice.SHARING: "Un accès au profil a changé",
    Notice.REMINDER: "Un rappel",
    Notice.SERVICES: "Les services synchronisés",
    Notice.HIDDEN: "Un document est visible, ou un professionnel souhaite vous parler",
}
"""Of one notice in the list."""
KINDS = {
    Notice.DEPOSITED: "Un professionnel ajoute un document",
    Notice.CHANGED: "Un document est modifié, remplacé ou retiré",
    Notice.MESSAGE: "Un message arrive",
    Notice.FIRST_ACCESS: "Un professionnel consulte l'espace pour la première fois",
    Notice.EMERGENCY: "L'espace est consulté en urgence",
    Notice.FILLED: "Un professionnel complète le profil, les vaccins, les mesures ou l'agenda",
    Notice.ACCOUNT: "Un événement du compte : mot de passe, coordonnées, fermeture",
    Notice.SHARING: "Un partage de profil, un proche aidant, la majorité",
    Notice.REMINDER: "Un rappel : vaccin, dépistage, examen, rendez-vous",
    Notice.SERVICES: "La liste des services synchronisés, tous les trois mois",
    Notice.HIDDEN: "Un document jusque-là réservé devient visible",
}
"""Of one line of the settings."""
WAYS = {
    Way.EMAIL: "Par e-mail",
    Way.SMS: "Par SMS",
    Way.BOTH: "Par e-mail et par SMS",
    Way.NONE: "Seulement dans mon espace",
}
ALWAYS_SENT = "toujours envoyée"
NEVER_OFF = "Cette notification est toujours envoyée. Choisissez l'e-mail, le SMS ou les deux."
UNKNOWN = "Choisissez un des envois proposés."
DONE = {
    "lues": "Notifications marquées comme lues",
    "supprimee": "Notification supprimée, pour toutes les personnes qui gèrent ce profil",
    "deja": "Cette notification n'était déjà plus là",
    "envois": "Envoi des notifications enregistré",
}
