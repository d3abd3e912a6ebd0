"""Entries of the medical profile beside what documents hold (decision 013, its last line)."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOBODY, NOT_THERE
from gateway.mapping.fhir.clinical import Clinical, clinical_of
from gateway.mapping.fhir.clinical.entries import TYPE_OF
from gateway.records.entries.entry import Entry
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.vault.rooms import ROOMS


async def entries_of(
    request: web.Request, reader: Reader, kind: str, patient: PatientKey
) -> list[Clinical]:
    """Those of this resource type that this reader may see; none for a record that is not there."""
    kinds = [one for one, name in TYPE_OF.items() if name == kind]
    room = request[ROOMS].medical
    if not kinds or room is None:
        return []
    try:
        listed = await room.listing(reader, patient, kinds)
    except DeniedError:
        return []
    return await asyncio.to_thread(_made, listed.entries, patient)


async def entry_of(request: web.Request, reader: Reader, kind: str, identifier: str) -> Clinical:
    """One entry. Raises DeniedError."""
    room = request[ROOMS].medical
    if room is None:
        raise DeniedError(NOT_THERE)
    kept = await room.listing.look.entries.find(identifier)
    patient = kept.patient if kept else NOBODY
    seen = await room.listing.before(reader, patient, identifier)
    made = await asyncio.to_thread(_made, [seen.entry], patient)
    if not made or made[0].type != kind:
        raise DeniedError(NOT_THERE)
    return made[0]


def _made(entries: Sequence[Entry], patient: PatientKey) -> list[Clinical]:
    subject = {"reference": f"Patient/{patient.hex()}"}
    made = (clinical_of(one, subject) for one in entries)
    return [one for one in made if one is not None]
