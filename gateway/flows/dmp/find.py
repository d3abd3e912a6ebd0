"""TD3.1, TD3.1b and TD3.2: what a reader finds at the registry, and takes from the repository."""

from collections.abc import Iterable

from gateway.errors import DeniedError
from gateway.flows.choices.emergency import declare
from gateway.flows.dmp.own_references import own_references
from gateway.flows.reading.decided.asking import Asking, Refuses
from gateway.flows.reading.xds.hand_over import HandedOver, hand_over
from gateway.flows.reading.xds.registry import query_registry
from gateway.mapping.xds.query.asked import Query
from gateway.mapping.xds.query.find import NOTHING, Found
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Circumstances, Reader, ReaderKind


async def find_objects(
    asking: Asking, reader: Reader, patient: PatientKey, query: Query, circumstances: Circumstances
) -> Found:
    """NOTHING for a record that is not there, as for one that is shut. Of references also those of
    his own documents."""
    found = NOTHING
    if reader.kind is ReaderKind.PROFESSIONAL:
        found = await _seen(asking, reader, patient, query, circumstances)
    if query.leaf:
        return found
    return await own_references(
        asking, reader, patient, query, circumstances=circumstances, known=found
    )


async def _seen(
    asking: Asking, reader: Reader, patient: PatientKey, query: Query, circumstances: Circumstances
) -> Found:
    try:
        await declare(asking, reader, patient, circumstances)
        return await query_registry(asking, reader, patient, query, circumstances=circumstances)
    except DeniedError:
        return NOTHING


async def take_documents(
    asking: Asking,
    reader: Reader,
    patient: PatientKey,
    unique_ids: Iterable[str],
    circumstances: Circumstances,
    unless: Refuses,
) -> dict[str, HandedOver]:
    """By unique id; an emergency that is refused hands nothing over."""
    try:
        await declare(asking, reader, patient, circumstances)
    except DeniedError:
        return {}
    return await hand_over(
        asking, reader, patient, unique_ids, circumstances=circumstances, unless=unless
    )
