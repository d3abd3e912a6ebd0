"""The patient's secure mail, made of rooms that the house has already."""

from gateway.clock import Ids
from gateway.flows.corresponding.box import Boxes
from gateway.flows.corresponding.room import Messages
from gateway.flows.corresponding.sight import Look
from gateway.flows.reading.read import ReadShelf
from gateway.settings import Settings
from gateway.store.opening import Store


def messages_of(settings: Settings, store: Store, read: ReadShelf, ids: Ids) -> Messages:
    look = Look(asking=read, correspondence=store.correspondence)
    return Messages(
        boxes=Boxes(look=look, policy=settings.policy.patient_may_write),
        journal=store.journal,
        limits=settings.messages.limits(),
        ids=ids,
        domain=settings.mssante.patient_domain,
    )
