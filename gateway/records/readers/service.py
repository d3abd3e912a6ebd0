"""Services of the catalogue, and the tokens by which they act for a patient (VAULT section 13)."""

from dataclasses import dataclass
from datetime import datetime

from gateway.records.patients.patient import PatientKey

READ, WRITE = "read", "write"
SCOPES = (READ, WRITE)
"""What a patient may give today, in the words of ACCESS F25."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A line of the catalogue; `scopes` are the most that it may be given."""

    id: str
    name: str
    publisher: str
    purpose: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceToken:
    """Kept as SHA-256 only. It lives as long as the fact that was written at `granted`."""

    token_hash: bytes
    service: str
    patient: PatientKey
    granted: datetime
