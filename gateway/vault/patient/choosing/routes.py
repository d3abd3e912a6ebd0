"""The doors of the choices of access (VAULT GEN-08)."""

from gateway.records.readers.access import Manage
from gateway.vault.patient.choosing import blocks, consents, grid, settings, veils
from gateway.vault.patient.choosing.page import ADDRESS, access_page
from gateway.vault.patient.choosing.simulator import simulator_page
from gateway.vault.porch import Guest, Handler, Page


def _page(path: str, handler: Handler, act: Manage) -> Page:
    return Page("GET", f"{ADDRESS}{path}", handler, Guest.PATIENT, act=act)


def _act(path: str, handler: Handler, act: Manage) -> Page:
    return Page("POST", f"{ADDRESS}{path}", handler, Guest.PATIENT, act=act)


CHOICES: tuple[Page, ...] = (
    _page("", access_page, Manage.CONSENTS),
    _page("/simulateur", simulator_page, Manage.CONSENTS),
    _act("/accord", consents.give_agreement, Manage.CONSENTS),
    _act("/retrait", consents.take_agreement_back, Manage.CONSENTS),
    _page("/grille", grid.grid_page, Manage.CONSENTS),
    _page("/blocage", blocks.search_page, Manage.BLOCKS),
    _page("/blocage/confirmer", blocks.confirm_page, Manage.BLOCKS),
    _act("/blocage", blocks.change_block, Manage.BLOCKS),
    _page("/documents", veils.choose_documents, Manage.MASKING),
    _act("/documents", veils.change_documents, Manage.MASKING),
    _act("/urgence", settings.change_emergency, Manage.SWITCHES),
    _act("/nouveaux", settings.change_new_documents, Manage.MASKING),
    _act("/traitant", settings.change_treating, Manage.CONSENTS),
)
