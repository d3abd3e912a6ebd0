"""The doors of who wants into the own space; anybody may stand before them."""

from gateway.vault.entering import activation, by_contact, codes, recovery, renewal
from gateway.vault.entering.steps import let_on
from gateway.vault.porch import Page

ENTERING: tuple[Page, ...] = (
    Page("GET", "/activer", activation.start_page),
    Page("POST", "/activer", activation.start, again=let_on),
    Page("GET", "/activer/sans-code", by_contact.without_code_page),
    Page("POST", "/activer/sans-code", by_contact.without_code, again=let_on),
    Page("GET", "/activer/code-provisoire", renewal.renewal_page),
    Page("POST", "/activer/code-provisoire", renewal.renew),
    Page("GET", "/activer/coordonnees", activation.contacts_page),
    Page("POST", "/activer/coordonnees", activation.contacts, again=let_on),
    Page("GET", "/activer/code", codes.code_page),
    Page("POST", "/activer/code", codes.enter_code, again=let_on),
    Page("POST", "/activer/nouveau", codes.new_code),
    Page("GET", "/activer/identifiant", activation.login_page),
    Page("POST", "/activer/identifiant", activation.login, again=let_on),
    Page("GET", "/activer/conditions", activation.terms_page),
    Page("POST", "/activer/conditions", activation.terms, again=let_on),
    Page("GET", "/activer/fin", activation.end_page),
    Page("GET", "/connexion/oublie", recovery.lost_page),
    Page("POST", "/connexion/oublie", recovery.lost, again=let_on),
    Page("GET", "/connexion/oublie/code", codes.code_page),
    Page("POST", "/connexion/oublie/code", codes.enter_code, again=let_on),
    Page("POST", "/connexion/oublie/nouveau", codes.new_code),
    Page("GET", "/connexion/oublie/mot-de-passe", recovery.password_page),
    Page("POST", "/connexion/oublie/mot-de-passe", recovery.password, again=let_on),
    Page("GET", "/connexion/oublie/fin", recovery.end_page),
)
