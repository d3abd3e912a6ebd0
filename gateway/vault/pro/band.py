"""The red band over every page of a record that was entered in an emergency (EMG-02)."""

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from gateway.flows.choices.emergency import entry_of
from gateway.flows.reading.decided.gate import Gate
from gateway.vault.rooms import ROOMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The motive as the patient reads it, and when the door shuts by itself."""

    reason: str
    until: datetime | None


async def band_of(request: web.Request, gate: Gate) -> Band | None:
    """None where this reader did not come in by the emergency door."""
    if not gate.is_emergency:
        return None
    entry = entry_of(gate, await request[ROOMS].people.choices(gate.patient))
    reason = gate.circumstances.reason or ""
    return Band(reason=reason, until=entry.until if entry else None)
