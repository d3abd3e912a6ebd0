"""The ready file: written once every listener accepts, whole or not at all (CONTRACT section 2)."""

import os
from pathlib import Path
from typing import Any

import orjson


def write_ready(path: Path, doors: dict[str, Any]) -> None:
    """Mode 0600 for its secrets."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path, orjson.dumps(doors, option=orjson.OPT_INDENT_2))


def write_private(path: Path, text: bytes) -> None:
    """Temp and rename, so that neither a reader nor a power cut leaves half of it; mode 0600."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
