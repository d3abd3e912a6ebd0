"""The doors of the notices."""

from gateway.vault.notices import listing, settings
from gateway.vault.porch import Guest, Page

NOTICES: tuple[Page, ...] = (
    Page("GET", listing.PATH, listing.list_page, Guest.PATIENT),
    Page("POST", f"{listing.PATH}/lues", listing.mark_read, Guest.PATIENT),
    Page("GET", f"{listing.PATH}/supprimer", listing.delete_page, Guest.PATIENT),
    Page("POST", f"{listing.PATH}/supprimer", listing.delete, Guest.PATIENT),
    Page("GET", settings.PATH, settings.settings_page, Guest.PERSON),
    Page("POST", settings.PATH, settings.change, Guest.PERSON),
)
