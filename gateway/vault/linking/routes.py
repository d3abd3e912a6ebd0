"""The doors of links to documents (VAULT DOC-12)."""

from gateway.records.readers.access import AccessAction
from gateway.vault.document.bodies import (
    PAGE_OF_A_FILE,
    PICTURE,
    body_page,
    body_picture,
    print_page,
)
from gateway.vault.linking import giving
from gateway.vault.linking.outside import (
    DOCUMENT,
    SECRET,
    attestation_file,
    attestation_page,
    code_page,
    enter_code,
    outside,
    outside_page,
)
from gateway.vault.linking.words import GIVEN
from gateway.vault.patient import documents
from gateway.vault.porch import Guest, Handler, Page

TAKES = AccessAction.EXPORT


def _given(method: str, path: str, handler: Handler) -> Page:
    return Page(method, path, handler, Guest.PATIENT, act=TAKES)


def _outside(path: str, handler: Handler) -> Page:
    return Page("GET", f"{DOCUMENT}{path}", outside(handler))


LINKING: tuple[Page, ...] = (
    _given("GET", GIVEN, giving.given_page),
    _given("GET", giving.CONFIRM, giving.end_page),
    _given("POST", giving.CONFIRM, giving.end_link),
    _given("GET", "/documents/{id}/lien", giving.form_page),
    _given("POST", "/documents/{id}/lien", giving.make_link),
    Page("GET", SECRET, code_page),
    Page("POST", SECRET, enter_code),
    Page("GET", DOCUMENT, outside_page),
    Page("GET", f"{SECRET}/attestation", attestation_page),
    Page("GET", f"{SECRET}/attestation/pdf", attestation_file),
    _outside("/corps", body_page),
    _outside(f"/corps{PICTURE}", body_picture),
    _outside(f"/corps{PAGE_OF_A_FILE}", body_picture),
    _outside("/imprimer", print_page),
    _outside("/telecharger", documents.download),
    _outside("/telecharger/pdf", documents.download_pdf),
)
