"""What a sender may use once: the keys that an intake is known by when it comes again."""

from collections.abc import Iterable

READ_KEY, CHOSEN_KEY, MAILED_KEY = "msh:", "idem:", "mail:"
"""How the key of an intake begins: read in its own bytes, chosen by software for one sending, or
the content of a mail and the boxes of its envelope."""


def mailed_key(digest: bytes, recipients: Iterable[str]) -> str:
    """The same mail to other boxes is another one (MSSANTE.md section 6)."""
    return " ".join([f"{MAILED_KEY}{digest.hex()}", *sorted({one.lower() for one in recipients})])


def read_key(application: str, facility: str, control_id: str) -> str:
    """MSH-3, MSH-4 and MSH-10: what a sender of HL7v2 may use once (HL7V2 section 5)."""
    return f"{READ_KEY}{application}|{facility}|{control_id}"
