"""The French words of a deposit: what is missing in the form, and what the gateway found."""

from collections.abc import Iterable

from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.finding import Finding, Severity

CHOOSE_FILE = "Choisissez un fichier"
EMPTY_FILE = "Ce fichier est vide. Choisissez-en un autre."
TOO_LARGE = "Sélectionner un fichier de moins de 15 Mo"
BAD_TYPE = "Ce type de fichier n'est pas accepté."
GIVE_TITLE = "Donnez un titre au document"
TITLE_TOO_LONG = "Le titre compte 100 caractères au plus."
CHOOSE_TYPE = "Choisissez un type de document"
GIVE_DATE = "Donnez la date de l'acte"
IN_FUTURE = "La date ne peut pas être dans le futur."
BEFORE_BIRTH = "La date ne peut pas précéder la naissance du patient."
NOT_A_MINOR = "Ce choix n'existe que pour un patient mineur."
STALE = "Ce formulaire n'est plus complet. Rouvrez la page de dépôt."
NOT_OPEN = "L'espace de ce patient n'est pas ouvert : aucun dépôt n'est possible."
OPPOSED = "Le patient s'est opposé au dépôt de documents."
NOT_HERE = "Aucun dépôt n'est possible dans ce dossier."
WHY_NOT = {"F10": NOT_OPEN, "F39": OPPOSED}
"""Why the act « déposer » is absent, by the rule that refuses it: never more than this."""

SETTLED = {
    DocumentStatus.SUPERSEDED: "Une version plus récente remplace déjà ce document : rien n'a été "
    "changé.",
    DocumentStatus.WITHDRAWN: "Ce document est déjà supprimé : rien n'a été changé.",
}
"""To its author, who holds a form about what is no current version any more."""

FILE, TYPE, FORM = "fichier", "type", ""
NOT_A_CDA = "Ce fichier XML n'est pas un document CDA R2 lisible."
BAD_PDF = "Ce PDF est endommagé ou trop complexe. Enregistrez-le de nouveau."
NOT_OPEN_NOW = "L'espace de ce patient n'est pas ouvert. Le document n'est pas déposé."
FOUND: dict[str, tuple[str, str]] = {
    "active-content": (
        FILE,
        "Ce fichier contient du contenu actif. Enregistrez-le de nouveau en PDF simple.",
    ),
    "pdf-encrypted": (FILE, "Ce PDF est chiffré. Enregistrez-le sans mot de passe."),
    "pdf-limits": (FILE, BAD_PDF),
    "pdf-trailing": (FILE, BAD_PDF),
    "pdf-malformed": (FILE, BAD_PDF),
    "mime-mismatch": (FILE, "Le contenu du fichier ne correspond pas à son type."),
    "text-empty": (FILE, "Ce fichier ne contient aucun texte."),
    "text-charset": (FILE, "Enregistrez ce texte en UTF-8."),
    "unsupported-type": (FILE, BAD_TYPE),
    "cda-root": (FILE, NOT_A_CDA),
    "patient-mismatch": (FILE, "Ce document concerne une autre personne."),
    "ins-oid": (FILE, "L'INS de ce document n'est pas d'un domaine accepté ici."),
    "unique-id-conflict": (FILE, "Un autre document porte déjà l'identifiant de ce CDA."),
    "document-withdrawn": (FILE, "Ce CDA a été supprimé par son auteur. Donnez-lui un autre id."),
    "replaced-unknown": (FILE, "La version que ce document remplace n'est pas connue ici."),
    "version-not-latest": (FORM, "Une version plus récente a été déposée entre-temps."),
    "not-author": (FORM, "Seul l'auteur du document peut le remplacer."),
    "deposit-denied": (TYPE, "Les règles d'accès refusent ce dépôt."),
    "vault-absent": (FORM, NOT_OPEN_NOW),
    "vault-opposed": (FORM, NOT_OPEN_NOW),
    "vault-closed": (FORM, NOT_OPEN_NOW),
    "key-reused": (
        FORM,
        "Ce formulaire a déjà servi pour un autre document. Vérifiez-le et envoyez-le de nouveau.",
    ),
}
XML_CODES = "xml-"
OTHER = "Le document n'a pas été accepté : {code}."


def errors_of(findings: Iterable[Finding]) -> dict[str, str]:
    """Field by field, the first error of each; only what refuses is an error."""
    errors: dict[str, str] = {}
    for one in findings:
        if one.severity is Severity.ERROR:
            name, said = _said(one)
            errors.setdefault(name, said)
    return errors


def _said(finding: Finding) -> tuple[str, str]:
    if finding.code.startswith(XML_CODES):
        return FILE, NOT_A_CDA
    return FOUND.get(finding.code, (FILE, OTHER.format(code=finding.code)))
