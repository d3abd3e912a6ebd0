"""`gateway serve`: opens the house, says that it is ready, waits for SIGTERM, closes it."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from gateway.adapters.http.appointments import appointment_routes
from gateway.adapters.http.documents import DocumentsDoor
from gateway.adapters.http.fhir import FhirDoor
from gateway.adapters.http.line import Lines
from gateway.adapters.http.senders import SenderGate
from gateway.clock import Ids, SystemClock
from gateway.daemon import doors
from gateway.daemon.chores import hang_chores, keep_signing
from gateway.daemon.demo.answers import open_answers
from gateway.daemon.demo.authorities.issuer import DemoIssuer
from gateway.daemon.demo.winding import Winding
from gateway.daemon.listening import address_of, bind, door
from gateway.daemon.process import endings, freeze_memory, prepare_process
from gateway.daemon.ready import write_ready
from gateway.daemon.rooms.agenda import appointments_of
from gateway.daemon.rooms.house import House, build_house
from gateway.daemon.rooms.professionals.dmp import dmp_of
from gateway.daemon.rooms.web import build_web
from gateway.flows.measures.taking import TakeMeasures
from gateway.records.messages.mailbox import without_person
from gateway.schedule import Bells
from gateway.settings import Settings, out_of_date
from gateway.vault.fhir.readers import application_of, own_session

log = structlog.get_logger()
Json = dict[str, Any]
Furnish = Callable[[House], Awaitable[Json]]
"""What the demo puts into a house before its doors open; the `demo` part of the ready file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One process of the daemon. `share` lets several listen on the same ports."""

    settings: Settings
    clock: SystemClock
    ids: Ids
    ready_file: Path | None = None
    share: bool = False
    furnish: Furnish | None = None
    announce: Callable[[Json], None] = field(default=lambda _doors: None)


async def serve(service: Service) -> None:
    """Runs until told to stop. Raises OSError when an address cannot be had."""
    prepare_process()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in endings():
        loop.add_signal_handler(number, stop.set)
    if service.share:
        loop.add_reader(sys.stdin.fileno(), stop.set)  # closed: the parent of the workers is gone
    async with AsyncExitStack() as stack:
        house = await build_house(stack, service.settings, service.clock, service.ids)
        demo = await service.furnish(house) if service.furnish else None
        bells = Bells(service.clock)
        hang_chores(bells, house)
        await keep_signing(stack, bells, house)
        opened = doors.OpenDoors(certificates=house.certificates)
        stack.push_async_callback(opened.close)
        house = with_winding(house, bells)
        issuer = DemoIssuer(stack, opened, house) if demo is not None else None
        places = await open_doors(opened, house, issuer, share=service.share)
        if demo is not None and issuer is not None:
            answers = await open_demo_answers(opened, house)
            places["demo"] = {**demo, "answers": answers, "psc": issuer.told}
        bells.start()
        freeze_memory()
        if service.ready_file is not None:
            write_ready(service.ready_file, places)
        service.announce(places)
        log.info("daemon.ready", pid=os.getpid())
        await stop.wait()
        log.info("daemon.stopping")
    log.info("daemon.stopped")


async def name_strangers(house: House) -> None:
    """Says which names of the settings have no account: what comes under them is refused."""
    settings = house.settings
    named = {one.sender for one in settings.mllp} | {one.sender for one in settings.folder}
    for name in sorted(one for one in named if one is not None):
        if await house.store.people.sender_named(name) is None:
            log.warning("sender.unknown", sender=name)


def with_winding(house: House, bells: Bells) -> House:
    """The demo's operators may move its clock; elsewhere there is no such route."""
    desk = house.vault.desk
    if not house.settings.demo or desk is None:
        return house
    wind = Winding(
        clock=house.clock,
        tasks=house.store.tasks,
        lanes=house.work.lanes,
        bells=bells,
        folder=house.settings.outbox.parent,
    )
    return replace(house, vault=replace(house.vault, desk=replace(desk, wind=wind)))


