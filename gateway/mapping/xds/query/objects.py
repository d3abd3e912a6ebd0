"""What one reader sees of one record as a registry has it: entries, sets and what links them.

entryUUID is the id of a document as a UUID, and its own logical id (decision 040). What a reader
does not see is not among these, so nothing links to it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from gateway.mapping.xdm.ebrim.displays import NOTHING_TOLD, Told
from gateway.mapping.xdm.ebrim.registry import APPROVED, HAS_MEMBER, REPLACES
from gateway.mapping.xdm.ebrim.sets import OID_OF_UUIDS, filled, name_of
from gateway.records.documents.deposited import Deposited
from gateway.records.documents.document import Document
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.intake.understanding import Submission
from gateway.records.patients.patient import PatientIdentity

ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
MASK = "MASQUE_PS"
URN = re.compile(
    r"(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII | re.IGNORECASE
)


def urn(identifier: str) -> str:
    """An id of ours (32 hexadecimal digits) as entryUUID."""
    return f"urn:uuid:{UUID(identifier)}"


def id_in(entry_uuid: str) -> str | None:
    """The id in an entryUUID, with or without its prefix; None for what is no UUID."""
    found = URN.fullmatch(entry_uuid.strip())
    return UUID(found[1]).hex if found else None


def unique_id_of(identifier: str, said: str | None) -> str:
    """What a document is called: its own name, else one made of its id."""
    return said or name_of(identifier)


def id_named(unique_id: str) -> str | None:
    """The id in a name that was made of one."""
    arc, _, number = unique_id.partition(f"{OID_OF_UUIDS}.")
    if arc or not (number.isascii() and number.isdecimal()) or len(number) > 39:
        return None
    return f"{int(number):032x}"


class Entry(Struct, frozen=True, kw_only=True):
    """One document, its metadata as `registered` gives them. `listed` where a search shows it,
    else it is one that who names it may open. `version` counts the versions of its metadata,
    `told` is what the document itself says of its codes, where that was read."""

    card: Card
    document: Document
    listed: bool = True
    replaced_by: str | None = None
    version: int = 1
    told: Told = NOTHING_TOLD

    @property
    def urn(self) -> str:
        return urn(self.card.id)

    @property
    def unique_id(self) -> str:
        return self.document.unique_id or ""

    @property
    def status(self) -> str:
        if self.card.status is not DocumentStatus.CURRENT:
            return DEPRECATED
        return APPROVED if self.card.archived_at is None else ARCHIVED


def registered(card: Card, document: Document, whose: PatientIdentity | None) -> Document:
    """The metadata as they stand: the codes in force, the INS of the record, a name in any case.

    A mask stands beside N, R or V (CDA.md section 5).
    """
    masked = card.masked_by_patient or MASK in card.codes
    plain = [code for code in card.codes if len(code) == 1] or ["N"]
    others = [code for code in card.codes if len(code) > 1 and code != MASK]
    patient = document.patient
    if whose is not None and whose.ins:
        patient = replace(patient, ins=whose.ins, ins_oid=whose.ins_oid)
    return replace(
        document,
        patient=patient,
        confidentiality=(*plain, *([MASK] if masked else []), *others),
        unique_id=unique_id_of(card.id, document.unique_id),
    )


class SeenSet(Struct, frozen=True, kw_only=True):
    """What came in together: `said` without gaps, `members` the entries of it that are seen, never
    none."""

    receipt: str
    said: Submission
    members: tuple[Entry, ...]

    @property
    def urn(self) -> str:
        return urn(self.receipt)

    @property
    def listed(self) -> bool:
        return any(one.listed for one in self.members)


def seen_set(deposited: Deposited, members: tuple[Entry, ...]) -> SeenSet:
    said = filled(
        deposited.submission, members[0].document, receipt=deposited.receipt, at=deposited.at
    )
    return SeenSet(receipt=deposited.receipt, said=said, members=members)


class Association(NamedTuple):
    """`kind` is the URN of its type; the ends are entryUUIDs."""

    kind: str
    source: str
    target: str


class Registry(Struct, frozen=True, kw_only=True):
    """`entries` by id and `sets` by receipt, each in the order of an answer."""

    entries: Mapping[str, Entry]
    sets: Mapping[str, SeenSet] = {}

    def associations(self) -> Iterator[Association]:
        """A version under other codes is no replacement: its name stays the same."""
        for seen in self.sets.values():
            yield from (Association(HAS_MEMBER, seen.urn, one.urn) for one in seen.members)
        for one in self.entries.values():
            newer = self.entries.get(one.replaced_by or "")
            if newer is not None and newer.unique_id != one.unique_id:
                yield Association(REPLACES, newer.urn, one.urn)
