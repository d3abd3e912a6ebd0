"""The doors of `/pro` (PAGES section 6)."""

from gateway.vault.document.bodies import (
    PAGE_OF_A_FILE,
    PICTURE,
    body_page,
    body_picture,
    print_page,
)
from gateway.vault.measures.routes import PRO_MEASURES
from gateway.vault.patient import documents as downloads
from gateway.vault.porch import Guest, Page
from gateway.vault.pro import agreement, documents, emergency, find, record
from gateway.vault.pro.deposit import pages as deposit
from gateway.vault.pro.deposit import receipts
from gateway.vault.pro.deposit import words as said
from gateway.vault.pro.signing_in import psc, signin
from gateway.vault.trends import pages as trends

PRO_ONLY = Guest.PROFESSIONAL

PRO: tuple[Page, ...] = (
    Page("GET", "/pro", signin.pro_page),
    Page("POST", "/pro/connexion", signin.pro_sign_in),
    Page("GET", "/pro/psc", psc.go_to_provider),
    Page("GET", "/pro/psc/retour", psc.come_back),
    Page("GET", "/pro/psc/exercice", psc.situations_page),
    Page("POST", "/pro/psc/exercice", psc.choose_situation),
    Page("POST", "/pro/patients", find.find_patient, Guest.PROFESSIONAL),
    Page("GET", "/pro/patients/{patient}", record.record_page, Guest.PROFESSIONAL),
    Page("POST", "/pro/patients/{patient}/accord", agreement.record_agreement, Guest.PROFESSIONAL),
    Page("POST", "/pro/patients/{patient}/refus", agreement.record_refusal, Guest.PROFESSIONAL),
    Page("GET", "/pro/patients/{patient}/urgence", emergency.emergency_page, Guest.PROFESSIONAL),
    Page("POST", "/pro/patients/{patient}/urgence", emergency.enter_emergency, Guest.PROFESSIONAL),
    Page(
        "POST", "/pro/patients/{patient}/urgence/fin", emergency.leave_emergency, Guest.PROFESSIONAL
    ),
    Page("GET", "/pro/patients/{patient}/resultats", trends.pro_results_page, PRO_ONLY),
    Page("GET", "/pro/patients/{patient}/resultats/{id}", trends.pro_analysis_page, PRO_ONLY),
    *PRO_MEASURES,
    Page("GET", "/pro/patients/{patient}/deposer", deposit.deposit_page, PRO_ONLY),
    Page(
        "POST",
        "/pro/patients/{patient}/deposer",
        deposit.deposit,
        PRO_ONLY,
        upload=deposit.FORM_BYTES,
        too_large=f"{said.TOO_LARGE}.",
    ),
    Page("GET", "/pro/patients/{patient}/depots", receipts.receipts_page, PRO_ONLY),
    Page("GET", "/pro/patients/{patient}/depots/{id}", receipts.receipt_page, PRO_ONLY),
    Page("GET", "/pro/documents/{id}/remplacer", deposit.replace_page, PRO_ONLY),
    Page(
        "POST",
        "/pro/documents/{id}/remplacer",
        deposit.replace_deposit,
        PRO_ONLY,
        upload=deposit.FORM_BYTES,
        too_large=f"{said.TOO_LARGE}.",
    ),
    Page("GET", "/pro/documents/{id}/retirer", receipts.withdraw_page, PRO_ONLY),
    Page("POST", "/pro/documents/{id}/retirer", receipts.withdraw_document, PRO_ONLY),
    Page("GET", "/pro/documents/{id}", documents.pro_document_page, Guest.PROFESSIONAL),
    Page("POST", "/pro/documents/{id}/annonce", documents.announce_document, Guest.PROFESSIONAL),
    Page("GET", "/pro/documents/{id}/corps", body_page, Guest.PROFESSIONAL),
    Page("GET", "/pro/documents/{id}/corps" + PICTURE, body_picture, Guest.PROFESSIONAL),
    Page("GET", "/pro/documents/{id}/corps" + PAGE_OF_A_FILE, body_picture, Guest.PROFESSIONAL),
    Page("GET", "/pro/documents/{id}/imprimer", print_page, Guest.PROFESSIONAL),
    Page("GET", "/pro/documents/{id}/telecharger", downloads.download, Guest.PROFESSIONAL),
    Page("GET", "/pro/documents/{id}/telecharger/pdf", downloads.download_pdf, PRO_ONLY),
)
