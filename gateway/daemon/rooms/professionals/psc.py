"""Pro Santé Connect, where gateway.toml names it."""

from contextlib import AsyncExitStack
from dataclasses import replace

from gateway.access.professions import professions
from gateway.adapters.oidc import HttpProvider
from gateway.flows.signing_in.oidc.bearer import Bearers
from gateway.flows.signing_in.oidc.pro_signin import ProSignIn
from gateway.flows.signing_in.signin import SignIn
from gateway.ports.oidc import Directory
from gateway.records.readers.oidc import Client
from gateway.settings.sections.psc import CALLBACK, Psc
from gateway.vault.rooms import VaultRooms


def with_psc(rooms: VaultRooms, psc: ProSignIn | None) -> VaultRooms:
    """The rooms with this way in, and with its access tokens where their audience is named."""
    if psc is None:
        return rooms
    bearers = None
    if psc.client.audience:
        bearers = Bearers(
            client=psc.client,
            origin=psc.client.redirect_uri.removesuffix(CALLBACK),
            provider=psc.provider,
            directory=psc.directory,
            sessions=psc.sign_in.sessions,
            clock=psc.sign_in.clock,
            professions=psc.professions,
        )
    return replace(rooms, psc=psc, bearers=bearers)


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
        algorithms=psc.algorithms,
        audience=psc.audience,
    )
    secret = psc.client_secret.read_text(encoding="utf-8").strip()
    return sign_in_by(stack, client, secret, sign_in, directory)


def sign_in_by(
    stack: AsyncExitStack, client: Client, secret: str, sign_in: SignIn, directory: Directory
) -> ProSignIn:
    """The way in by the provider that knows us as this client."""
    provider = HttpProvider(client, secret, sign_in.clock)
    stack.push_async_callback(provider.close)
    return ProSignIn(
        client=client,
        provider=provider,
        directory=directory,
        sign_in=sign_in,
        professions=professions(),
    )
