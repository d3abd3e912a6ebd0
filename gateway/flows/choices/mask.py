"""Mask: the holder hides a document from professionals, or shows it again (VAULT CHO-07)."""

from gateway.errors import DeniedError
from gateway.flows.reading.asking import NOT_THERE, Asking
from gateway.flows.reading.explain import HOLDERS
from gateway.records.access import AccessAction, Decision, Reader


async def mask(asking: Asking, reader: Reader, document: str, *, masked: bool) -> Decision:
    """Decided and traced like a reading; it takes effect on the next call.

    Raises DeniedError for a document that is not there or not this holder's.
    """
    if reader.kind not in HOLDERS:
        raise DeniedError(NOT_THERE)
    action = AccessAction.MASK if masked else AccessAction.UNMASK
    asked = await asking.demand(reader, action, document)
    await asking.shelf.mask(document, masked=masked, at=asked.gate.now)
    return asked.decision
