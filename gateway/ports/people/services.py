"""Tokens of services that act for a patient."""

from typing import Protocol

from gateway.records.patients.patient import PatientKey
from gateway.records.readers.service import ServiceToken


class ServiceTokens(Protocol):
    async def keep(self, token: ServiceToken) -> None: ...

    async def find(self, token_hash: bytes) -> ServiceToken | None:
        """Whether it still lives is not asked here."""

    async def drop(self, patient: PatientKey, service: str) -> int:
        """Forgets every token of a service for this patient; how many."""
