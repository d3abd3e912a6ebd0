"""Software at the DMP door as the options of a command describe it."""

import argparse
from pathlib import Path

from gateway.adapters.dmp_software import Software
from gateway.cli.client.target import Target, bytes_of, token_of, web_tls
from gateway.cli.opening import UsageError
from gateway.clock import SystemClock, SystemIds
from gateway.mapping.soap.message import FaultError
from gateway.mapping.vihf.card import Card, card_of
from gateway.mapping.vihf.coded import MODES
from gateway.mapping.xdm.ebrim.hl7types import Cx, cx
from gateway.settings.sections.dmp import PREFIX

LOOPBACK = ("127.0.0.1", "::1", "localhost")
TEST_INS = "1.2.250.1.213.1.4.10"


def software_of(arguments: argparse.Namespace, target: Target) -> Software:
    """Raises UsageError for a card that cannot be used."""
    if not target.is_dmp:
        raise UsageError("--to begins with dmp+https:// or dmp+http://")
    card = read_card(arguments.card)
    if target.scheme == "dmp+http" and target.host not in LOOPBACK:
        raise UsageError(f"--to {target.url}: in clear on this machine alone, write dmp+https://")
    structure = arguments.structure or card.structure
    if not structure:
        raise UsageError("--structure names the structure: the certificate has no OU, or several")
    address = target.url.removeprefix("dmp+").rstrip("/")
    return Software(
        services=address + ("" if target.path else PREFIX),
        card=card,
        profession=arguments.profession,
        structure=structure,
        mode=MODES[arguments.mode],
        reason=arguments.reason,
        token=token_of(arguments),
        timeout_seconds=arguments.timeout,
        tls=web_tls(arguments) if address.startswith("https:") else None,
        clock=SystemClock(),
        ids=SystemIds(),
    )


def read_card(path: Path | None) -> Card:
    """Raises UsageError."""
    if path is None:
        raise UsageError("--card names the certificate to sign with")
    held, beside = bytes_of(path), path.with_suffix(".key")
    try:
        return card_of(held, held if b"PRIVATE KEY-----" in held else bytes_of(beside))
    except ValueError as error:
        raise UsageError(f"--card {path} must hold {error}") from None


def patient_of(written: str) -> Cx:
    """INS^^^&OID&ISO^NH as XDS writes it, or a test INS alone. Raises UsageError."""
    found = cx(written) if "^" in written else Cx(written, TEST_INS, "NH")
    if found is None or len(found.id) != 15 or not found.id.isalnum():
        raise UsageError("--patient is an INS of 15 characters, or INS^^^&OID&ISO^NH")
    return found


def fault_line(fault: FaultError) -> str:
    """Its code and what to mend: "fault Sender FailedCheck: …"."""
    return f"fault {' '.join(filter(None, (fault.code, fault.subcode)))}: {fault.reason}"
