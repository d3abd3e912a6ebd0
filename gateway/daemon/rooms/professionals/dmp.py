"""The DMP door: its services joined with the flows of the house, and who is believed at it."""

from collections.abc import Sequence
from dataclasses import replace

from aiohttp import web

from gateway.adapters.dmp.again import Repeats
from gateway.adapters.dmp.door import DmpDoor, dmp_routes
from gateway.adapters.dmp.held import Held
from gateway.adapters.dmp.proof import Proof
from gateway.adapters.dmp.service import Services
from gateway.adapters.dmp.transactions.habilitations import (
    HabilitationsService,
    habilitation_services,
)
from gateway.adapters.dmp.transactions.patients import PatientsService, patient_services
from gateway.adapters.dmp.transactions.registry import RegistryService, registry_services
from gateway.adapters.dmp.transactions.repository import ProvideService, provide_services
from gateway.adapters.dmp.transactions.retrieve import RetrieveService, retrieve_services
from gateway.adapters.dmp.transactions.specific import PatientListService, patient_list_services
from gateway.adapters.dmp.transactions.update import UpdateService, update_services
from gateway.daemon.rooms.house import House
from gateway.daemon.rooms.professionals.dmp_proof import proof_of
from gateway.flows.depositing.lot import DepositLot
from gateway.flows.dmp.update import UpdateDocuments
from gateway.flows.signing_in.vihf import DOOR

LARGE_AT_ONCE = 2
"""Requests of the longest size that are in memory at one time."""


def dmp_of(house: House) -> Sequence[web.RouteDef]:
    """The routes of the door; none where it is closed."""
    dmp = house.settings.dmp
    if not dmp.enabled:
        return ()
    proof = proof_of(house)
    door = DmpDoor(
        services=services_of(house, proof),
        prove=proof,
        repeats=Repeats(house.clock),
        held=Held(LARGE_AT_ONCE * dmp.max_body_bytes),
        clock=house.clock,
        ids=house.ids,
        count=house.metrics.dmp_answered,
        max_body_bytes=dmp.max_body_bytes,
        request_seconds=dmp.request_seconds,
        strict=dmp.strict,
        behind_proxy=house.vault.behind_proxy,
    )
    return dmp_routes(door, dmp.prefix)


def services_of(house: House, proof: Proof) -> Services:
    """Every transaction that is offered."""
    asking, names = replace(house.read, door=DOOR), house.store.keys
    repository, quiet = house.settings.dmp.repository, house.vault.quiet
    patients = PatientsService(asking=asking, names=names, ids=house.ids, device=repository)
    own = PatientListService(asking=asking, names=names, authorising=house.store.people)
    find = RegistryService(asking=asking, names=names, quiet=quiet, repository=repository)
    take = RetrieveService(asking=asking, names=names, quiet=quiet, repository=repository)
    provide = ProvideService(asking=asking, names=names, deposit=_deposit(house, proof))
    treating = house.settings.dmp.treating
    habilitations = HabilitationsService(asking=asking, names=names, treating=treating)
    update = UpdateDocuments(asking=asking, names=names, repository=repository)
    return {
        **patient_services(patients),
        **habilitation_services(habilitations),
        **patient_list_services(own),
        **registry_services(find),
        **retrieve_services(take),
        **provide_services(provide),
        **update_services(UpdateService(update=update, quiet=quiet)),
    }


def _deposit(house: House, proof: Proof) -> DepositLot:
    """A lot may be as long as a request of this door."""
    dmp = house.settings.dmp
    reading = replace(
        house.settings.reading(), strict=dmp.strict, max_message_bytes=dmp.max_body_bytes
    )
    return DepositLot(receive=house.receive, reading=reading, trusts=proof.trusts)
