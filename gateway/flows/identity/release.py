"""Release: what was held for an identity files itself once the identity is qualified."""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from msgspec import structs

from gateway.errors import DeferredError, RefusedError
from gateway.flows.again import Again
from gateway.records.intake.filing import Answer
from gateway.records.task import Task

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Release:
    """Understands the kept bytes again, each as its own door does, and has them judged under the
    same receipt."""

    again: Again

    async def carry(self, task: Task) -> str:
        """A RELEASE task: its payload lists the names that were qualified, in hex.

        One receipt that cannot be judged does not keep the others held; the task comes again.
        """
        count, failed = 0, set[str]()
        for name in task.payload.decode().split(","):
            waiting = await self.again.journal.waiting_for(bytes.fromhex(name))
            for receipt in (one for one in waiting if one not in failed):
                try:
                    await self(receipt)
                    count += 1
                except DeferredError:
                    raise
                except Exception:
                    log.exception("release.failed", task=task.id, receipt=receipt)
                    failed.add(receipt)
        if failed:
            raise DeferredError(f"{len(failed)} held inputs could not be judged again")
        return f"released {count}"

    async def others(self, names: Iterable[bytes], *, apart_from: str) -> list[tuple[str, Answer]]:
        """Judges again what waits for one of these names, and tells each answer."""
        waiting: dict[str, None] = {}
        for name in names:
            waiting |= dict.fromkeys(await self.again.journal.waiting_for(name))
        waiting.pop(apart_from, None)
        answers = [(one, await self(one)) for one in waiting]
        return [(one, answer) for one, answer in answers if answer is not None]

    async def __call__(self, receipt: str) -> Answer | None:
        """Judges one held receipt again; None when its bytes are gone."""
        try:
            kept = await self.again(receipt)
        except RefusedError:
            return None
        intake = structs.replace(await self.again.intake(kept), released=True)
        return await self.again.journal.refile(intake)
