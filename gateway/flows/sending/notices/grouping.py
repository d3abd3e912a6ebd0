"""Which notices that are due together make one message (VAULT NOT-04)."""

import json
from collections.abc import Iterable

from gateway.flows.sending.notices.end import DAY
from gateway.records.readers.access import NoticeKind
from gateway.records.task import Task


def one_message_each(tasks: list[Task]) -> Iterable[list[int]]:
    """Places of tasks that make one message: one person and one kind of notice; of an access also
    one professional. Each emergency is a message of its own."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, task in enumerate(tasks):
        payload = json.loads(task.payload)
        alone = payload["notice"] == NoticeKind.EMERGENCY_ACCESS
        payload.pop("document", None)  # of several that one professional opened
        payload.pop(DAY, None)
        place = (task.patient, json.dumps(payload), index if alone else None)
        groups.setdefault(place, []).append(index)
    return groups.values()
