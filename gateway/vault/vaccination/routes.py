"""The doors of `/vaccination`, before a patient and before a professional (VAULT GEN-08)."""

from gateway.records.readers.access import AccessAction
from gateway.vault.porch import Guest, Page, written
from gateway.vault.vaccination import acts, attestation, pages
from gateway.vault.vaccination.attestation import HERE
from gateway.vault.vaccination.words import PATH

OURS, PRO_ONLY = Guest.PATIENT, Guest.PROFESSIONAL
TAKE = AccessAction.EXPORT
PRO_PATH = "/pro/patients/{patient}" + PATH
VACCINATION: tuple[Page, ...] = (
    Page("GET", PATH, pages.list_page, OURS),
    Page("GET", f"{PATH}/ajouter", pages.add_page, OURS),
    written(f"{PATH}/ajouter", pages.add, OURS),
    Page("POST", HERE, attestation.make_attestation, OURS, act=TAKE),
    Page("GET", f"{HERE}/{{id}}", attestation.attestation_page, OURS, act=TAKE),
    Page("GET", f"{HERE}/{{id}}/pdf", attestation.download, OURS, act=TAKE),
    Page("POST", f"{HERE}/{{id}}/lien", attestation.send_by_link, OURS, act=TAKE),
    Page("GET", f"{HERE}/{{id}}/retirer", attestation.withdraw_page, OURS, act=TAKE),
    Page("POST", f"{HERE}/{{id}}/retirer", attestation.withdraw_attestation, OURS, act=TAKE),
    Page("GET", f"{PATH}/{{id}}/modifier", pages.change_page, OURS),
    written(f"{PATH}/{{id}}/modifier", pages.change, OURS),
    Page("GET", f"{PATH}/{{id}}/supprimer", acts.delete_page, OURS),
    Page("POST", f"{PATH}/{{id}}/supprimer", acts.delete, OURS),
    Page("POST", f"{PATH}/{{id}}/reunir", acts.join_two, OURS),
    Page("POST", f"{PATH}/{{id}}/accepter", acts.accept, OURS),
    Page("POST", f"{PATH}/{{id}}/refuser", acts.refuse, OURS),
    Page("GET", PRO_PATH, pages.pro_list_page, PRO_ONLY),
    Page("GET", f"{PRO_PATH}/ajouter", pages.pro_add_page, PRO_ONLY),
    written(f"{PRO_PATH}/ajouter", pages.pro_add, PRO_ONLY),
    Page("POST", f"{PRO_PATH}/{{id}}/confirmer", acts.confirm, PRO_ONLY),
)
