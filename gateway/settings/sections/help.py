"""The section of gateway.toml on how people are helped (VAULT UIX-04)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from gateway.records.help_place import HOURS, TARIFF
from gateway.settings.sections.doors import section


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    hours: Annotated[
        str, Field(description="When the 3422 answers, as the pages say it.", min_length=1)
    ] = HOURS
    tariff: Annotated[
        str, Field(description="What a call of the 3422 costs, likewise.", min_length=1)
    ] = TARIFF
    places: Annotated[
        Path | None,
        Field(
            description="CSV file of the places that help face to face: columns kind (cpam,"
            " france-services, conseiller-numerique), name, address, postcode, town, and"
            " perhaps telephone and hours. Without it the pages name none."
        ),
    ] = None
