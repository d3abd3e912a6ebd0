"""Which documents a reader may replace, by their unique ids (TD3.1b of the DMP).

Who deposited a document need not be let in to replace or delete it: he is told how the registry
calls it, and nothing else. An establishment's certificate never reads, and asks this alone.
"""

from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import Asking
from gateway.flows.reading.xds.hand_over import bound_to
from gateway.mapping.xds.query.asked import Query
from gateway.mapping.xds.query.find import Found, names_documents
from gateway.mapping.xds.query.objects import Entry, registered
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Circumstances, Reader

REFERENCE = "search"
MAX_NAMED = 100
"""Documents of one question; each is decided, and an entry of the log, by itself."""


async def own_references(
    asking: Asking,
    reader: Reader,
    patient: PatientKey,
    query: Query,
    *,
    circumstances: Circumstances,
    known: Found,
) -> Found:
    """`known` with the documents that the query names besides and that this reader may replace."""
    uniques, ids = names_documents(query)
    found = {one.unique_id for one in known.entries} | {one.card.id for one in known.entries}
    named = await asking.shelf.named(uniques)
    wanted = [*(named.get(one, one) for one in uniques if one not in found), *(ids - found)]
    bound = await bound_to(asking, reader, patient)
    more = [
        entry
        for one in wanted[:MAX_NAMED]
        if (entry := await _entry(asking, bound, one, circumstances)) is not None
    ]
    return Found(entries=(*known.entries, *more))


async def _entry(
    asking: Asking, reader: Reader, document: str, circumstances: Circumstances
) -> Entry | None:
    try:
        asked = await asking.demand(
            reader,
            AccessAction.REPLACE,
            document,
            circumstances=circumstances,
            traced_as=REFERENCE,
        )
    except DeniedError:
        return None
    return Entry(card=asked.card, document=registered(asked.card, asked.shelved.document, None))
