"""The French words of `/parametres/telecharger` (VAULT section 15)."""

OWN_TITLE = "Télécharger mes données"
TITLE = "Télécharger les données {of}"
UNDER_WAY = "Une copie est déjà en préparation. Attendez qu'elle soit prête."
NO_ROOM = "Il n'y a pas assez de place pour préparer une copie. Réessayez plus tard."
SPENT = "Cette copie a déjà été téléchargée {count} fois. Vous pouvez en demander une nouvelle."
NO_LONGER = (
    "Cette copie ne peut plus être téléchargée : son délai est passé, ou ce que vous pouvez lire a "
    "changé depuis. Vous pouvez en demander une nouvelle."
)
BACK = "Télécharger mes données"
NO_LONGER_KEPT = "ce fichier n'est plus gardé."
