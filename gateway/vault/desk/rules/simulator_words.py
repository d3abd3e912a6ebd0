"""What the form of the simulator offers, in words; the keys are those of ACCESS section 2."""

READERS = {
    "professional": "Professionnel",
    "patient": "Titulaire",
    "representative": "Représentant légal (parent)",
    "caregiver": "Proche aidant",
    "application": "Application du catalogue",
    "system": "Logiciel ou établissement",
    "operator": "Opérateur du 3422",
    "auditor": "Auditeur",
    "third_party": "Employeur, assureur ou autre tiers",
}
ACTIONS = {
    "open": "Ouvrir le document",
    "list": "Le voir dans la liste",
    "search": "Le trouver par une recherche",
    "deposit": "Le déposer",
    "replace": "Le remplacer",
    "delete": "Le supprimer",
    "mask": "Le masquer",
    "unmask": "Le démasquer",
    "announce": "L'annoncer au patient",
    "mail": "Le recevoir par messagerie",
    "export": "L'exporter",
    "trace": "Lire sa ligne du journal",
}
CODES = {
    "MASQUE_PS": "Masqué aux professionnels",
    "INVISIBLE_PATIENT": "Invisible au patient",
    "INVISIBLE_REPRESENTANTS_LEGAUX": "Invisible aux représentants légaux",
    "R": "Diffusion restreinte (R)",
    "V": "Diffusion très restreinte (V)",
}
STATUSES = {
    "current": "Version en cours",
    "superseded": "Remplacé par une version plus récente",
    "deleted": "Supprimé",
    "held": "En attente d'identité",
}
AGREEMENTS = {
    "": "Aucun accord",
    "professional": "Accord à ce professionnel",
    "team": "Accord à son équipe de soins",
    "occupational": "Accord exprès à ce médecin du travail",
}
MODES = {
    "normal": "Consultation habituelle",
    "bris_de_glace": "Urgence, autre professionnel",
    "samu": "Urgence, SAMU centre 15",
}
ACCOUNTS = {
    "active": "Activé",
    "open": "Créé, pas encore activé",
    "not_created": "Pas créé",
    "opposed": "Opposition",
    "closed": "Fermé",
    "archived": "Archivé",
}
BOOL = {"vrai": "oui", "faux": "non"}
VALUES: dict[str, object] = {"vrai": True, "faux": False}
SWITCHES = {
    "treating_sees_masked": BOOL,
    "administrators": BOOL,
    "team_consent": {"initial": "consentement initial", "arr": "informé et non opposé"},
    "block_and_emergency": {
        "block_wins": "le blocage l'emporte",
        "except_samu": "sauf le SAMU",
        "emergency_wins": "l'urgence l'emporte",
    },
    "occupational": {"closed": "fermé", "with_consent": "avec accord exprès"},
    "social_columns": {"suspended": "suspendues", "in_force": "en vigueur"},
    "application_reading": BOOL,
    "restricted_as_masked": BOOL,
    "strict_mail_matrix": BOOL,
    "mail_through_grid": BOOL,
    "mail_unqualified": BOOL,
}
SWITCH_WORDS = {
    "treating_sees_masked": "Le médecin traitant voit les documents masqués",
    "administrators": "Professionnels administrateurs",
    "team_consent": "Accord de l'équipe de soins",
    "block_and_emergency": "Blocage et urgence",
    "occupational": "Médecin du travail",
    "social_columns": "Professions du social",
    "application_reading": "Les applications peuvent lire",
    "restricted_as_masked": "Diffusion restreinte traitée comme masquée",
    "strict_mail_matrix": "Matrice stricte des envois",
    "mail_through_grid": "Envois soumis à la grille",
    "mail_unqualified": "Envois sans identité qualifiée",
}
STATUS_WORDS = {
    "official": "officielle",
    "reported": "rapportée",
    "inferred": "déduite",
    "placeholder": "provisoire : personne ne l'a publiée",
    "": "sans statut",
}
