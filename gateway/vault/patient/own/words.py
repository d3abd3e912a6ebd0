"""The French words of a patient's own documents (PAGES `/documents/ajouter`)."""

from collections.abc import Iterable

from gateway.mapping.files.own_file import BAD_TYPE, DAMAGED, MAX_FILES, MIXED, TOO_LARGE
from gateway.records.intake.finding import Finding, Severity

MEGABYTE = 1_000_000
CHOOSE_FILE = "Choisissez un fichier"
EMPTY_FILE = "Ce fichier est vide. Choisissez-en un autre."
ONE_IS_EMPTY = "Un de ces fichiers est vide. Choisissez-les de nouveau, sans celui-là."
GIVE_TITLE = "Donnez un titre au document"
TITLE_TOO_LONG = "Le titre compte 50 caractères au plus."
CHOOSE_LABEL = "Choisissez un libellé"
NOT_DIRECTIVES = (
    "Les directives anticipées se déposent par une personne majeure, dans son propre espace."
)
WRITTEN = (
    "Vos directives anticipées sont écrites dans votre profil médical. Supprimez-les du profil "
    "pour déposer un document à la place."
)
FILED = (
    "D'autres directives anticipées sont déjà dans vos documents. Remplacez leur fichier, ou "
    "supprimez-les d'abord."
)
CHOOSE_PAPER = "Choisissez un genre de pièce"
GIVE_DATE = "Donnez la date du document"
IN_FUTURE = "La date ne peut pas être dans le futur."
BEFORE_BIRTH = "La date ne peut pas précéder la naissance."
NOTE_TOO_LONG = "La note compte 500 caractères au plus."
STALE = "Ce formulaire n'est plus complet. Rouvrez la page et recommencez."
NOT_OWN = (
    "Vous ne pouvez pas supprimer ce document car il a été ajouté par un professionnel de santé ou "
    "Mon espace santé."
)
TOO_MANY = "Choisissez 10 documents au plus."
CHOOSE_SOME = "Choisissez au moins un document."
CHANGED = "Ce document a changé entre-temps : rien n'a été fait. Rouvrez la page."
CHANGED_SOME = "Un de ces documents a changé entre-temps : rien n'a été supprimé."
ADDED = "Document ajouté"
CHANGED_DONE = "Document modifié"
TAKEN_OUT = "Document restauré"
HELD = "Document reçu, en attente d'une vérification avant d'être rangé"
DELETED = "Supprimé. Vous pouvez le reprendre dans la corbeille pendant 30 jours."
UNDRAWABLE = Finding(code=DAMAGED, severity=Severity.ERROR, where="/", message="")
"""Of files that broke a limit of who looked at them."""
DONE = {"ajoute": ADDED, "modifie": CHANGED_DONE, "restaure": TAKEN_OUT}

NOT_TAKEN = "Ce type de fichier n'est pas accepté."
BAD_PDF = "Ce PDF est endommagé ou trop complexe. Enregistrez-le de nouveau."
NOT_OPEN = "Cet espace n'est pas ouvert. Le document n'est pas ajouté."
FILE, LABEL, FORM = "fichier", "categorie", ""
FOUND: dict[str, tuple[int, str, str]] = {
    BAD_TYPE: (415, FILE, NOT_TAKEN),
    "mime-mismatch": (415, FILE, NOT_TAKEN),
    DAMAGED: (
        422,
        FILE,
        "Cette image est endommagée ou trop grande. Enregistrez-la de nouveau.",
    ),
    MIXED: (
        422,
        FILE,
        f"Plusieurs fichiers ne sont réunis que si ce sont des images ou des PDF, {MAX_FILES} au "
        "plus.",
    ),
    "active-content": (
        422,
        FILE,
        "Ce fichier contient du contenu actif. Enregistrez-le de nouveau en PDF simple.",
    ),
    "pdf-encrypted": (422, FILE, "Ce PDF est chiffré. Enregistrez-le sans mot de passe."),
    "pdf-limits": (422, FILE, BAD_PDF),
    "pdf-trailing": (422, FILE, BAD_PDF),
    "pdf-malformed": (422, FILE, BAD_PDF),
    "text-empty": (422, FILE, "Ce fichier ne contient aucun texte."),
    "text-charset": (422, FILE, "Enregistrez ce texte en UTF-8."),
    "deposit-denied": (422, LABEL, "Les règles d'accès refusent ce dépôt."),
    "version-not-latest": (409, FORM, CHANGED),
    "document-withdrawn": (409, FORM, CHANGED),
    "vault-absent": (422, FORM, NOT_OPEN),
    "vault-opposed": (422, FORM, NOT_OPEN),
    "vault-closed": (422, FORM, NOT_OPEN),
    "key-reused": (
        422,
        FORM,
        "Ce formulaire a déjà servi pour un autre document. Vérifiez-le et envoyez-le de nouveau.",
    ),
}
"""By the code of a finding: status of the answer, field and words."""
OTHER = "Le document n'a pas été accepté : {code}."


def too_large(max_bytes: int) -> str:
    return f"Sélectionner un fichier de moins de {megabytes(max_bytes)}"


def megabytes(count: int) -> str:
    """« 5 Mo », « 2,5 Mo »: of millions of bytes."""
    return f"{count / MEGABYTE:g}".replace(".", ",") + " Mo"


def first_of(findings: Iterable[Finding], max_bytes: int) -> tuple[int, str, str, str]:
    """Status, field, words and code of the first finding that refuses."""
    one = next(found for found in findings if found.severity is Severity.ERROR)
    if one.code == TOO_LARGE:
        return 413, FILE, too_large(max_bytes), one.code
    status, field, said = FOUND.get(one.code, (422, FILE, OTHER.format(code=one.code)))
    return status, field, said, one.code
