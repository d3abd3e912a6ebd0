"""The demo's sender has a listener of its own: business answers that come in are files there."""

import asyncio
from pathlib import Path

from gateway.adapters.hl7v2.mllp import MllpDoor, MllpPeer, MllpSettings
from gateway.clock import Clock, Ids
from gateway.mapping.hl7v2.control.ack import acknowledge
from gateway.mapping.hl7v2.control.header import header_of
from gateway.mssante.outbox import write_aside

SEGMENT_END = b"\r"


def open_answers(folder: Path, *, clock: Clock, ids: Ids) -> MllpDoor:
    """Listens on a free port of this machine; `folder` gets one .hl7 file a message."""

    async def receive(_peer: MllpPeer, frame: bytes) -> bytes | None:
        header = header_of(frame)
        if header is None:
            return None
        name = "".join(c for c in header.control_id if c.isalnum())
        text = frame.replace(SEGMENT_END, b"\n").decode("utf-8", "replace")
        await asyncio.to_thread(write_aside, folder / f"{name}.hl7", text)
        return acknowledge(header, code="AA", control_id=ids.identifier(), at=clock.now())

    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    return MllpDoor(
        receive=receive,
        settings=MllpSettings(name="answers", host="127.0.0.1", port=0),
        clock=clock,
        ids=ids,
    )
