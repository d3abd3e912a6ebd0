"""A client that is known by its key: each assertion opens once, on every node (RFC 7523, 3)."""

from gateway.clock import Clock
from gateway.mapping.oidc.client_assertion import ClientAssertion, prove
from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.ports.proving import SpentOnce
from gateway.records.catalogue.files import ServiceFile

PURPOSE = "client-assertion"


async def proved_by_key(
    spent: SpentOnce, clock: Clock, assertion: ClientAssertion, file: ServiceFile, *, audience: str
) -> None:
    """`audience` is the address of our token endpoint. What was signed well is spent by it, what
    was not spends nothing. Raises NotProvedError."""
    if assertion.client != file.id:
        raise NotProvedError(Why.CLAIM)
    shown = prove(assertion, file.keys, audience=audience, now=clock.now())
    if not await spent.once(f"{file.id}.{shown.jti}", PURPOSE, until=shown.until):
        raise NotProvedError(Why.REPLAY)
