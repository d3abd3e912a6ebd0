"""The French words of `/vaccination` (VAULT section 11)."""

PATH = "/vaccination"
TITLE, TITLE_OF = "Mes vaccinations", "Vaccinations {of}"
BACK = (PATH, "Vaccinations")
ADD, CHANGE = "Ajouter une vaccination", "Modifier une vaccination"
NONE = "Aucune vaccination pour l'instant."
COMING = "Vaccinations à venir"
ATTESTATION = "Attestation pour l'école"
SURE = (
    "Cette vaccination a été ajoutée ou confirmée par un professionnel de santé : elle ne peut pas"
    " être modifiée ou supprimée."
)
NOT_OWN = "Cette vaccination ne peut pas être modifiée ou supprimée : elle n'est pas la vôtre."
GIVE_VACCINE = "Saisissez le nom du vaccin ou son code CIS."
GIVE_DATE = "Saisissez la date de la vaccination."
IN_FUTURE = "La date ne peut pas être dans le futur."
BEFORE_BIRTH = "La date ne peut pas être avant la naissance."
TOO_LONG = "Raccourcissez à {most} caractères au plus."
UNKNOWN_VALENCE = "Choisissez dans la liste."
STALE = "Cette vaccination a changé entre-temps. Rouvrez la page et recommencez."
STALE_FORM = "Ce formulaire n'est plus valable. Rouvrez la page et recommencez."
ONLY_FOR_A_CHILD = (
    "L'attestation pour l'école est préparée pour un enfant par son représentant légal."
)
NO_BIRTH = "La date de naissance n'est pas connue au jour près : l'attestation ne peut être faite."
ALREADY_WITHDRAWN = "Cette attestation est déjà retirée."
DONE = {
    "ajout": "Vaccination ajoutée",
    "changement": "Vaccination modifiée",
    "suppression": "Vaccination supprimée",
    "acceptee": "Vaccination ajoutée depuis un document",
    "refusee": "Proposition écartée",
    "reunion": "Vaccinations réunies",
    "confirmee": "Vaccination confirmée",
    "attestation": "Attestation préparée",
    "retrait": "Attestation retirée",
}
"""By the end of an address."""
SOURCES = {
    "self": "ajoutée par le titulaire",
    "representative": "ajoutée par {who}, représentant légal",
    "caregiver": "ajoutée par {who}, proche aidant",
    "professional": "ajoutée par {who}",
    "application": "ajoutée par l'application {who}",
    "document": "lue dans un document",
}
YOURS = "ajoutée par vous"
CONFIRMED = "confirmée par {who}"
"""By a professional; what somebody accepted of a document is not confirmed by that."""
NEVER_JUDGED = (
    "Ces dates viennent du calendrier des vaccinations et de ce qui est noté ici. Elles ne tiennent"
    " pas compte des situations particulières. Parlez-en à un professionnel de santé."
)
ANSWERS = {
    "valide": "Cette attestation est valide.",
    "retirée": "Cette attestation a été retirée.",
    "inconnu": "Ce code est inconnu. Vérifiez chaque lettre et chaque chiffre.",
}
CODE_EMPTY = "Saisissez le code de l'attestation."
