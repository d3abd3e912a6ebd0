"""The section of gateway.toml about work that follows from a fact, and how long it is kept."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from gateway.settings.sections.doors import DAY_SECONDS, section


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    every_seconds: Annotated[
        float, Field(description="How often due work is looked for, in seconds.", gt=0, le=3600)
    ] = 1.0
    lease_seconds: Annotated[
        int,
        Field(
            description="How long a worker may hold a task before another takes it.",
            ge=5,
            le=DAY_SECONDS,
        ),
    ] = 60
    keep_days: Annotated[
        int,
        Field(
            description="How long a task that is done, or given up, is kept.",
            ge=31,
            le=36_500,
        ),
    ] = 396
    keep_sent_days: Annotated[
        int,
        Field(
            description="The same of what was sent on, or answered to a sender, by HL7, with the"
            " business answers that came back: nothing else proves that it left. By default ten"
            " years, as long as a closed record is kept.",
            ge=31,
            le=36_500,
        ),
    ] = 3_653
