"""The section of gateway.toml about agendas."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from gateway.settings.sections.doors import section


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    senders: Annotated[
        tuple[str, ...],
        Field(
            description="Senders that may write appointments (POST and PUT /fhir/Appointment) and"
            " read their own again; without it none does."
        ),
    ] = ()
