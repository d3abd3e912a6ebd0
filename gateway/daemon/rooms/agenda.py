"""What senders tell agendas, made of rooms that the house has already."""

from gateway.daemon.rooms.house import House
from gateway.flows.agenda.sending import SendAppointments


def appointments_of(house: House) -> SendAppointments:
    return SendAppointments(
        asking=house.read,
        agendas=house.store.agendas,
        names=house.store.keys,
        senders=frozenset(house.settings.agenda.senders),
    )
