"""Advance directives are one: written in the medical profile, or an own document (VAULT PRO-06).

A new file replaces the one before, which stays as a version. What is in force in the other form is
taken away by the person first: no act of ours ends it beside.
"""

from dataclasses import dataclass

from gateway.errors import RefusedError
from gateway.ports.documents.shelf import Shelf
from gateway.ports.entries import Entries
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.entries.entry import STANDING
from gateway.records.entries.kind import DIRECTIVES, EntryKind
from gateway.records.patients.patient import PatientKey


class DirectivesStandError(RefusedError):
    """Others are in force: `written` in the profile, else a document."""

    def __init__(self, *, written: bool) -> None:
        where = "written in the medical profile" if written else "a document"
        super().__init__(f"The advance directives in force are {where}: take them away first.")
        self.written = written


async def file_in_force(shelf: Shelf, patient: PatientKey) -> Card | None:
    """The own document that is in force."""
    found = (
        one
        for one in await shelf.cards(patient)
        if one.by_patient and one.type_code == DIRECTIVES and one.status is DocumentStatus.CURRENT
    )
    return next(found, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOfDirectives:
    shelf: Shelf
    entries: Entries

    async def replaced_by(
        self, patient: PatientKey, unique_id: str, *, replaces: str | None
    ) -> str | None:
        """What a file of directives replaces: the one in force, or the document that is changed.
        A second click replaces what the first one did. Raises DirectivesStandError."""
        filed = (await self.shelf.named([unique_id])).get(unique_id)
        if filed is not None:
            older = await self.shelf.versions(filed)
            return older[0].id if older else None
        await self._demand_unwritten(patient)
        standing = await file_in_force(self.shelf, patient)
        if standing is not None and replaces not in (None, standing.id):
            raise DirectivesStandError(written=False)
        return standing.id if standing else replaces

    async def demand_none(self, patient: PatientKey) -> None:
        """Before a document of directives comes back. Raises DirectivesStandError."""
        await self._demand_unwritten(patient)
        if await file_in_force(self.shelf, patient) is not None:
            raise DirectivesStandError(written=False)

    async def _demand_unwritten(self, patient: PatientKey) -> None:
        written = await self.entries.of(patient, [EntryKind.DIRECTIVES])
        if any(one.state in STANDING for one in written):
            raise DirectivesStandError(written=True)
