"""How far the demo's clock is ahead of the machine's, kept in the demo's folder."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from gateway.clock import SystemClock

FILE = "demo-clock.json"


def demo_clock(folder: Path) -> SystemClock:
    """As far ahead as it was when this demo ended."""
    path = folder / FILE
    kept: dict[str, Any] = orjson.loads(path.read_bytes()) if path.exists() else {}
    return SystemClock(timedelta(seconds=float(kept.get("ahead_seconds", 0))))
