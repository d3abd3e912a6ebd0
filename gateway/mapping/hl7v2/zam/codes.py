"""ERR-5 of a business acknowledgement: codes and their French labels (XDM_HL7V2 A6)."""

from gateway.records.messages.business_ack import ErrorSystem

APPLICATION = {
    "900": "Mauvaise version pour un remplacement ou une suppression",
    "901": "Auteur non autorisé à remplacer ou à supprimer",
    "902": "Identifiant de patient inconnu",
    "903": "INS absent du document",
    "904": "INS différent de celui connu",
    "905": "Traits de l'INS incomplets",
    "906": "Autre erreur",
}
DMP = {"DMPClosed": "DMP fermé"}
SMTP = {
    "101": "Connexion au serveur impossible",
    "111": "Connexion refusée par le serveur",
    "251": "Destinataire inconnu ici, message transmis",
    "252": "Adresse non vérifiable",
    "420": "Délai de connexion dépassé",
    "421": "Service non disponible",
    "422": "Boîte aux lettres pleine",
    "431": "Espace insuffisant sur le serveur",
    "432": "Serveur du destinataire arrêté",
    "441": "Serveur du destinataire sans réponse",
    "442": "Connexion interrompue",
    "450": "Boîte aux lettres indisponible",
    "451": "Erreur locale du serveur",
    "452": "Espace insuffisant",
    "500": "Commande non reconnue",
    "501": "Paramètre incorrect",
    "502": "Commande non disponible",
    "503": "Commandes dans le désordre",
    "504": "Paramètre non disponible",
    "510": "Adresse incorrecte",
    "512": "Domaine du destinataire introuvable",
    "513": "Type d'adresse incorrect",
    "523": "Message trop volumineux",
    "530": "Authentification nécessaire",
    "541": "Message rejeté par le destinataire",
    "550": "Boîte aux lettres inexistante ou refusée",
    "551": "Destinataire non local",
    "552": "Espace de la boîte dépassé",
    "553": "Nom de boîte incorrect",
    "554": "Envoi refusé",
}
LABELS = {
    ErrorSystem.APPLICATION: APPLICATION,
    ErrorSystem.DMP: DMP,
    ErrorSystem.SMTP: SMTP,
}
OTHER = "906"
PERMANENT, TEMPORARY = "554", "451"


def error_of(code: str, system: ErrorSystem) -> tuple[str, str, str]:
    """(ERR-5.1, ERR-5.2, ERR-5.3). A reply outside the published list is told as 554 or 451."""
    labels = LABELS[system]
    if code not in labels:
        code = _near(code, system)
    return code, labels.get(code, ""), system.value


def _near(code: str, system: ErrorSystem) -> str:
    if system is ErrorSystem.SMTP:
        return TEMPORARY if code.startswith("4") else PERMANENT
    return OTHER if system is ErrorSystem.APPLICATION else code
