"""Folders that a process leaves where it was killed: the next one takes them away."""

import contextlib
import os
import shutil
from pathlib import Path

WORKERS = "gateway-workers-"
"""How the folder begins in which workers say that they are ready; then its parent's number."""
TRIALS = ".restore-try-"
"""How the folder begins in which a backup is tried; then the number of the command."""


def own_prefix(kind: str) -> str:
    return f"{kind}{os.getpid()}-"


def clear_left(place: Path, kind: str) -> None:
    """Takes away what processes left in `place` that were killed: where they were, and nothing
    else."""
    for folder in place.glob(f"{kind}*-*"):
        number = folder.name.removeprefix(kind).partition("-")[0]
        with contextlib.suppress(OSError):
            is_ours = not folder.is_symlink() and folder.stat().st_uid == os.geteuid()
            if number.isdigit() and is_ours and not _is_alive(int(number)):
                shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
