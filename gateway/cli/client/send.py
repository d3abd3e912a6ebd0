"""`gateway send`: a client for the doors, for demos and for senders."""

import argparse
import sys
from collections.abc import Callable, Coroutine
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.client.dmp.options import add_card
from gateway.cli.client.target import (
    TOKEN_VARIABLE,
    Target,
    attempted,
    bytes_of,
    check_options,
    say,
    target_of,
    tls_of,
    token_of,
    web_tls,
)
from gateway.cli.intake.inspect import files_of
from gateway.cli.opening import BAD_USAGE, UsageError
from gateway.errors import RefusedError
from gateway.mapping.understand import format_of
from gateway.records.intake.understanding import Format

if TYPE_CHECKING:
    from gateway.adapters.hl7v2.mllp_client import MllpClient

TYPES = {
    Format.CDA: "application/xml",
    Format.XDM: "application/zip",
    Format.HL7V2: "application/hl7-v2",
    Format.FHIR: "application/fhir+json",
}


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("send", help="send files to a door")
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument(
        "--to",
        required=True,
        metavar="URL",
        help="mllp(s)://… http(s)://… smtp://… dmp+http(s)://…",
    )
    parser.add_argument("--token", help=f"sender's token, else ${TOKEN_VARIABLE}")
    parser.add_argument("--mail-from", default="labo@demo.mssante.fr", metavar="ADDRESS")
    parser.add_argument("--mail-to", metavar="ADDRESS", help="recipient of smtp://")
    parser.add_argument("--ca", type=Path, metavar="FILE", help="authorities of the door, PEM")
    parser.add_argument(
        "--certificate", type=Path, metavar="FILE", help="our own, for mllps:// and https://"
    )
    parser.add_argument("--key", type=Path, metavar="FILE", help="of --certificate")
    parser.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS")
    add_card(parser.add_argument_group("dmp+https:// and dmp+http://"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when all were taken, 1 when one was refused, 2 wrong address or file, 3 no connection."""
    try:
        target = target_of(arguments.to)
        check_options(arguments, target)
    except UsageError as error:
        print(error, file=sys.stderr)
        return BAD_USAGE
    return attempted(arguments, SENDERS[target.scheme](arguments, target))


async def over_mllp(arguments: argparse.Namespace, target: Target) -> int:
    """One connection, one message at a time, each answer matched before the next goes out."""
    from gateway.mapping.hl7v2 import split_batch

    client, status = client_of(arguments, target), 0
    try:
        for given, path in files_of(arguments.paths):
            raw = bytes_of(path).replace(b"\r\n", b"\r").replace(b"\n", b"\r")
            for message in split_batch(raw, most=len(raw)) or [raw]:
                status = max(status, await _ask(client, given, message))
    finally:
        await client.close()
    return status


async def _ask(client: "MllpClient", given: str, message: bytes) -> int:
    """0 for a positive answer, 1 for another one, or for what cannot be sent."""
    from gateway.mapping.hl7v2.reply import Fate

    try:
        reply = await client.ask(message)
    except RefusedError as error:
        say(given, f"not sent: {error}")
        return 1
    text = reply.raw.decode("utf-8", "replace") if reply else "sent; it asks for no answer"
    say(given, text)
    return 0 if reply is None or reply.fate is Fate.TAKEN else 1


def client_of(arguments: argparse.Namespace, target: Target) -> "MllpClient":
    """mllp://HOST:PORT in clear, mllps://HOST:PORT inside TLS."""
    from gateway.adapters.hl7v2.mllp_client import MllpClient, Receiver
    from gateway.clock import SystemClock
    from gateway.settings.logging import configure_logging

    configure_logging(level="error", form="console")
    receiver = Receiver(
        host=target.host,
        port=target.port,
        tls=tls_of(arguments) if target.scheme == "mllps" else None,
        answer_seconds=arguments.timeout,
    )
    return MllpClient(receiver, SystemClock())


async def over_http(arguments: argparse.Namespace, target: Target) -> int:
    """Without a path of its own the address is that of the door for documents."""
    from gateway.adapters.http.client import post

    tls = web_tls(arguments) if target.scheme == "https" else None
    token, status = token_of(arguments), 0
    url = target.url.rstrip("/") + ("" if target.path else "/documents")
    for given, path in files_of(arguments.paths):
        raw = bytes_of(path)
        kind = TYPES.get(format_of(raw), "application/octet-stream")
        code, body = await post(url, raw, kind, token, arguments.timeout, tls=tls)
        say(given, f"{code} {body}")
        status = status if code in (200, 201, 202) else 1
    return status


async def over_smtp(arguments: argparse.Namespace, target: Target) -> int:
    from gateway.mssante.client import submit

    status = 0
    for given, path in files_of(arguments.paths):
        mail = mail_of(path, arguments.mail_from, arguments.mail_to)
        code, text = await submit(target.host, target.port, mail, arguments.timeout)
        say(given, f"{code} {text}")
        status = status if code == 250 else 1
    return status


def mail_of(path: Path, sender: str, recipient: str) -> EmailMessage:
    """A mail with one archive or document attached (XDM_HL7V2 section B1)."""
    raw = bytes_of(path)
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, recipient
    mail["Subject"] = "XDM/1.0/DDM+Document"
    mail.set_content("Document joint.")
    if format_of(raw) is Format.XDM:
        mail.add_attachment(raw, maintype="application", subtype="zip", filename="IHE_XDM.ZIP")
    else:
        mail.add_attachment(raw, maintype="text", subtype="xml", filename="DOC0001.XML")
    return mail


async def over_dmp(arguments: argparse.Namespace, target: Target) -> int:
    from gateway.cli.client.dmp.feeding import feed
    from gateway.cli.client.dmp.software import software_of

    return await feed(software_of(arguments, target), arguments.paths)


SENDERS: dict[str, Callable[[argparse.Namespace, Target], Coroutine[Any, Any, int]]] = {
    "mllp": over_mllp,
    "mllps": over_mllp,
    "http": over_http,
    "https": over_http,
    "smtp": over_smtp,
    "dmp+http": over_dmp,
    "dmp+https": over_dmp,
}
