"""The doors of the patient's space (VAULT GEN-08)."""

from gateway.vault.document.bodies import PAGE_OF_A_FILE, PICTURE, body_page, body_picture
from gateway.vault.patient import choices, documents, journal, simulator
from gateway.vault.patient.history_page import entry_page, history_csv, history_page
from gateway.vault.porch import Guest, Page

PATIENT: tuple[Page, ...] = (
    Page("GET", "/", documents.home),
    Page("GET", "/documents", documents.documents_page, Guest.PATIENT),
    Page("GET", "/documents/{id}", documents.document_page, Guest.PATIENT),
    Page("GET", "/documents/{id}/corps", body_page, Guest.PATIENT),
    Page("GET", "/documents/{id}/corps" + PICTURE, body_picture, Guest.PATIENT),
    Page("GET", "/documents/{id}/corps" + PAGE_OF_A_FILE, body_picture, Guest.PATIENT),
    Page("GET", "/documents/{id}/telecharger", documents.download, Guest.PATIENT),
    Page("POST", "/documents/{id}/visibilite", documents.change_visibility, Guest.PATIENT),
    Page("POST", "/documents/{id}/libelle", documents.change_label, Guest.PATIENT),
    Page("GET", "/historique", history_page, Guest.PATIENT),
    Page("GET", "/parametres/acces", choices.access_page, Guest.PATIENT),
    Page("POST", "/parametres/acces/accord", choices.give_agreement, Guest.PATIENT),
    Page("POST", "/parametres/acces/retrait", choices.take_agreement_back, Guest.PATIENT),
    Page("POST", "/parametres/acces/blocage", choices.change_block, Guest.PATIENT),
    Page("POST", "/parametres/acces/urgence", choices.change_emergency, Guest.PATIENT),
    Page("POST", "/parametres/acces/traitant", choices.change_treating, Guest.PATIENT),
    Page("GET", "/parametres/acces/simulateur", simulator.simulator_page, Guest.PATIENT),
    Page("GET", "/historique/csv", history_csv, Guest.PATIENT),
    Page("GET", r"/historique/{number:\d{1,19}}", entry_page, Guest.PATIENT),
    Page("GET", "/historique/preuve", journal.proof_file, Guest.PATIENT),
)
