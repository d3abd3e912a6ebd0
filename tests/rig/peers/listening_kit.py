"""`conformance sender` listening at every door, and what its court says of what came."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from conformance.made import mail, xdm
from conformance.made.cda import paper
from conformance.made.hl7 import Draft, mdm
from conformance.made.person import invented
from conformance.made.serial import Serial
from conformance.reading.ack import Ack, read_ack
from conformance.requirement import Outcome
from conformance.sender.court import Court
from conformance.sender.doors.http import HttpHandler
from conformance.sender.doors.listening import Listener, served
from conformance.sender.doors.mllp import MllpHandler
from conformance.sender.doors.smtp import SmtpHandler
from conformance.wire.address import Address, read_address
from conformance.wire.http import Web
from conformance.wire.mllp import Line, line_to

SERIAL = Serial(21, "sender")
WHO = invented(SERIAL)
BOX = f"{WHO.ins}@patient.mssante.fr"
TOKEN = {"Authorization": "Bearer t", "Idempotency-Key": "k"}
HANDLERS: dict[str, Any] = {"mllp": MllpHandler, "http": HttpHandler, "smtp": SmtpHandler}


@dataclass
class Kit:
    court: Court = field(default_factory=Court)
    places: dict[str, Address] = field(default_factory=dict)

    def line(self) -> contextlib.AbstractContextManager[Line]:
        return line_to(self.places["mllp"], 60)

    def ask(self, raw: bytes) -> Ack:
        with self.line() as line:
            line.message(raw)
            return read_ack(line.answer())

    def web(self) -> Web:
        return Web(f"http://{self.places['http']}", 60)

    def outcome(self, name: str) -> Outcome:
        return next(one for one in self.court.outcomes() if one.requirement.id == name)


@contextlib.contextmanager
def listening(*, lenient: bool = False) -> Iterator[Kit]:
    kit = Kit()
    made = {name: Listener(Address("127.0.0.1", 0), handler, kit.court, lenient=lenient)
            for name, handler in HANDLERS.items()}  # fmt: skip
    kit.places = {name: read_address(one.place, name) for name, one in made.items()}
    with served(*made.values()):
        yield kit


def document() -> Draft:
    return mdm(paper(WHO, SERIAL), SERIAL.control())


def letter() -> bytes:
    what = paper(WHO, SERIAL)
    archive = xdm.Archive([xdm.Entry(what)], SERIAL.oid()).zip()
    return mail.written(mail.mail(what, archive, sender="labo@exemple.test", mailbox=BOX))
