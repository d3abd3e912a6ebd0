"""Relabel: the holder puts a document under another label, in the own view only (VAULT DOC-01).

No decision reads this label: who may see the document stays as it was.
"""

from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.reading.explain import HOLDERS
from gateway.records.documents.document import Label
from gateway.records.readers.access import AccessAction, Reader

CHOSEN, GIVEN_BACK = "own-label", "own-label-undone"


async def relabel(asking: Asking, reader: Reader, document: str, *, label: Label | None) -> None:
    """Decided like an opening and traced with the label; None, or the gateway's own, undoes it.

    Raises DeniedError for a document that is not there or not this holder's to read.
    """
    if reader.kind not in HOLDERS:
        raise DeniedError(NOT_THERE)
    asked = await asking.demand(
        reader,
        AccessAction.OPEN,
        document,
        traced_as=CHOSEN if label else GIVEN_BACK,
        details={"label": label.value} if label else None,
    )
    own = None if label is asked.shelved.card.label else label
    await asking.shelf.label(document, own=own, at=asked.gate.now)
