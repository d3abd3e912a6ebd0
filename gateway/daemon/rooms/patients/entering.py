"""The way of people into their own spaces, made of rooms that the house has already."""

from gateway.flows.entering.entrance import Entrance
from gateway.flows.reading.read import ReadShelf
from gateway.flows.signing_in.signin import SignIn
from gateway.mapping.identity import INS_OIDS
from gateway.settings import Settings
from gateway.store.opening import Store
from gateway.vault.signing_in.passwords import Argon2Hasher


def entrance_of(
    settings: Settings, store: Store, read: ReadShelf, sign_in: SignIn, hasher: Argon2Hasher
) -> Entrance:
    return Entrance(
        asking=read,
        activations=store.activations,
        invited=store.invitations,
        names=store.keys,
        sessions=store.sessions,
        outbox=sign_in.outbox,
        hasher=hasher,
        turns=sign_in.turns,
        ids=sign_in.ids,
        oids=INS_OIDS[settings.profile],
        policy=settings.opening_policy(),
    )
