"""Until when the certificates of peers are good: an account keeps a fingerprint alone, the rest is
seen when its peer comes. Kept in memory, so it is what this process saw since it began."""

import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

MAX_SEEN = 1_000


@dataclass(slots=True)
class CertificateEnds:
    """By SHA-256 in hexadecimal; of more than MAX_SEEN those that came first are forgotten."""

    _ends: dict[str, datetime] = field(default_factory=dict)

    def __call__(self, fingerprint: str) -> datetime | None:
        return self._ends.get(fingerprint)

    def met(self, tls: ssl.SSLObject) -> None:
        """After a handshake that verified its peer. A date that cannot be read is not known."""
        raw, told = tls.getpeercert(binary_form=True), tls.getpeercert()
        if not raw or not told:
            return
        name = sha256(raw).hexdigest()
        with suppress(KeyError, ValueError, OverflowError, OSError):
            seconds = ssl.cert_time_to_seconds(str(told["notAfter"]))
            self._ends.pop(name, None)
            self._ends[name] = datetime.fromtimestamp(seconds, UTC)
        if len(self._ends) > MAX_SEEN:
            del self._ends[next(iter(self._ends))]
