"""Software at the DMP door: it signs a VIHF with a card for each request, and reads the answer."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from ssl import SSLContext

from gateway import __version__
from gateway.adapters.http.client import exchange
from gateway.cli.client.target import Target, bytes_of, token_of, web_tls
from gateway.cli.opening import UsageError
from gateway.clock import Clock, Ids, SystemClock, SystemIds
from gateway.mapping.soap.envelope import read_message
from gateway.mapping.soap.message import NO_PARTS, SOAP_12, FaultError, Message
from gateway.mapping.soap.mtom import SOAP_TYPES, pack
from gateway.mapping.soap.request import fault_in, write_request
from gateway.mapping.vihf.card import Card, card_of
from gateway.mapping.vihf.coded import MODES
from gateway.mapping.vihf.write import signed_vihf
from gateway.mapping.xdm.ebrim.hl7types import Cx, cx
from gateway.mapping.xds.query.objects import urn
from gateway.mapping.xml import Element
from gateway.records.readers.access import Mode
from gateway.records.readers.vihf import Authentication, Vihf
from gateway.settings.sections.dmp import PREFIX

LOOPBACK = ("127.0.0.1", "::1", "localhost")
TEST_INS = "1.2.250.1.213.1.4.10"
SECTOR = "SA07"
GOOD_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Software:
    """`services` is the address before the name of a service, "http://…/services"."""

    services: str
    card: Card
    profession: str
    structure: str
    mode: Mode
    reason: str | None
    token: str
    timeout_seconds: float
    tls: SSLContext | None
    clock: Clock
    ids: Ids

    async def ask(
        self,
        service: str,
        body: Element,
        action: str,
        patient: Cx,
        parts: Mapping[str, bytes] = NO_PARTS,
    ) -> Message:
        """The answer of a transaction. Raises FaultError for the door's fault, OSError or
        TimeoutError where nothing came that could be read."""
        url = f"{self.services}/{service}"
        envelope = write_request(
            body,
            to=url,
            action=action,
            message_id=urn(self.ids.identifier()),
            assertion=signed_vihf(self._vihf(patient), self.card),
        )
        kind, raw = f"{SOAP_TYPES[SOAP_12]}; charset=UTF-8", envelope
        if parts:
            boundary = f"part-{self.ids.octets(16).hex()}"
            kind, raw = pack(envelope, parts, boundary=boundary, soap=SOAP_12, action=action)
        answer = await exchange(url, raw, kind, self.token, self.timeout_seconds, tls=self.tls)
        try:
            message = read_message(answer.content_type, answer.body)
        except FaultError as error:
            raise OSError(f"what answers ({answer.status}) does not speak SOAP") from error
        if (fault := fault_in(message)) is not None:
            raise fault
        return message

    def _vihf(self, patient: Cx) -> Vihf:
        """Of this moment: a card speaks for its person, a seal for its structure."""
        now, person = self.clock.now(), self.card.person
        return Vihf(
            id=f"_{self.ids.identifier()}",
            issued_at=now,
            until=now + GOOD_FOR,
            subject=person or f"{self.structure}/passerelle",
            name=person or "Passerelle",
            structure=self.structure,
            sector=SECTOR,
            profession=self.profession,
            authentication=Authentication.DIRECT if person else Authentication.INDIRECT,
            mode=self.mode,
            certificate=self.card.fingerprint,
            software=f"Passerelle {__version__}",
            ins=patient.id,
            ins_oid=patient.oid,
            reason=self.reason,
        )


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
