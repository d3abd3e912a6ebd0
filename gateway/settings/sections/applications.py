"""The section of gateway.toml about the catalogue of services."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from gateway.records.readers.service import Service
from gateway.settings.sections.doors import section


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    id: Annotated[
        str,
        Field(
            description="Name of this service in choices, traces and tokens; never given again.",
            pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        ),
    ]
    name: Annotated[str, Field(description="What patients read.", min_length=1)]
    publisher: Annotated[str, Field(description="Who makes it.", min_length=1)]
    purpose: Annotated[str, Field(description="What it is for, in one French sentence.")] = ""
    scopes: Annotated[
        tuple[Literal["read", "write"], ...],
        Field(description='The most that a patient may give it: "read", "write".'),
    ] = ("write",)

    def service(self) -> Service:
        return Service(
            id=self.id,
            name=self.name,
            publisher=self.publisher,
            purpose=self.purpose,
            scopes=self.scopes,
        )
