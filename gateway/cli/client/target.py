"""A door that a command speaks to: its address, who knocks, and what it said."""

import argparse
import asyncio
import os
import re
import sys
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gateway.cli.intake.inspect import printable, read_at_most, visible
from gateway.cli.opening import BAD_USAGE, COULD_NOT_RUN, UsageError
from gateway.errors import DeferredError

if TYPE_CHECKING:
    from ssl import SSLContext

MAX_SENT_BYTES = 100_000_000
"""More than any door of ours takes: an archive unpacked."""
PORTS = {
    "mllp": 2575,
    "mllps": 2575,
    "http": 80,
    "https": 443,
    "smtp": 25,
    "dmp+http": 80,
    "dmp+https": 443,
}
TOKEN = re.compile(r"[!-~]*")
MAILBOX = re.compile(r"[!-?A-~]+@[!-?A-~]+")
TOKEN_VARIABLE = "GATEWAY_TOKEN"  # noqa: S105 - the name of a variable, not its value


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """--to, read once; `path` is that of the address, "" where it names a door only."""

    url: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_dmp(self) -> bool:
        return self.scheme.startswith("dmp+")


def attempted(arguments: argparse.Namespace, act: Coroutine[Any, Any, int]) -> int:
    """What came of it, or why nothing did."""
    try:
        return asyncio.run(act)
    except UsageError as error:
        print(error, file=sys.stderr)
        return BAD_USAGE
    except (OSError, TimeoutError, DeferredError) as error:
        silent = f"nothing came within {arguments.timeout:g} s; is this the port of such a door?"
        print(f"no answer from {arguments.to}: {str(error) or silent}", file=sys.stderr)
        return COULD_NOT_RUN


def target_of(url: str) -> Target:
    """Raises UsageError for an address that nothing can be sent to."""
    try:
        where = urlsplit(url)
        scheme, host, port = where.scheme, where.hostname or "", where.port
        host.encode("idna")
    except ValueError as error:
        raise UsageError(f"--to {url}: {error}") from None
    if scheme not in PORTS:
        raise UsageError(f"--to begins with one of {', '.join(f'{one}://' for one in PORTS)}")
    if not host or port == 0:
        raise UsageError(f"--to {url}: write {scheme}://HOST:PORT, as {scheme}://127.0.0.1:2575")
    return Target(
        url=url,
        scheme=scheme,
        host=host,
        port=port if port is not None else PORTS[scheme],
        path=where.path.rstrip("/"),
    )


def check_options(arguments: argparse.Namespace, target: Target) -> None:
    """Raises UsageError for what no door could be told."""
    if not TOKEN.fullmatch(token_of(arguments)):
        raise UsageError("a token is ASCII without blanks and line breaks: copy it again")
    if not arguments.timeout > 0:
        raise UsageError("--timeout is a number of seconds above 0")
    if target.scheme != "smtp":
        return
    if not arguments.mail_to:
        raise UsageError("--mail-to names the recipient")
    for option in ("mail_from", "mail_to"):
        if not MAILBOX.fullmatch(getattr(arguments, option)):
            raise UsageError(f"--{option.replace('_', '-')} is one mailbox, as name@exemple.fr")


def token_of(arguments: argparse.Namespace) -> str:
    return str(arguments.token or os.environ.get(TOKEN_VARIABLE, ""))


def bytes_of(path: Path) -> bytes:
    """Raises UsageError: a file that cannot be read is no silence of the receiver."""
    try:
        raw = read_at_most(path, MAX_SENT_BYTES)
    except OSError as error:
        name = visible(printable(str(path)))
        raise UsageError(f"{name} cannot be read: {error.strerror}") from None
    if len(raw) > MAX_SENT_BYTES:
        name = visible(printable(str(path)))
        raise UsageError(f"{name} is larger than any door takes ({MAX_SENT_BYTES} bytes)")
    return raw


def say(given: str, answer: str) -> None:
    """The file, and below it what was answered."""
    lines = [given, *(f"    {line}" for line in answer.strip().splitlines())]
    print("\n".join(map(visible, lines)))


def tls_of(arguments: argparse.Namespace) -> "SSLContext":
    """Raises UsageError for files that cannot be used."""
    from gateway.adapters.hl7v2.mllp_client import client_context

    files = {name: getattr(arguments, name) for name in ("ca", "certificate", "key")}
    try:
        return client_context(**files)
    except OSError as error:
        raise UsageError(f"--ca, --certificate or --key: {error.strerror or error}") from None


def web_tls(arguments: argparse.Namespace) -> "SSLContext":
    """Certificates of the web name their host. Raises UsageError as `tls_of`."""
    tls = tls_of(arguments)
    tls.check_hostname = True
    return tls
