"""`gateway send`: a client for the doors, for demos and for senders."""

import argparse
import asyncio
import os
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gateway.cli.inspect import files_of
from gateway.mapping.understand import format_of
from gateway.records.understanding import Format

TYPES = {
    Format.CDA: "application/xml",
    Format.XDM: "application/zip",
    Format.HL7V2: "application/hl7-v2",
    Format.FHIR: "application/fhir+json",
}
POSITIVE_ACKS = ("AA", "CA")
START, END = b"\x0b", b"\x1c\r"
TOKEN_VARIABLE = "GATEWAY_TOKEN"  # noqa: S105 - the name of a variable, not its value


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("send", help="send files to a door")
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument(
        "--to", required=True, metavar="URL", help="mllp://… http(s)://… or smtp://…"
    )
    parser.add_argument("--token", help=f"sender's token, else ${TOKEN_VARIABLE}")
    parser.add_argument("--mail-from", default="labo@demo.mssante.fr", metavar="ADDRESS")
    parser.add_argument("--mail-to", metavar="ADDRESS", help="recipient of smtp://")
    parser.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when all were taken, 1 when one was refused, 2 wrong address, 3 no connection."""
    senders = {"mllp": over_mllp, "http": over_http, "https": over_http, "smtp": over_smtp}
    scheme = urlsplit(arguments.to).scheme
    if scheme not in senders:
        print(f"--to begins with one of {', '.join(f'{one}://' for one in senders)}")
        return 2
    if scheme == "smtp" and not arguments.mail_to:
        print("--mail-to names the recipient")
        return 2
    try:
        return asyncio.run(senders[scheme](arguments))
    except (OSError, TimeoutError) as error:
        print(f"no answer from {arguments.to}: {error or 'time-out'}")
        return 3


async def over_mllp(arguments: argparse.Namespace) -> int:
    """One connection, one message at a time, each answer matched before the next goes out."""
    where = urlsplit(arguments.to)
    reader, writer = await asyncio.open_connection(where.hostname, where.port or 2575)
    status = 0
    for given, path in files_of(arguments.paths):
        writer.write(START + path.read_bytes().replace(b"\r\n", b"\r").replace(b"\n", b"\r") + END)
        answer = await asyncio.wait_for(reader.readuntil(END), arguments.timeout)
        text = answer.strip(START + END).decode("utf-8", "replace").replace("\r", "\n    ")
        print(f"{given}\n    {text.strip()}")
        if not any(f"MSA|{code}|" in text for code in POSITIVE_ACKS):
            status = 1
    writer.close()
    return status


async def over_http(arguments: argparse.Namespace) -> int:
    from gateway.adapters.client import post

    token = arguments.token or os.environ.get(TOKEN_VARIABLE, "")
    status = 0
    for given, path in files_of(arguments.paths):
        raw = path.read_bytes()
        kind = TYPES.get(format_of(raw), "application/octet-stream")
        url = arguments.to.rstrip("/")
        url = url if urlsplit(url).path not in ("", "/") else f"{url}/documents"
        code, body = await post(url, raw, kind, token, arguments.timeout)
        print(f"{given}\n    {code} {body}")
        status = status if code in (200, 201, 202) else 1
    return status


async def over_smtp(arguments: argparse.Namespace) -> int:
    from gateway.mssante.client import submit

    where = urlsplit(arguments.to)
    status = 0
    for given, path in files_of(arguments.paths):
        mail = mail_of(path, arguments.mail_from, arguments.mail_to)
        code, text = await submit(where.hostname or "", where.port or 25, mail, arguments.timeout)
        print(f"{given}\n    {code} {text}")
        status = status if code == 250 else 1
    return status


def mail_of(path: Path, sender: str, recipient: str) -> EmailMessage:
    """A mail with one archive or document attached (XDM_HL7V2 section B1)."""
    raw = path.read_bytes()
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, recipient
    mail["Subject"] = "XDM/1.0/DDM+Document"
    mail.set_content("Document joint.")
    if format_of(raw) is Format.XDM:
        mail.add_attachment(raw, maintype="application", subtype="zip", filename="IHE_XDM.ZIP")
    else:
        mail.add_attachment(raw, maintype="text", subtype="xml", filename="DOC0001.XML")
    return mail
