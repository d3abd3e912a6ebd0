"""The sections of gateway.toml about labels: which guesses wait, and what local types mean."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from gateway.records.documents.document import Label
from gateway.settings.sections.doors import section


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    review_below: Annotated[
        Literal["high", "medium", "low"],
        Field(
            description="Labels less sure than this wait on gateway label list: high (medium and"
            " low wait), medium (low waits) or low (none waits)."
        ),
    ] = "medium"


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class LocalType:
    code: Annotated[
        str,
        Field(
            description="A type code of a sender's own, as gateway label list shows it.",
            min_length=1,
            max_length=200,
        ),
    ]
    label: Annotated[Label, Field(description="The label of its documents.")]
    system: Annotated[
        str, Field(description="OID of its code system; empty: whatever system it comes from.")
    ] = ""
