"""The MLLP listener: frames in, acknowledgements out, one connection in order."""

import socketserver

from conformance.clock import now
from conformance.reading.frames import Deframer, Framed
from conformance.sender.answers import acknowledgements, unreadable
from conformance.sender.doors.listening import IDLE_SECONDS, MAX_BYTES, OPEN_SECONDS, Listener
from conformance.wire.mllp import frame

CHUNK_BYTES = 65_536


class MllpHandler(socketserver.BaseRequestHandler):
    server: Listener

    def handle(self) -> None:
        """Until the sender hangs up, is silent in a frame, or sends one without an end."""
        deframer = Deframer()
        while data := self._more(deframer):
            for framed in deframer.feed(data):
                self._answer(framed)
            if deframer.waiting > MAX_BYTES:
                break
        if deframer.open:
            self.server.court.cut()

    def _more(self, deframer: Deframer) -> bytes:
        self.request.settimeout(OPEN_SECONDS if deframer.open else IDLE_SECONDS)
        try:
            return bytes(self.request.recv(CHUNK_BYTES))
        except OSError:
            return b""

    def _answer(self, framed: Framed) -> None:
        if not framed.body.strip():
            return  # keep-alive of some senders
        message, found = self.server.court.framed(framed)
        receipt = self.server.receipt()
        if message is None:
            self.request.sendall(frame(unreadable(now(), receipt)))
            return
        if message.get("MSH", 9) == "ACK":
            return
        lenient = self.server.lenient
        for raw in acknowledgements(message, found, lenient=lenient, control=receipt, at=now()):
            self.request.sendall(frame(raw))
