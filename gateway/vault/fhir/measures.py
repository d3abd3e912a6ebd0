"""Measures among the Observations of `/fhir`: those that people and applications wrote (MEA-09).

What documents tell is in the contents of those documents.
"""

from collections.abc import Sequence

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.catalogue.boundary import is_echo
from gateway.flows.measures.reading import EVERY, of_kinds
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.mapping.fhir.clinical import Clinical
from gateway.mapping.fhir.measures.emit import PREFIX, measure_found, measure_observation
from gateway.mapping.measures.kinds import DIASTOLIC, PRESSURE, SYSTOLIC, kind_of
from gateway.records.entries.entry import Entry, EntryState
from gateway.records.entries.measure import Measure
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.vault.fhir.search.asking import whose
from gateway.vault.fhir.search.query import Search
from gateway.vault.rooms import ROOMS, medical_of

PARTS = {SYSTOLIC: PRESSURE, DIASTOLIC: PRESSURE}
Found = dict[str, tuple[Entry, Measure]]
"""By the id of the resource."""


def is_measure(wanted: str) -> bool:
    return wanted.startswith(PREFIX)


async def measures_found(
    request: web.Request, reader: Reader, patient: PatientKey, asked: Search
) -> Found:
    """Those whose codes are asked for, that this reader may see and did not send; none of a record
    that is not there or not for them."""
    if request[ROOMS].medical is None:
        return {}
    try:
        seen = await of_kinds(medical_of(request).listing, reader, patient, _codes(asked))
    except DeniedError:
        return {}
    return {
        PREFIX + entry.id: (entry, one)
        for entry, one in seen.measures
        if entry.state is not EntryState.PROPOSED and not is_echo(reader, entry)
    }


def cards_of(found: Found) -> list[Clinical]:
    return [measure_found(entry, one) for entry, one in found.values()]


async def bodies_of(
    request: web.Request, patient: PatientKey, shown: Sequence[Clinical], found: Found
) -> list[bytes]:
    """The JSON of each resource that is shown."""
    subject = await whose(request[ROOMS], patient) if found else {}
    return [
        measure_observation(*found[one.id], subject) if one.id in found else one.body
        for one in shown
    ]


async def one_measure(request: web.Request, reader: Reader, wanted: str) -> bytes:
    """Raises DeniedError for what is not there, not for this reader, or sent by it."""
    listing = medical_of(request).listing
    kept = await listing.look.entries.find(wanted.removeprefix(PREFIX))
    if kept is None or not isinstance(kept.content, Measure) or is_echo(reader, kept):
        raise DeniedError(NOT_THERE)
    entry = (await listing.before(reader, kept.patient, kept.id)).entry
    if not isinstance(entry.content, Measure):
        raise DeniedError(NOT_THERE)
    return measure_observation(entry, entry.content, await whose(request[ROOMS], entry.patient))


def _codes(asked: Search) -> Sequence[str]:
    """Of the measures that may agree; all where no code is asked for."""
    said = [value for name, value in asked.wanted if name == "code"]
    if not said:
        return EVERY
    codes = (part.rpartition("|")[2] for value in said for part in value.split(","))
    kinds = (kind_of(PARTS.get(code, code)) for code in codes)
    return tuple(dict.fromkeys(one.code for one in kinds if one and not one.is_computed))
