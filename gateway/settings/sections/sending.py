"""The sections of gateway.toml about HL7v2 messages that leave: business answers and forwards."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, PlainValidator

from gateway.settings.addresses import read_receiver
from gateway.settings.sections.doors import DAY_SECONDS, section

HD = r"^[ -\[\]-{}]*$"
"""Visible ASCII without | and ~, which part fields and repetitions, and the escape."""
NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
ReceiverUrl = Annotated[str, PlainValidator(read_receiver)]


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    answers: Annotated[
        ReceiverUrl | None,
        Field(
            description="Where business answers (ZAM) of a sender without an address of its own"
            " go, as mllp://HOST:PORT or mllps://HOST:PORT."
        ),
    ] = None
    ca: Annotated[
        Path | None,
        Field(description="Authorities of receivers, PEM; without it, those of the system."),
    ] = None
    certificate: Annotated[
        Path | None, Field(description="Our certificate for receivers that ask for one, PEM.")
    ] = None
    key: Annotated[Path | None, Field(description="Private key of it, PEM, mode 0600.")] = None
    connect_seconds: Annotated[
        float, Field(description="How long a connection may take to open.", gt=0, le=DAY_SECONDS)
    ] = 10.0
    answer_seconds: Annotated[
        float,
        Field(
            description="How long a receiver may take to answer; then it is cut.",
            gt=0,
            le=DAY_SECONDS,
        ),
    ] = 30.0
    idle_seconds: Annotated[
        float,
        Field(
            description="A connection without a message for so long is closed.",
            gt=0,
            le=DAY_SECONDS,
        ),
    ] = 60.0


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    name: Annotated[
        str,
        Field(
            description="Name of this destination in tasks, logs and histories.",
            pattern=NAME,
        ),
    ]
    to: Annotated[
        ReceiverUrl, Field(description="Its MLLP address: mllp://HOST:PORT, or mllps:// for TLS.")
    ]
    senders: Annotated[
        tuple[str, ...], Field(description="Only what these senders sent; empty: everybody.")
    ] = ()
    types: Annotated[
        tuple[str, ...],
        Field(description='Only these messages, as "ORU" or "ORU^R01"; empty: every one.'),
    ] = ()
    labels: Annotated[
        tuple[str, ...],
        Field(description="Only messages with a document of one of these labels; empty: any."),
    ] = ()
    receiving_application: Annotated[
        str | None,
        Field(
            description="Written into MSH-5, in ASCII, components apart by ^; without it,"
            " MSH-5 stays as it came.",
            pattern=HD,
        ),
    ] = None
    receiving_facility: Annotated[
        str | None,
        Field(
            description="Written into MSH-6, in ASCII, components apart by ^; without it,"
            " MSH-6 stays as it came.",
            pattern=HD,
        ),
    ] = None
