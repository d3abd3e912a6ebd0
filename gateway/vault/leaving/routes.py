"""The doors of the exits (VAULT GEN-08)."""

from gateway.records.readers.access import Manage
from gateway.vault.entering.steps import NOT_ACTIVATED, PROOF, let_on
from gateway.vault.leaving import closed, closing, opposition
from gateway.vault.porch import CLOSED_SPACE, Guest, Page


def _both(base: str, guest: Guest) -> tuple[Page, ...]:
    """Of the own closed space, or of one that is managed."""
    return (
        Page("GET", base, closed.closed_page, guest),
        Page("GET", f"{base}/suppression", closed.deletion_page, guest),
        Page("POST", f"{base}/suppression", closed.ask_deletion, guest),
        Page("POST", f"{base}/maintien", closed.keep, guest),
    )


UNKNOWN: tuple[Page, ...] = (
    Page("GET", "/opposition", opposition.opposition_page),
    Page("POST", "/opposition", opposition.oppose, again=let_on),
    Page("GET", NOT_ACTIVATED, opposition.close_page),
    Page("POST", NOT_ACTIVATED, opposition.close, again=let_on),
    Page("GET", PROOF, opposition.proof_page),
    Page("GET", f"{PROOF}/pdf", opposition.proof_file),
    *_both(CLOSED_SPACE, Guest.ANYONE),
    Page("POST", f"{CLOSED_SPACE}/rouvrir", closed.reopen),
)
"""Of who is not signed in: each asks itself who was identified."""
LEAVING: tuple[Page, ...] = (
    *UNKNOWN,
    *_both(closed.MANAGED, Guest.PERSON),
    Page("POST", closed.MANAGED, closed.reopen, Guest.PERSON),
    Page("GET", closing.PATH, closing.effect_page, Guest.PATIENT, act=Manage.CLOSING),
    Page("GET", closing.CONFIRM, closing.confirm_page, Guest.PATIENT, act=Manage.CLOSING),
    Page("POST", closing.PATH, closing.close_space, Guest.PATIENT, act=Manage.CLOSING),
)
