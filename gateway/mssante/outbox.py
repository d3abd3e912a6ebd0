"""The outbox: what is to leave as SMS, e-mail or letter lands as one JSON file each, for whoever
sends it (VAULT GEN-05).

Written aside and renamed, so that a reader never sees half a file.
"""

import asyncio
import json
import os
from pathlib import Path

from gateway.clock import Clock, Ids

CHANNELS = frozenset({"sms", "email", "letter"})


class FileOutbox:
    """Satisfies `ports.tasks.Outbox`; a file's name begins with its time, so names sort by it."""

    def __init__(self, folder: Path, *, clock: Clock, ids: Ids) -> None:
        self._folder = folder
        self._clock = clock
        self._ids = ids

    async def send(
        self, *, channel: str, to: str, template: str, lang: str, subject: str, body: str
    ) -> None:
        """Durable when it returns. Raises ValueError for a channel that does not exist."""
        if channel not in CHANNELS:
            raise ValueError("channel is sms, email or letter")
        now = self._clock.now()
        content = {
            "channel": channel,
            "to": to,
            "template": template,
            "lang": lang,
            "subject": subject,
            "body": body,
            "at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        name = f"{now.strftime('%Y%m%dT%H%M%S%f')}-{self._ids.identifier()[:12]}.json"
        await asyncio.to_thread(write_aside, self._folder / name, json.dumps(content, indent=1))


def write_aside(path: Path, text: str) -> None:
    """Temp file, rename, all in the folder of `path`, and on the disk when it returns: its task is
    settled then. Not for others: codes and mails stand in it; the group may read, for the system
    that sends them."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    aside = path.with_name(f".{path.name}.tmp")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)  # its new name too
    finally:
        os.close(folder)
