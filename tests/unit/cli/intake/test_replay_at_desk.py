"""The desk's « Rejouer » on a real store: what it changes, who is told of it, and only once."""

from dataclasses import replace

import pytest
from place import Place, cda, receiving

from gateway.access.grid import shipped_grid
from gateway.clock import SystemClock, SystemIds
from gateway.daemon.rooms.desk import Behind
from gateway.daemon.rooms.identities import replay_of
from gateway.flows.desk.agent import DeskGate
from gateway.flows.desk.messages.listing import MessageDesk
from gateway.flows.desk.messages.replaying import OtherwiseNowError, ReplayDesk
from gateway.records.documents.document import Label
from gateway.records.intake.understanding import Understanding
from gateway.records.readers.access import Reader, ReaderKind
from gateway.records.readers.switches import Switches
from gateway.settings import read_settings
from gateway.store import Store

AGENT = Reader(kind=ReaderKind.OPERATOR, id="104", name="Support", door="desk")


def unlabelled(understood: Understanding) -> Understanding:
    """As code would understand it that did not know the type."""
    (one,) = understood.documents
    doubtful = replace(
        one,
        type_code="00000-0",
        label=Label.AUTR_DOC,
        label_text="Autres documents",
        label_rule="default",
    )
    return replace(understood, documents=(doubtful,))


def desk(place: Place, store: Store) -> ReplayDesk:
    clock, ids = SystemClock(), SystemIds()
    settings, _ = read_settings(place.config)
    gate = DeskGate(traces=store.traces, clock=clock, grid=shipped_grid(), switches=Switches())
    behind = Behind(settings=settings, store=store, receive=receiving(store), clock=clock, ids=ids)
    messages = MessageDesk(gate=gate, messages=store.messages)
    return ReplayDesk(messages=messages, replay=replay_of(behind))


def test_what_was_shown_is_applied_once_and_its_patient_reads_by_whom(place: Place) -> None:
    key = place.open_space()
    filed = place.deposit(cda(1), unlabelled)
    identifier = filed.documents[0].id

    async def act(store: Store) -> None:
        replays = desk(place, store)
        compared = await replays.compare(AGENT, filed.receipt)
        assert compared.relabelled == 1
        assert await replays.latest(filed.receipt) is None
        for _ in range(2):
            await replays.apply(AGENT, filed.receipt, seen=compared.seen)
        assert (await replays.compare(AGENT, filed.receipt)).lines == ()
        kept = await replays.latest(filed.receipt)
        assert kept is not None
        assert kept.by == "104"
        found = [one.trace for one in await store.traces.of_patient(key, limit=50)]
        acts = [one for one in found if one.action in {"relabel", "message-replayed"}]
        assert sorted((one.action, one.actor, one.actor_name) for one in acts) == [
            ("message-replayed", "104", "Support"),
            ("relabel", "104", "Support"),
        ]
        assert {one.document for one in acts} == {None, identifier}

    place.inside(act)


def test_what_changed_since_it_was_shown_is_not_applied(place: Place) -> None:
    key = place.open_space()
    filed = place.deposit(cda(1), unlabelled)

    async def act(store: Store) -> None:
        replays = desk(place, store)
        with pytest.raises(OtherwiseNowError):
            await replays.apply(AGENT, filed.receipt, seen="0" * 64)
        assert await replays.latest(filed.receipt) is None
        (card,) = await store.shelf.cards(key)
        assert card.label is Label.AUTR_DOC

    place.inside(act)


def test_a_message_that_is_refused_as_before_has_nothing_to_apply(place: Place) -> None:
    refused = place.deposit(b"<ClinicalDocument/>")

    async def act(store: Store) -> None:
        compared = await desk(place, store).compare(AGENT, refused.receipt)
        assert compared.lines == ()
        applied = await desk(place, store).apply(AGENT, refused.receipt, seen=compared.seen)
        assert applied.lines == ()
        assert await store.replays.latest(refused.receipt) is None

    place.inside(act)
