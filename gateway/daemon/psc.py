"""Pro Santé Connect, where gateway.toml names it."""

from contextlib import AsyncExitStack

from gateway.access.professions import professions
from gateway.adapters.oidc import HttpProvider
from gateway.flows.signing_in.pro_signin import ProSignIn
from gateway.flows.signing_in.signin import SignIn
from gateway.ports.oidc import Directory
from gateway.records.oidc import Client
from gateway.settings.psc import Psc


def psc_of(
    stack: AsyncExitStack, psc: Psc | None, sign_in: SignIn, directory: Directory
) -> ProSignIn | None:
    """Nothing is asked of the provider before somebody signs in; `stack` closes its calls."""
    if psc is None:
        return None
    client = Client(
        issuer=psc.issuer,
        client_id=psc.client_id,
        redirect_uri=psc.redirect_uri,
        acr=psc.acr,
        scope=psc.scope,
    )
    secret = psc.client_secret.read_text(encoding="utf-8").strip()
    provider = HttpProvider(client, secret, sign_in.clock)
    stack.push_async_callback(provider.close)
    return ProSignIn(
        client=client,
        provider=provider,
        directory=directory,
        sign_in=sign_in,
        professions=professions(),
    )
