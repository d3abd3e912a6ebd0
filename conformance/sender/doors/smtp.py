"""The SMTP listener: enough of RFC 5321 to take a mail and say what is wrong with it."""

import re
import socketserver
from collections.abc import Callable

from conformance.sender.doors.listening import MAX_BYTES, Listener

COMMAND_BYTES, LINE_BYTES, MAX_RECIPIENTS, MAX_WRONG = 1_000, 65_536, 100, 10
SESSION_SECONDS = 60.0
PATH = re.compile(r"(?i)(?:FROM|TO): *<([^<>]{0,320})>.*")
OFFERED = ("SIZE 50000000", "8BITMIME", "SMTPUTF8", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES")


class SmtpHandler(socketserver.StreamRequestHandler):
    server: Listener
    timeout = SESSION_SECONDS

    def handle(self) -> None:
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._wrong, self._secret = 0, self.server.tls is None
        self._say("220 conformance ESMTP")
        try:
            while self._wrong < MAX_WRONG and self._command():
                pass
        except OSError:
            return

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode("utf-8", "replace") + b"\r\n")

    def _command(self) -> bool:
        """Whether the session goes on."""
        line = self.rfile.readline(COMMAND_BYTES)
        if not line.endswith(b"\n"):
            return False
        word, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
        commands: dict[str, Callable[[str], str]] = {
            "EHLO": self._hello, "HELO": lambda _: "250 conformance", "MAIL": self._mail,
            "RCPT": self._rcpt, "DATA": self._data, "RSET": self._reset,
            "NOOP": lambda _: "250 2.0.0 Ok", "STARTTLS": self._starttls,
        }  # fmt: skip
        if word.upper() == "QUIT":
            self._say("221 2.0.0 Bye")
            return False
        act = commands.get(word.upper())
        if not self._secret and word.upper() in ("MAIL", "RCPT", "DATA"):
            act = _tls_first
        if act is None:
            self._wrong += 1
        reply = act(rest) if act else "502 5.5.1 Not known"
        if reply:
            self._say(reply)
        return not reply.startswith("421")

    def _hello(self, _rest: str) -> str:
        begin = [] if self._secret else ["STARTTLS"]
        for offer in ("conformance", *begin, *OFFERED[:-1]):
            self._say(f"250-{offer}")
        return f"250 {OFFERED[-1]}"

    def _starttls(self, _rest: str) -> str:
        """What was sent behind the command in clear text is dropped (RFC 3207, 4.2)."""
        if self._secret or self.server.tls is None:
            return "503 5.5.1 Not now"
        self._say("220 2.0.0 Go on")
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)
        self._secret = True
        self._reset("")
        return ""

    def _reset(self, _rest: str) -> str:
        self._sender, self._recipients = None, []
        return "250 2.0.0 Ok"

    def _mail(self, rest: str) -> str:
        found = PATH.fullmatch(rest)
        if not found:
            return "501 5.5.4 MAIL FROM:<address>"
        self._sender, self._recipients = found[1], []
        return "250 2.1.0 Ok"

    def _rcpt(self, rest: str) -> str:
        found = PATH.fullmatch(rest)
        if self._sender is None:
            return "503 5.5.1 MAIL first"
        if not found:
            return "501 5.5.4 RCPT TO:<address>"
        if len(self._recipients) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        self._recipients.append(found[1])
        return "250 2.1.5 Ok"

    def _data(self, _rest: str) -> str:
        if self._sender is None or not self._recipients:
            return "503 5.5.1 RCPT first"
        self._say("354 End data with <CR><LF>.<CR><LF>")
        raw = self._content()
        if raw is None:
            return "421 4.3.0 Too large, or cut off"
        found = self.server.court.mail(self._sender, self._recipients, raw)
        self._reset("")
        serious = [one for one in found if one.serious]
        if not serious or self.server.lenient:
            return f"250 2.0.0 Ok {self.server.receipt()}"
        first = serious[0]
        words = " ".join(f"{first.requirement.id} {first.fault.place}: {first.fault.saw}".split())
        return f"550 5.6.0 {len(serious)} faults, the first: {words}"[:400]

    def _content(self) -> bytes | None:
        """Dots undone; None when it is too large or the sender has gone."""
        lines: list[bytes] = []
        size, after_end = 0, True
        while size <= MAX_BYTES:
            line = self.rfile.readline(LINE_BYTES)
            if not line:
                return None
            if after_end and line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if after_end and line.startswith(b".") else line)
            size += len(line)
            after_end = line.endswith(b"\r\n")
        return None


def _tls_first(_rest: str) -> str:
    return "530 5.7.0 STARTTLS first"
