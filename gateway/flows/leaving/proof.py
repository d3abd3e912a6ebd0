"""What a person is given of an act: its date, and a reference that the log confirms. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from gateway.records.patients.patient import PatientKey

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Read aloud without a doubt, as those of a provisional code (VAULT ACC-03)."""
CHARACTERS = 8
OPPOSITION, CLOSING, REOPENING = "opposition", "closing", "reopening"
DELETION, KEPT = "deletion", "deletion-kept"
"""The acts, as the log names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """`act` is one of those above."""

    act: str
    at: datetime
    reference: str


def proof_of(act: str, patient: PatientKey, at: datetime) -> Proof:
    """The same for the same act, whenever it is asked for: a second opposition is answered with
    the proof of the first one."""
    return Proof(act=act, at=at, reference=reference_of(act, patient, at))


def reference_of(act: str, patient: PatientKey, at: datetime) -> str:
    """Eight signs, as « K7MP 3XQA »; they name nobody."""
    told = f"{act}\x00{patient.hex()}\x00{int(at.timestamp() * 1_000_000)}"
    number = int.from_bytes(hashlib.sha256(told.encode()).digest(), "big")
    signs = ""
    while len(signs) < CHARACTERS:
        number, place = divmod(number, len(SIGNS))
        signs += SIGNS[place]
    return f"{signs[:4]} {signs[4:]}"
