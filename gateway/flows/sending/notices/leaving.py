"""Notices of a space that is left, and of its way back (VAULT N7, ACC-11, ACC-17): the words.

They are never turned off, go to the person and to who represents it, and to whoever has no address
of their own here by letter.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from gateway.flows.sending.notices.words import CODES, HELLO, HELP, MANAGED, NOT_YOU, YOURS
from gateway.records.days import day_of
from gateway.records.patients.leaving import archive_ends, clocks_turn, deletion_due
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind
from gateway.records.task import NewTask, TaskKind

OPPOSED, CLOSED, REOPENED = "account-opposed", "account-closed", "account-reopened"
DELETION_ASKED, DELETION_KEPT = "deletion-asked", "deletion-kept"
OF_LEAVING = frozenset({OPPOSED, CLOSED, REOPENED, DELETION_ASKED, DELETION_KEPT})
TO, LETTER = "to", "letter"
"""In the payload: the channel and address where it goes; and that it goes by letter, whatever else
is known."""
NO_EFFECT = (
    "Cela n'a aucun effet sur vos droits à l'assurance maladie ou vos remboursements.",
    "Votre ancien DMP, si vous en avez un, n'est pas supprimé.",
    "Vous pouvez changer d'avis à tout moment.",
)
"""What the proof of an opposition says (VAULT ACC-11)."""
SUBJECTS = {
    OPPOSED: "Votre opposition à la création de Mon espace santé",
    CLOSED: "Mon espace santé est fermé",
    REOPENED: "Mon espace santé est rouvert",
    DELETION_ASKED: "La suppression de Mon espace santé est demandée",
    DELETION_KEPT: "La suppression de Mon espace santé n'est plus demandée",
}
SAID = {
    OPPOSED: ("Le {day}, vous vous êtes opposé(e) à la création de Mon espace santé.", *NO_EFFECT),
    CLOSED: (
        "Depuis le {day}, votre espace est fermé. Plus personne ne peut y lire ni y ajouter quoi"
        " que ce soit.",
        "Son contenu est gardé jusqu'au {archive}. D'ici là, il peut être rouvert, ou supprimé.",
    ),
    REOPENED: ("Depuis le {day}, votre espace est rouvert. Son contenu est comme avant.",),
    DELETION_ASKED: (
        "La suppression de tout ce que contient votre espace a été demandée le {day}.",
        "Elle sera faite au plus tard le {due}. On peut y renoncer jusqu'à ce qu'elle commence, au"
        " plus tôt le {turn}.",
    ),
    DELETION_KEPT: ("La suppression de votre espace n'est plus demandée. Il reste fermé.",),
}
CANCELLED = "La demande de suppression est annulée."
REFERENCE = "Référence : {reference}"


def notice_of_leaving(
    notice: str,
    patient: PatientKey,
    at: datetime,
    *,
    reference: str,
    to: tuple[str, str] | None = None,
    letter: bool = False,
    cancelled: bool = False,
) -> NewTask:
    """`at` is the instant of the act that it tells of. `cancelled`: a deletion was, by it."""
    payload: dict[str, object] = {"notice": notice, "at": at.isoformat(), "reference": reference}
    if to is not None:
        payload[TO] = to
    if letter:
        payload[LETTER] = True
    if cancelled:
        payload["cancelled"] = True
    return NewTask(
        kind=TaskKind.NOTICE,
        subject=notice,
        due_at=at,
        patient=patient,
        payload=json.dumps(payload).encode(),
    )


def place_said(payload: Mapping[str, object], reader: Reader) -> tuple[str, str] | None:
    """Where the task itself says that it goes; the person's own only."""
    said = payload.get(TO)
    if not isinstance(said, list) or reader.kind is not ReaderKind.PATIENT:
        return None
    channel, address = said
    return str(channel), str(address)


def leaving_body(reader: Reader, payload: Mapping[str, object]) -> str:
    """Never whose space (VAULT NOT-02)."""
    at = datetime.fromisoformat(str(payload["at"]))
    days = {
        "day": day_of(at),
        "archive": day_of(archive_ends(at)),
        "due": day_of(deletion_due(at)),
        "turn": day_of(clocks_turn(at)),
    }
    said = [line.format(**days) for line in SAID[str(payload["notice"])]]
    if payload.get("cancelled"):
        said.append(CANCELLED)
    if reader.kind is not ReaderKind.PATIENT:
        said = [line.replace(YOURS, MANAGED) for line in said]
    reference = REFERENCE.format(reference=payload["reference"])
    return "\n".join((HELLO, *said, reference, NOT_YOU, CODES, HELP))
