"""The doors of the catalogue (VAULT section 13)."""

from gateway.records.readers.access import Manage
from gateway.vault.catalogue import authorise, pages, reporting
from gateway.vault.catalogue.waiting import AUTHORIZE
from gateway.vault.family import services
from gateway.vault.porch import Guest, Page

AGREE = Manage.CONSENTS
CATALOGUE: tuple[Page, ...] = (
    Page("GET", "/catalogue", pages.catalogue_page),
    Page("GET", "/catalogue/{id}", pages.service_page),
    Page("GET", AUTHORIZE, authorise.authorise_page),
    Page("POST", AUTHORIZE, authorise.answer, Guest.PERSON),
    Page("POST", "/parametres/services/retrait", services.narrow, Guest.PATIENT, act=AGREE),
    Page("GET", reporting.PATH, reporting.report_page, Guest.PATIENT, act=AGREE),
    Page("POST", reporting.PATH, reporting.send, Guest.PATIENT, act=AGREE),
)
