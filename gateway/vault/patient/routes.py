"""The doors of the patient's space (VAULT GEN-08)."""

from gateway.records.readers.access import AccessAction, Manage
from gateway.vault.document.bodies import (
    PAGE_OF_A_FILE,
    PICTURE,
    body_page,
    body_picture,
    print_page,
)
from gateway.vault.entering import of_a_child
from gateway.vault.family import ending, profiles, services, settings_page, sharing
from gateway.vault.measures.routes import MEASURES
from gateway.vault.patient import documents, home, journal, more, urgent
from gateway.vault.patient.choosing.routes import CHOICES
from gateway.vault.patient.history_page import entry_page, history_csv, history_page
from gateway.vault.patient.own import bin, deposit
from gateway.vault.porch import Guest, Handler, Page
from gateway.vault.rendering import MORE
from gateway.vault.trends import pages as trends

CARE, AGREE = Manage.CAREGIVERS, Manage.CONSENTS


def _confirm(room: str, handler: Handler) -> Page:
    return Page("GET", f"{room}/retrait/confirmer", handler, Guest.PATIENT, act=CARE)


PATIENT: tuple[Page, ...] = (
    Page("GET", home.HOME, home.home),
    Page("POST", "/premiers-pas", home.step, Guest.PATIENT, act=Manage.SWITCHES),
    Page("GET", MORE, more.more_page, Guest.PATIENT),
    Page("GET", "/documents", documents.documents_page, Guest.PATIENT),
    Page("GET", "/documents/ajouter", deposit.add_page, Guest.PATIENT),
    Page(
        "POST",
        "/documents/ajouter",
        deposit.add,
        Guest.PATIENT,
        upload=deposit.FORM_BYTES,
        too_large=deposit.too_large,
    ),
    Page("GET", "/documents/supprimer", bin.delete_page, Guest.PATIENT),
    Page("POST", "/documents/supprimer", bin.delete, Guest.PATIENT),
    Page("GET", "/documents/corbeille", bin.bin_page, Guest.PATIENT),
    Page("GET", "/documents/{id}/modifier", deposit.change_page, Guest.PATIENT),
    Page(
        "POST",
        "/documents/{id}/modifier",
        deposit.change,
        Guest.PATIENT,
        upload=deposit.FORM_BYTES,
        too_large=deposit.too_large,
    ),
    Page("POST", "/documents/{id}/restaurer", bin.take_out, Guest.PATIENT),
    Page("GET", "/documents/{id}", documents.document_page, Guest.PATIENT),
    Page("GET", "/documents/{id}/corps", body_page, Guest.PATIENT),
    Page("GET", "/documents/{id}/corps" + PICTURE, body_picture, Guest.PATIENT),
    Page("GET", "/documents/{id}/corps" + PAGE_OF_A_FILE, body_picture, Guest.PATIENT),
    Page("GET", "/documents/{id}/imprimer", print_page, Guest.PATIENT),
    Page("GET", "/documents/{id}/telecharger", documents.download, Guest.PATIENT),
    Page("GET", "/documents/{id}/telecharger/pdf", documents.download_pdf, Guest.PATIENT),
    Page(
        "POST",
        "/documents/{id}/visibilite",
        documents.change_visibility,
        Guest.PATIENT,
        act=Manage.MASKING,
    ),
    Page(
        "POST", "/documents/{id}/libelle", documents.change_label, Guest.PATIENT, act=Manage.MASKING
    ),
    Page("GET", "/resultats", trends.results_page, Guest.PATIENT),
    Page("GET", "/resultats/{id}", trends.analysis_page, Guest.PATIENT),
    *MEASURES,
    Page("GET", "/historique", history_page, Guest.PATIENT, act=AccessAction.TRACE),
    *CHOICES,
    Page("GET", "/historique/csv", history_csv, Guest.PATIENT, act=AccessAction.TRACE),
    Page(
        "GET", r"/historique/{number:\d{1,18}}", entry_page, Guest.PATIENT, act=AccessAction.TRACE
    ),
    Page("GET", "/historique/preuve", journal.proof_file, Guest.PATIENT, act=AccessAction.TRACE),
    Page("GET", "/profil/urgence", urgent.own_urgent_page, Guest.PATIENT, act=Manage.SWITCHES),
    Page("GET", "/profil/urgence/carte", urgent.urgent_card, Guest.PATIENT, act=Manage.SWITCHES),
    Page("GET", "/profils", profiles.profiles_page, Guest.PERSON),
    Page("POST", "/profils", profiles.change_profile, Guest.PERSON),
    Page("POST", "/profils/invitation", profiles.answer_invitation, Guest.PERSON),
    Page("GET", "/profils/activer", of_a_child.child_page, Guest.PERSON),
    Page("POST", "/profils/activer", of_a_child.activate, Guest.PERSON),
    Page("GET", "/profils/quitter/confirmer", ending.leave_page, Guest.PERSON),
    Page("POST", "/profils/quitter", profiles.leave_profile, Guest.PERSON),
    Page("GET", "/parametres", settings_page.settings_page, Guest.PATIENT, act=CARE),
    Page("POST", "/parametres/apparence", settings_page.appearance, Guest.PATIENT),
    Page("GET", "/parametres/partage", sharing.shared_page, Guest.PATIENT, act=CARE),
    Page("POST", "/parametres/partage", sharing.share, Guest.PATIENT, act=CARE),
    _confirm("/parametres/partage", ending.end_share_page),
    Page("POST", "/parametres/partage/retrait", sharing.end_share, Guest.PATIENT, act=CARE),
    Page("GET", "/parametres/aidants", sharing.carers_page, Guest.PATIENT, act=CARE),
    Page("POST", "/parametres/aidants", sharing.name_carer, Guest.PATIENT, act=CARE),
    Page("GET", "/parametres/services", services.services_page, Guest.PATIENT, act=AGREE),
    Page("POST", "/parametres/services", services.connect, Guest.PATIENT, act=AGREE),
    Page("POST", "/parametres/services/arret", services.stop, Guest.PATIENT, act=AGREE),
    _confirm("/parametres/aidants", ending.end_carer_page),
    Page("POST", "/parametres/aidants/retrait", sharing.end_carer, Guest.PATIENT, act=CARE),
)
