"""The agenda of a record and what prevention asks for: what pages ask, and who is told when."""

from gateway.clock import Clock, Ids
from gateway.flows.agenda.room import Agenda
from gateway.flows.agenda.sight import Look
from gateway.flows.prevention.listing import ListPrevention
from gateway.flows.prevention.room import Prevention
from gateway.flows.prevention.telling import TellPrevention
from gateway.flows.reading.decided.asking import Asking
from gateway.store.opening import Store


def agenda_of(store: Store, asking: Asking, ids: Ids) -> Agenda:
    return Agenda(
        look=Look(asking=asking, agendas=store.agendas),
        ids=ids,
        ties=store.people,
        prevention=Prevention(list=_list(store, asking)),
    )


def tell_prevention_of(store: Store, asking: Asking, clock: Clock) -> TellPrevention:
    return TellPrevention(list=_list(store, asking), preventions=store.preventions, clock=clock)


def _list(store: Store, asking: Asking) -> ListPrevention:
    return ListPrevention(asking=asking, entries=store.entries, preventions=store.preventions)
