"""The HTTP listener: what is posted anywhere is judged by what it is."""

import http.server
import json

from conformance.sender.answers import reply_fhir, reply_json
from conformance.sender.doors.listening import MAX_BYTES, Listener
from conformance.sender.subjects import Request

REQUEST_SECONDS = 30.0
JSON, FHIR = "application/json", "application/fhir+json"


class HttpHandler(http.server.BaseHTTPRequestHandler):
    server: Listener
    server_version, sys_version = "conformance", ""
    protocol_version = "HTTP/1.1"
    timeout = REQUEST_SECONDS

    def do_POST(self) -> None:
        """One request; its body needs a Content-Length."""
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            self._said(411, JSON, b'{"findings": [{"message": "Content-Length is needed"}]}')
            return
        if int(length) > MAX_BYTES:
            self._said(413, JSON, b'{"findings": [{"message": "too large"}]}')
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        found = self.server.court.request(Request(self.command, self.path, headers, body))
        lenient = self.server.lenient
        if headers.get("content-type", "").startswith(FHIR):
            self._said(*with_type(FHIR, reply_fhir(found, lenient=lenient, entries=entries(body))))
            return
        receipt = self.server.receipt()
        self._said(*with_type(JSON, reply_json(found, lenient=lenient, receipt=receipt)))

    def do_PUT(self) -> None:
        self.do_POST()

    def do_GET(self) -> None:
        self._said(404, JSON, b'{"findings": [{"message": "post documents here"}]}')

    def _said(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if status in (411, 413):
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The scorecard says what came; a log would only repeat it."""


def with_type(kind: str, reply: tuple[int, bytes]) -> tuple[int, str, bytes]:
    return reply[0], kind, reply[1]


def entries(body: bytes) -> int:
    """How many entries a bundle has; 0 for anything else."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return 0
    found = told.get("entry") if isinstance(told, dict) else None
    return len(found) if isinstance(found, list) else 0