async def open_demo_answers(opened: doors.OpenDoors, house: House) -> Json:
    """Where the demo's sender hears what became of its messages (ZAM); unless an operator named
    another address for it (`gateway sender answers`)."""
    folder = house.settings.outbox.parent / "answers"
    door = open_answers(folder, clock=house.clock, ids=house.ids)
    host, port = await door.start()
    opened.closing.append(door.close)
    house.work.answers.default = f"mllp://{host}:{port}"
    return {"mllp": f"{host}:{port}", "folder": str(folder)}


async def open_doors(
    opened: doors.OpenDoors, house: House, issuer: DemoIssuer | None, *, share: bool
) -> Json:
    """Opens every door the settings name; where each listens, for the ready file."""
    await name_strangers(house)
    settings = house.settings
    for problem in out_of_date(settings, "", house.clock.now()):
        log.warning("certificate.out_of_date", name=problem.key)
    places: Json = {"pid": os.getpid()}
    metrics = settings.metrics.listen
    with door("metrics", metrics):
        places["metrics"] = "http://" + await doors.open_metrics(
            opened, house.metrics, metrics, share=share
        )
    for folder in settings.folder:
        doors.open_folder(opened, settings, folder, house.receive, house.store.people)
        places.setdefault("folder", str(folder.path))
    if settings.mssante.enabled:
        with door("mssante", settings.mssante.listen):
            places["smtp"] = await doors.open_smtp(
                opened,
                settings,
                house.receive,
                writer_of(house),
                house.boxes,
                share=share,
            )
    listeners: list[Json] = []
    for one in settings.mllp:
        with door(one.name, one.listen):
            place = await doors.open_mllp(
                opened,
                one,
                house.exchange,
                clock=house.clock,
                ids=house.ids,
                metrics=house.metrics,
                share=share,
            )
        places.setdefault("mllp", place)
        listeners.append({"name": one.name, "mllp": place})
    if len(listeners) > 1:
        places["listeners"] = listeners
    places["http"] = await _open_http(opened, house, issuer, share=share)
    return places


async def _open_http(
    opened: doors.OpenDoors, house: House, issuer: DemoIssuer | None, *, share: bool
) -> str:
    settings = house.settings
    with door("http", settings.http.listen):
        listener = bind(settings.http.listen, share=share)
    place = f"{'https' if settings.http.tls else 'http'}://{address_of(listener)}"
    rooms = await issuer.open(place) if issuer else house.vault
    gate = SenderGate(house.store.people, house.vault.refusals, house.vault.behind_proxy)
    limits = settings.http.max_body_bytes, settings.http.request_seconds
    reading = settings.reading()
    quiet = house.vault.quiet
    documents = DocumentsDoor(house.receive, house.store.journal, gate, quiet, reading, *limits)
    fhir = FhirDoor(
        house.receive,
        gate,
        reading,
        *limits,
        application=partial(application_of, house.vault),
        using=house.vault.using,
        person=partial(own_session, house.vault),
        take=TakeMeasures(medical=house.vault.medical, names=house.vault.names)
        if house.vault.medical
        else None,
    )
    appointments = appointment_routes(fhir, appointments_of(house))
    app = build_web(rooms, documents, fhir, house.watch, dmp_of(house), appointments)
    lines = Lines(
        "http",
        opened.away,
        max_connections=settings.http.max_connections,
        idle_seconds=settings.http.idle_seconds,
        behind_proxy=settings.http.behind_proxy,
        https=house.vault.secure_cookies,
    )
    await doors.open_http(opened, app, listener, settings.http.tls, lines)
    return place


def writer_of(house: House) -> Callable[[str], str]:
    """What a mailbox that writes is called: a copied database tells no person (decision 031)."""
    return partial(without_person, name=house.store.keys.box)
