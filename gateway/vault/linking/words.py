"""What the pages of a link say, in French."""

from gateway.records.patients.share_link import LEAST_DAYS, MOST_DAYS, MOST_LINKS

GIVEN = "/documents/liens"
OUTSIDE = "/lien"
TITLE = "Liens de partage"
SHARE = "Partager par lien"
FOR_SCHOOL = "Attestation pour l'école"
SHARED = "Document partagé"
MADE = "Lien créé. Donnez l'adresse, et le code par un autre moyen."
ENDED = "Lien retiré. Plus personne ne peut l'ouvrir."
DONE = {"lien": MADE, "retrait": ENDED}
BAD_DAYS = f"Saisissez un nombre de jours entre {LEAST_DAYS} et {MOST_DAYS}."
BAD_TO = "Écrivez pour qui en une ligne de 50 caractères au plus."
TOO_MANY = f"Vous avez déjà {MOST_LINKS} liens. Retirez-en un d'abord."
NO_CODE = "Saisissez le code."
NOT_OPENED = (
    "Ce lien ou ce code n'est pas valable, ou n'est plus valable. Demandez à la personne qui vous"
    " a donné le lien."
)
