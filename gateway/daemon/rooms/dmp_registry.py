"""The services of the DMP door that read: registry and repository, joined to their flows."""

from dataclasses import replace

from gateway.adapters.dmp.registry import RegistryService, registry_services
from gateway.adapters.dmp.retrieve import RetrieveService, retrieve_services
from gateway.adapters.dmp.service import Services
from gateway.daemon.rooms.house import House
from gateway.flows.reading.decided.quiet import Quiet
from gateway.flows.signing_in.vihf import DOOR


def services_that_read(house: House) -> Services:
    """ITI-18 at `registry`, ITI-43 at `repository`."""
    asking, names = replace(house.read, door=DOOR), house.store.keys
    quiet, repository = Quiet(asking.clock), house.settings.dmp.repository
    registry = RegistryService(asking=asking, names=names, quiet=quiet, repository=repository)
    retrieve = RetrieveService(asking=asking, names=names, quiet=quiet, repository=repository)
    return {**registry_services(registry), **retrieve_services(retrieve)}
