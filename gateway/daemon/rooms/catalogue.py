"""The rooms of services that act for patients (VAULT section 13)."""

from gateway.clock import Clock, Ids
from gateway.flows.catalogue.launching import Launching
from gateway.flows.catalogue.upkeep import ServiceUpkeep
from gateway.flows.catalogue.using import Using
from gateway.flows.family.services import Services
from gateway.flows.reading.decided.asking import Asking
from gateway.settings import Settings
from gateway.store.opening import Store


def services_of(settings: Settings, store: Store, asking: Asking, ids: Ids) -> Services:
    return Services(
        asking=asking,
        tokens=store.service_tokens,
        launches=store.launches,
        ids=ids,
        catalogue={one.id: one.service() for one in settings.application},
    )


def launching_of(store: Store, asking: Asking, ids: Ids) -> Launching:
    return Launching(
        asking=asking,
        catalogue=store.catalogue,
        launches=store.launches,
        copied=store.service_tokens,
        reports=store.reports,
        ids=ids,
        spent=store.sessions,
    )


def using_of(store: Store, clock: Clock) -> Using:
    return Using(launches=store.launches, traces=store.traces, clock=clock)


def service_upkeep_of(store: Store, clock: Clock) -> ServiceUpkeep:
    return ServiceUpkeep(
        people=store.people, launches=store.launches, copied=store.service_tokens, clock=clock
    )
