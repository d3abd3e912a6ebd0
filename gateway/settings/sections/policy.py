"""The sections of gateway.toml on choices of the house, on who is invited to a space, and on what
patients may send."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, PlainValidator

from gateway.records.correspondence.conversation import Limits
from gateway.records.intake.reading import MEGABYTE
from gateway.records.patients.invitation import BOTH_PATHS, SIX_WEEKS
from gateway.records.readers.switches import ON, PATIENT_MAY_WRITE, RUBRIQUE_WORDING, Switch
from gateway.settings.sections.doors import section
from gateway.settings.values import (
    read_creation,
    read_paths,
    read_patient_may_write,
    read_rubrique_wording,
    read_window,
)

MOST_SENT_BYTES = 18_000_000
"""Of documents: in base64, with the rest of a mail, under 25 MB (VAULT MSG-05)."""


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    refused_days: Annotated[
        int, Field(description="Days that refused bytes are kept for the operators.", ge=0, le=366)
    ] = 30
    own_file_bytes: Annotated[
        int,
        Field(
            description="Longest file that a patient may add to his documents, in bytes.",
            ge=MEGABYTE,
            le=20 * MEGABYTE,
        ),
    ] = 5 * MEGABYTE
    share_links: Annotated[
        bool,
        Field(
            description="Whether patients may give one document to somebody outside by a link and a"
            " code, for 1 to 30 days and 5 readings."
        ),
    ] = False
    opposition_window: Annotated[
        Switch[str],
        PlainValidator(read_window),
        Field(
            description="How long somebody who is invited to a space may oppose: P6W or P1M, or a"
            ' list of {from = "2026-01-01", value = …}. The day on which the window begins counts.'
        ),
    ] = SIX_WEEKS
    automatic_creation: Annotated[
        Switch[bool],
        PlainValidator(read_creation),
        Field(
            description="Whether the space of somebody who said nothing until the end of the window"
            " is created by itself: true or false, or a list of the same form."
        ),
    ] = ON
    activation_paths: Annotated[
        Switch[tuple[str, ...]],
        PlainValidator(read_paths),
        Field(
            description="By what a person activates a space: letter (the provisional code), otp (a"
            " code that goes to the contact that is known), or a list of the same form."
        ),
    ] = BOTH_PATHS
    patient_may_write: Annotated[
        Switch[str],
        PlainValidator(read_patient_may_write),
        Field(
            description="Whom a patient may write to first: reply (nobody), known (who wrote before"
            " and did not end it, the default) or known-and-pharmacies; or a list of"
            ' {from = "2026-01-01", value = …}.'
        ),
    ] = PATIENT_MAY_WRITE
    rubrique_wording: Annotated[
        Switch[str],
        PlainValidator(read_rubrique_wording),
        Field(
            description="How the rubriques of the medical profile are called: list (« Historique de"
            " soin », « Vaccination »), screen (« Historique de soins », « Vaccinations »), or a"
            ' list of {from = "2026-01-01", value = …}.'
        ),
    ] = RUBRIQUE_WORDING


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    sender: Annotated[
        str,
        Field(
            description="Who invites, as the message names it: l'Assurance maladie, le ministère"
            " chargé de la santé, la Mutualité sociale agricole.",
            min_length=1,
            max_length=100,
        ),
    ] = "l'Assurance maladie"
    letter_days: Annotated[
        int,
        Field(
            description="Days from the posting of a letter to its reception, when its window"
            " begins.",
            ge=0,
            le=60,
        ),
    ] = 5


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    max_documents_bytes: Annotated[
        int,
        Field(
            description="Documents of one message of a patient, in bytes together.",
            ge=1,
            le=MOST_SENT_BYTES,
        ),
    ] = 5_000_000
    max_documents: Annotated[
        int, Field(description="Documents of one message of a patient.", ge=1, le=50)
    ] = 10

    def limits(self) -> Limits:
        return Limits(documents_bytes=self.max_documents_bytes, documents=self.max_documents)
