"""What a sender may use once: the keys that an intake is known by when it comes again."""

from collections.abc import Iterable

READ_KEY, CHOSEN_KEY, MAILED_KEY, LOT_KEY = "msh:", "idem:", "mail:", "lot:"
"""How the key of an intake begins: read in its own bytes, chosen by software for one sending, the
content of a mail and the boxes of its envelope, or the uniqueId of a SubmissionSet."""


def mailed_key(content: str, recipients: Iterable[str]) -> str:
    """The same mail to other boxes is another one (MSSANTE.md section 6). `content` is SHA-256 in
    hexadecimal of what its author wrote, or of its bytes."""
    return " ".join([f"{MAILED_KEY}{content}", *sorted({one.lower() for one in recipients})])


def read_key(application: str, facility: str, control_id: str) -> str:
    """MSH-3, MSH-4 and MSH-10: what a sender of HL7v2 may use once (HL7V2 section 5)."""
    return f"{READ_KEY}{application}|{facility}|{control_id}"


def control_id_of(key: str | None) -> str:
    """What its sender calls it: MSH-10, the Idempotency-Key, the uniqueId of a lot; "" where the
    key is none of them."""
    if key is None or key.startswith(MAILED_KEY):
        return ""
    if key.startswith((CHOSEN_KEY, LOT_KEY)):
        return key.partition(":")[2]
    return key.removeprefix(READ_KEY).split("|", 2)[-1]
