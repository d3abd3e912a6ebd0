"""The section of gateway.toml about growth curves."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from gateway.settings.sections.doors import section


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    reference_dir: Annotated[
        Path | None,
        Field(
            description="Folder of reference curves, CSV files with the columns reference, sex,"
            " measure, age_days, and L, M, S or centiles (p3, p50 …); without it a child's points"
            " stand alone."
        ),
    ] = None
