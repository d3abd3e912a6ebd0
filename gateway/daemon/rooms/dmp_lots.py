"""The service of the DMP door that takes lots, joined to its flow."""

from dataclasses import replace

from gateway.adapters.dmp.proof import Proof
from gateway.adapters.dmp.repository import repository_services
from gateway.adapters.dmp.service import Services
from gateway.daemon.rooms.house import House
from gateway.flows.depositing.lot import DepositLot
from gateway.flows.signing_in.vihf import DOOR
from gateway.mapping.xds.lot.signer import is_trusted


def services_of_lots(house: House, proof: Proof) -> Services:
    """`repository` for ITI-41. A lot may be signed by whom a VIHF may be signed by."""

    async def trusts(certificate: bytes) -> bool:
        return is_trusted(certificate, await proof.trust.current(), proof.clock.now())

    reading = house.settings.reading()
    deposit = DepositLot(
        receive=house.receive,
        asking=replace(house.read, door=DOOR),
        names=house.store.keys,
        reading=replace(reading, strict=reading.strict or house.settings.dmp.strict),
        trusts=trusts,
    )
    return repository_services(deposit)
