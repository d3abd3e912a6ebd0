"""The doors of « Télécharger mes données » (VAULT GEN-08)."""

from gateway.records.readers.access import AccessAction
from gateway.vault.exporting.page import PATH, ask_export, download_export, export_page
from gateway.vault.porch import Guest, Page

TAKE = AccessAction.EXPORT
EXPORTING: tuple[Page, ...] = (
    Page("GET", PATH, export_page, Guest.PATIENT, act=TAKE),
    Page("POST", PATH, ask_export, Guest.PATIENT, act=TAKE),
    Page("GET", f"{PATH}/{{id}}", download_export, Guest.PATIENT, act=TAKE),
)
