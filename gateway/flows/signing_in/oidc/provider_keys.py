"""The keys of a provider for one token: asked for again when it names one that we do not know."""

from collections.abc import Sequence

from gateway.mapping.fhir.json import Json
from gateway.mapping.oidc.jose import unverified
from gateway.ports.oidc import IdentityProvider
from gateway.records.readers.oidc import Client


async def keys_for(token: str, provider: IdentityProvider, client: Client) -> Sequence[Json]:
    """They rotate. Raises NotProvedError for a token of a form that we do not take."""
    kid = unverified(token, algorithms=client.algorithms).kid
    keys = await provider.keys()
    if kid is not None and all(one.get("kid") != kid for one in keys):
        keys = await provider.keys(fresh=True)
    return keys
