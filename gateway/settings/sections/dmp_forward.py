"""The section of gateway.toml about a DMP that documents are fed to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, PlainValidator

from gateway.settings.addresses import read_dmp
from gateway.settings.sections.doors import DAY_SECONDS, section
from gateway.settings.sections.sending import NAME

FAMILY_DOCTOR = "G15_10/SM26"
DmpUrl = Annotated[str, PlainValidator(read_dmp)]


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class DmpForward:
    name: Annotated[
        str,
        Field(description="Name of this DMP in tasks, logs and histories.", pattern=NAME),
    ]
    to: Annotated[
        DmpUrl,
        Field(
            description="Its host, as dmp+https://HOST, with the path of its services where that is"
            " not the DMP's usual one. dmp+http:// is for this machine alone."
        ),
    ]
    card: Annotated[
        Path, Field(description="Certificate that signs VIHFs and lots, PEM: a card or a seal.")
    ]
    card_key: Annotated[
        Path | None,
        Field(description="Private RSA key of it, PEM, mode 0600; without it, it is in `card`."),
    ] = None
    structure: Annotated[
        str | None,
        Field(description="Struct_IdNat in the VIHF; without it, the OU of the certificate."),
    ] = None
    profession: Annotated[
        str,
        Field(description="Profession in the VIHF, with its specialty after a slash."),
    ] = FAMILY_DOCTOR
    senders: Annotated[
        tuple[str, ...],
        Field(
            description="Only what these senders sent; empty: everybody. Files that cannot ask for"
            " it (DESTDMP) go only from senders named here."
        ),
    ] = ()
    types: Annotated[
        tuple[str, ...],
        Field(description='Only these messages, as "MDM" or "MDM^T02"; empty: every one.'),
    ] = ()
    labels: Annotated[
        tuple[str, ...],
        Field(description="Only inputs with a document of one of these labels; empty: any."),
    ] = ()
    ca: Annotated[
        Path | None,
        Field(description="Authorities of its TLS certificate, PEM; without, those of the system."),
    ] = None
    certificate: Annotated[
        Path | None, Field(description="Our certificate for the connection (AUTH_CLI), PEM.")
    ] = None
    key: Annotated[Path | None, Field(description="Private key of it, PEM, mode 0600.")] = None
    answer_seconds: Annotated[
        float, Field(description="How long it may take to answer a request.", gt=0, le=DAY_SECONDS)
    ] = 40.0
