"""The doors of the patient's messages."""

from gateway.records.readers.access import Manage
from gateway.vault.messaging import conversation, keeping, listing, words, writing
from gateway.vault.messaging.form import FORM_BYTES
from gateway.vault.messaging.room import PATH
from gateway.vault.porch import Guest, Handler, Page

RECEIPTS = "/parametres/messagerie"
ONE = PATH + "/{id}"
PIECE = ONE + r"/pieces/{mail}/{number:\d{1,3}}"


def _form(path: str, handler: Handler) -> Page:
    """10,000 letters are more bytes than a plain form brings."""
    return Page(
        "POST",
        path,
        handler,
        Guest.PATIENT,
        upload=FORM_BYTES,
        too_large=words.FORM_TOO_LARGE,
        late=writing.keep_late,
    )


MESSAGES: tuple[Page, ...] = (
    Page("GET", PATH, listing.messages_page, Guest.PATIENT),
    _form(PATH, writing.send),
    Page("GET", f"{PATH}/ecrire", writing.sheet_page, Guest.PATIENT),
    _form(f"{PATH}/brouillon", writing.save),
    _form(f"{PATH}/joindre", writing.attach),
    Page("GET", ONE, conversation.conversation_page, Guest.PATIENT),
    Page("POST", ONE, keeping.move, Guest.PATIENT),
    Page("GET", PIECE, conversation.enclosed_file, Guest.PATIENT),
    Page("GET", f"{ONE}/supprimer", keeping.delete_page, Guest.PATIENT),
    Page("POST", f"{ONE}/supprimer", keeping.delete, Guest.PATIENT),
    Page("GET", f"{ONE}/refuser", keeping.refuse_page, Guest.PATIENT, act=Manage.BLOCKS),
    Page("POST", f"{ONE}/refuser", keeping.refuse, Guest.PATIENT, act=Manage.BLOCKS),
    Page("GET", f"{ONE}/brouillon", keeping.drop_page, Guest.PATIENT),
    Page("POST", f"{ONE}/brouillon", keeping.drop, Guest.PATIENT),
    Page("POST", RECEIPTS, keeping.change_receipts, Guest.PATIENT, act=Manage.SWITCHES),
)
