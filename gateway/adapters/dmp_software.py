"""Software at a DMP door, another's or ours: it signs a VIHF with a card for each request, and
reads the answer. The clock and the ids are handed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ssl import SSLContext

from gateway import __version__
from gateway.adapters.http.client import MAX_ANSWER_BYTES, exchange
from gateway.clock import Clock, Ids
from gateway.mapping.soap.envelope import read_message
from gateway.mapping.soap.message import NO_PARTS, SOAP_12, FaultError, Message
from gateway.mapping.soap.mtom import SOAP_TYPES, pack
from gateway.mapping.soap.request import fault_in, write_request
from gateway.mapping.vihf.card import Card
from gateway.mapping.vihf.write import signed_vihf
from gateway.mapping.xdm.ebrim.hl7types import Cx
from gateway.mapping.xds.query.objects import urn
from gateway.mapping.xml import Element
from gateway.records.readers.access import Mode
from gateway.records.readers.vihf import Authentication, Vihf

SECTOR = "SA07"
GOOD_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Software:
    """`services` is the address before the name of a service, "http://…/services". More than
    `max_answer_bytes` is no answer."""

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
    max_answer_bytes: int = MAX_ANSWER_BYTES

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
        answer = await exchange(
            url,
            raw,
            kind,
            self.token,
            self.timeout_seconds,
            tls=self.tls,
            max_bytes=self.max_answer_bytes,
        )
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
