"""Who a document is about, as its sender wrote it (XDS sourcePatientInfo, PID, recordTarget)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

PatientKey = NewType("PatientKey", bytes)
"""HMAC-SHA256 of INS OID and INS under the index key, cut to 16 bytes: how we know a person."""

DESK = PatientKey(bytes(16))
"""Whose log an act belongs to that is about nobody: a stranger at a door, the desk's own acts."""


class Profile(StrEnum):
    """Which INS OIDs are ours: those of tests, or those of real people (CONTRACT section 3)."""

    TEST = "test"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientIdentity:
    """Identifiers and traits as received; empty values are None.

    `other_ids` are "root^extension"; `birth_date` is an ISO date as precise as received;
    `birth_place` a COG (INSEE) code; `traits_complete` as CDA.md rule H15.
    """

    ins: str | None = None
    ins_oid: str | None = None
    other_ids: tuple[str, ...] = ()
    birth_family: str | None = None
    birth_given: str | None = None
    birth_givens: str | None = None
    used_family: str | None = None
    used_given: str | None = None
    birth_date: str | None = None
    sex: str | None = None
    birth_place: str | None = None
    traits_complete: bool = False
