"""When a stored document last changed, by who may see the change."""

from datetime import datetime
from typing import NamedTuple


class Changed(NamedTuple):
    """`at` is of what everybody sees who sees the document (status, type, label, the patient's mask
    taken off), `own_label` of what its holders see alone; None for what never changed.

    `seen` is when what one reader sees of it last changed, told by `flows.reading.changes`.
    """

    at: datetime | None = None
    own_label: datetime | None = None
    seen: datetime | None = None


NEVER = Changed()
