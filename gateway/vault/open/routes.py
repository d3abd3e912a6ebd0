"""The doors that anybody may open: help, declarations, proofs of the log, signing in."""

from gateway.vault import words
from gateway.vault.open import help, shell, static_pages, verifier
from gateway.vault.patient import journal
from gateway.vault.porch import MAX_PROOF_BYTES, Page
from gateway.vault.signing_in import signin

FILES = (
    Page("GET", "/static/{name}", static_pages.static_file),
    Page("GET", shell.WORKER, shell.worker),
    Page("GET", shell.OFFLINE, shell.offline_page),
    Page("GET", "/favicon.svg", static_pages.favicon),
    Page("GET", "/favicon.ico", static_pages.favicon),
)
OPEN: tuple[Page, ...] = (
    Page("GET", "/connexion", signin.sign_in_page),
    Page("POST", "/connexion", signin.sign_in, again=signin.let_on),
    Page("GET", "/connexion/code", signin.code_page),
    Page("POST", "/connexion/code", signin.enter_code, again=signin.code_sent_again),
    Page("POST", "/connexion/nouveau", signin.new_code),
    Page("POST", "/deconnexion", signin.leave, idle=True),
    Page("GET", "/journal/checkpoint", journal.checkpoint),
    Page("GET", "/journal/cle", journal.public_key),
    Page("GET", "/verifier", verifier.verifier_page),
    Page(
        "POST",
        "/verifier",
        verifier.check,
        upload=MAX_PROOF_BYTES,
        too_large=words.PROOF_TOO_LARGE,
    ),
    Page("GET", "/aide", help.help_page),
    Page("GET", "/aide/accompagnement", help.helped_page),
    Page("GET", "/aide/conditions", help.terms_page),
    Page("GET", "/accessibilite", static_pages.accessibility_page),
    Page("GET", "/protection-donnees-personnelles", static_pages.privacy_page),
    *FILES,
)
