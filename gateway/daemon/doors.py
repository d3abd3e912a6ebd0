"""Opens the doors on their addresses, and closes them before anything they lean on."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from socket import socket
from typing import cast

import structlog
from aiohttp import web

from gateway.adapters.certificates import CertificateEnds
from gateway.adapters.hl7v2.hl7_exchange import Hl7Exchange, Listener
from gateway.adapters.hl7v2.mllp import MllpDoor, MllpPeer, MllpSettings, Watch, tls_context
from gateway.adapters.http.line import Line, Lines, speaking
from gateway.adapters.monitoring.metrics import PrometheusMetrics, build_metrics_app
from gateway.adapters.turned_away import HANDSHAKE_SECONDS, TurnedAway, watched
from gateway.adapters.watched.folder import FolderDoor, FolderSettings
from gateway.adapters.watched.resting import MODE
from gateway.clock import Clock, Ids, SystemClock
from gateway.daemon.listening import address_of, bind, free_port
from gateway.daemon.rooms.sending.boxes import PatientBoxes, is_of_domains
from gateway.daemon.rooms.sending.mailer import sender_address
from gateway.errors import RefusedError
from gateway.flows.receive import Delivery, Receive, read_for
from gateway.mapping.mail import for_recipients
from gateway.mssante.smtp.inbox import InboxSettings, SmtpInbox, SmtpMail, SmtpPeer
from gateway.ports.people.people import People
from gateway.records.intake.filing import Answer, Door
from gateway.records.intake.understanding import Format
from gateway.records.messages.mailbox import is_patient_box
from gateway.records.readers.callers import undeclared
from gateway.settings import Address, Settings
from gateway.settings.sections.doors import Folder, Mllp, Tls
from gateway.vault.headers import secure

CLOSE_SECONDS = 5.0
BACKLOG = 512
log = structlog.get_logger()
MAIL_LISTENER = "mssante"
NULL_PATH = "<>"
"""Who sends a receipt: nobody, so that none is ever answered (RFC 5321 section 4.5.5)."""
Close = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class OpenDoors:
    """Doors close together, so that the slowest peer alone says how long SIGTERM takes."""

    closing: list[Close] = field(default_factory=list)
    away: TurnedAway = field(default_factory=lambda: TurnedAway(SystemClock()))
    certificates: CertificateEnds = field(default_factory=CertificateEnds)

    async def close(self) -> None:
        """Stops accepting; what is in work gets its answer within CLOSE_SECONDS."""
        ended = await asyncio.gather(*(close() for close in self.closing), return_exceptions=True)
        for problem in ended:
            if isinstance(problem, BaseException):
                log.error("door.not_closed", exc_info=problem)


async def open_http(
    doors: OpenDoors, app: web.Application, listener: socket, tls: Tls | None, lines: Lines
) -> str:
    """Serves `app`; the address in use. Requests in work are finished at the end. A connection is
    closed that brings no request, headers and all, within the idle seconds of its last answer.

    Raises RuntimeError for a server with a door that nobody is said to come in by.
    """
    if forgotten := unopened(app):
        raise RuntimeError(f"nobody is said to come in by {', '.join(forgotten)}")
    runner = web.AppRunner(app, shutdown_timeout=CLOSE_SECONDS)
    await runner.setup()
    serving = speaking(cast(web.Server, runner.server))
    server = await asyncio.get_running_loop().create_server(
        lambda: Line(serving, lines, secure),
        sock=listener,
        ssl=context_of(tls, lines.listener, doors),
        ssl_handshake_timeout=HANDSHAKE_SECONDS if tls else None,
        backlog=BACKLOG,
    )

    async def close() -> None:
        server.close()
        await runner.cleanup()

    doors.closing.append(close)
    return address_of(listener)


def unopened(app: web.Application) -> list[str]:
    """Method and address of the routes whose handler does not say who may call it."""
    return undeclared(
        (f"{route.method} {route.resource.canonical if route.resource else ''}", route.handler)
        for route in app.router.routes()
    )


async def open_metrics(
    doors: OpenDoors, metrics: PrometheusMetrics, address: Address, *, share: bool
) -> str:
    listener = bind(address, share=share)
    lines = Lines("metrics", doors.away)
    return await open_http(doors, build_metrics_app(metrics), listener, None, lines)


def context_of(tls: Tls | None, listener: str, doors: OpenDoors) -> ssl.SSLContext | None:
    """Mutual where `client_ca` is set; optional for peers when `client_required` is false."""
    if tls is None:
        return None
    context = tls_context(tls.certificate, tls.key, client_ca=tls.client_ca)
    if tls.client_ca is not None and not tls.client_required:
        context.verify_mode = ssl.CERT_OPTIONAL
    return watched(context, listener=listener, away=doors.away, met=doors.certificates.met)


async def open_mllp(
    doors: OpenDoors,
    one: Mllp,
    exchange: Hl7Exchange,
    *,
    clock: Clock,
    ids: Ids,
    metrics: PrometheusMetrics,
    share: bool,
) -> str:
    door = MllpDoor(
        receive=exchange,
        settings=MllpSettings(
            name=one.name,
            host=one.listen.host,
            port=one.listen.port if share else free_port(one.listen),
            tls=context_of(one.tls, one.name, doors),
            reuse_port=share,
            max_frame_bytes=one.max_frame_bytes,
            max_held_bytes=one.max_held_bytes,
            max_in_flight=one.max_in_flight,
            max_connections=one.max_connections,
            max_connections_per_address=max(one.max_connections * 3 // 4, 1),
            frame_timeout_seconds=one.idle_seconds,
            close_seconds=CLOSE_SECONDS,
            always_original=one.always_original,
        ),
        clock=clock,
        ids=ids,
        quarantine=exchange.quarantine,
        observe=_counted(metrics),
        away=doors.away,
    )
    host, port = await door.start()
    doors.closing.append(door.close)
    return str(Address(host, port))


def listeners_of(settings: Settings) -> dict[str, Listener]:
    return {
        one.name: Listener(
            sender=one.sender,
            reading=settings.reading(one),
            always_original=one.always_original,
            batch_ack=one.batch_ack,
        )
        for one in settings.mllp
    }


def _counted(metrics: PrometheusMetrics) -> Callable[[Watch, MllpPeer, int], None]:
    connections: dict[str, int] = {}

    def observe(what: Watch, peer: MllpPeer, _count: int) -> None:
        step = {Watch.OPENED: 1, Watch.CLOSED: -1}.get(what, 0)
        if step:
            connections[peer.listener] = connections.get(peer.listener, 0) + step
            metrics.connections(peer.listener, connections[peer.listener])

    return observe


async def open_smtp(
    doors: OpenDoors,
    settings: Settings,
    receive: Receive,
    called: Callable[[str], str],
    boxes: PatientBoxes,
    *,
    share: bool,
) -> str:
    """The secure mail door; a document for another mailbox than its patient's is refused. `called`
    is the name of a mailbox that writes: of it nothing else is kept in clear. A citizen's is not
    kept at all: what one writes may be filed in the record of another."""
    mail = settings.mssante
    own = frozenset({sender_address(mail).lower()})
    people = boxes.people

    async def take(one: SmtpMail) -> Answer:
        box = await boxes.of(one.recipients)
        delivery = Delivery(
            sender=called(one.sender) if one.sender else NULL_PATH,
            writer=one.sender if one.sender and not is_patient_box(one.sender) else None,
            door=Door.SMTP,
            raw=one.raw,
            reading=settings.reading(),
            recipients=one.recipients,
            declared=Format.MAIL,
            box=box,
        )
        understood = await receive.elsewhere_understood(delivery)
        admitted = [await boxes.admitted(each, one, box) for each in understood]
        addressed = [for_recipients(message, one.recipients, own) for message in admitted]
        return (await receive.file_all(delivery, addressed))[0].answer

    inbox = SmtpInbox(
        InboxSettings(
            host=mail.listen.host,
            port=mail.listen.port if share else free_port(mail.listen),
            reuse_port=share,
            hostname=mail.hostname,
            patient_domain=mail.patient_domain,
            own_boxes=own,
            tls=context_of(mail.tls, MAIL_LISTENER, doors),
            require_tls=mail.tls is not None,
            max_message_bytes=mail.max_message_bytes,
        ),
        receive=take,
        may_send=senders_of_mail(settings, people, doors.away),
        mailbox=boxes.mailbox,
    )
    host, port = await inbox.open()
    doors.closing.append(lambda: inbox.close(grace_seconds=CLOSE_SECONDS))
    return str(Address(host, port))


def senders_of_mail(
    settings: Settings, people: People, away: TurnedAway
) -> Callable[[str, SmtpPeer], Awaitable[bool]]:
    """Exact domains of the white list (MSSANTE section 2); the demo, on loopback, takes any
    domain of mssante.fr. The null path of receipts is nobody's. With authorities of client
    certificates, the certificate must be a sender's."""
    mail, is_known = settings.mssante, is_of_domains(settings)
    mutual = mail.tls is not None and mail.tls.client_ca is not None

    async def may_send(sender: str, peer: SmtpPeer) -> bool:
        if sender and not is_known(sender):
            refused(peer, "domain")
            return False
        if not mutual:
            return True
        account = await people.sender_by_certificate(peer.certificate or "")
        if account is None or account.disabled:
            refused(peer, "certificate")
            return False
        return True

    def refused(peer: SmtpPeer, reason: str) -> None:
        told = {"peer": peer.address, "name": peer.certificate, "reason": reason}
        away.note("smtp.sender_refused", listener=MAIL_LISTENER, **told)

    return may_send


def open_folder(
    doors: OpenDoors, settings: Settings, folder: Folder, receive: Receive, people: People
) -> None:
    async def take(_name: str, raw: bytes) -> list[Answer]:
        account = await people.sender_named(folder.sender)
        if account is None or account.disabled:
            raise RefusedError("This sender is unknown or was disabled: ask the operator.")
        delivery = Delivery(
            sender=folder.sender,
            organization=account.organization,
            door=Door.FOLDER,
            raw=raw,
            reading=read_for(settings.reading(), account),
        )
        return [one.answer for one in await receive(delivery)]

    folder.path.mkdir(parents=True, exist_ok=True, mode=MODE)
    door = FolderDoor(
        FolderSettings(
            path=folder.path,
            poll_seconds=folder.every_seconds,
            max_file_bytes=settings.limits.max_message_bytes,
        ),
        receive=take,
    )
    running = asyncio.create_task(door.run())

    async def close() -> None:
        door.close()
        await asyncio.wait({running}, timeout=CLOSE_SECONDS)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    doors.closing.append(close)
