"""The doors of the medical profile, of the patient's side and of professionals."""

from gateway.vault.porch import Guest, Handler, Page, written
from gateway.vault.profile import acts, forms, pages, synthesis

OWN, PRO = "/profil", "/pro/patients/{patient}/profil"
ENTRY = "/entrees/{id}"
RUBRIQUE = "/{id}"
READ: tuple[tuple[str, Handler], ...] = (
    ("", pages.profile_page),
    (f"{ENTRY}", pages.entry_page),
    (f"{ENTRY}/modifier", forms.change_page),
    (f"{ENTRY}/supprimer", acts.delete_page),
    (f"{RUBRIQUE}/ajouter/{{kind:[a-z-]+}}", forms.add_page),
    (RUBRIQUE, pages.rubrique_page),
)
WRITTEN: tuple[tuple[str, Handler], ...] = (
    (f"{ENTRY}/modifier", forms.change),
    (f"{ENTRY}/supprimer", acts.delete),
    (f"{RUBRIQUE}/ajouter/{{kind:[a-z-]+}}", forms.add),
    ("/propositions/{id}", acts.settle),
)
BY_PATIENT: tuple[tuple[str, Handler], ...] = (
    (f"{ENTRY}/visibilite", acts.mask),
    (f"{ENTRY}/desaccord", acts.disagree),
    (f"{RUBRIQUE}/rien", forms.none),
)


def _pages(base: str, guest: Guest) -> tuple[Page, ...]:
    read = (Page("GET", base + path, handler, guest) for path, handler in READ)
    changed = (written(base + path, handler, guest) for path, handler in WRITTEN)
    return (*read, *changed)


SYNTHESIS: tuple[Page, ...] = (
    Page("GET", synthesis.HERE, synthesis.synthesis_page, Guest.PATIENT),
    Page("POST", synthesis.HERE, synthesis.download, Guest.PATIENT),
    Page("POST", f"{synthesis.HERE}/enregistrer", synthesis.save, Guest.PATIENT),
    Page("POST", f"{synthesis.HERE}/envoyer", synthesis.send, Guest.PATIENT),
)
PROFILE: tuple[Page, ...] = (
    *SYNTHESIS,
    *_pages(OWN, Guest.PATIENT),
    *(written(OWN + path, handler, Guest.PATIENT) for path, handler in BY_PATIENT),
    *_pages(PRO, Guest.PROFESSIONAL),
    Page("POST", f"{PRO}{ENTRY}/confirmer", acts.confirm, Guest.PROFESSIONAL),
)
