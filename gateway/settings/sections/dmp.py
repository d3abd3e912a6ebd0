"""The section of gateway.toml about the DMP: our door for its software, and who is fed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from gateway.records.intake.reading import MEGABYTE
from gateway.records.readers.vihf import Authentication
from gateway.settings.sections.dmp_forward import DmpForward
from gateway.settings.sections.doors import DAY_SECONDS, section

PREFIX = "/si-dmp-server/v2/services"
"""Of the DMP itself: software changes the host alone (XDS.md section 1)."""
DEMO_REPOSITORY = "2.25.114083702943171527410861540934183652913"
"""Made from a UUID (ITU-T X.667), so nobody else's."""
ADDRESS = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*)){2,}")
MAX_OID = 64


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class DmpSoftware:
    sender: Annotated[
        str, Field(description="Name of the sender account (`gateway sender add`).", min_length=1)
    ]
    structures: Annotated[
        tuple[str, ...],
        Field(
            description="Structures that its VIHFs may name (Identifiant_Structure) beside the one"
            " of the signing certificate and of the account."
        ),
    ] = ()
    certificates: Annotated[
        tuple[str, ...],
        Field(
            description="Certificates that it signs with, SHA-256 in hexadecimal: they name the"
            " sender where neither a token nor its client certificate does."
        ),
    ] = ()
    authentications: Annotated[
        tuple[Authentication, ...],
        Field(
            description="How it may say that a person was proved (Authentification_Mode). With"
            " INDIRECTE_RENFORCEE it reads in the name of any professional: only for who signs"
            " them in by Pro Santé Connect."
        ),
    ] = (Authentication.DIRECT, Authentication.INDIRECT)
    sha1: Annotated[
        bool,
        Field(description="Take its signatures with SHA-1, as old software makes; not production."),
    ] = False


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Dmp:
    enabled: Annotated[
        bool, Field(description="Whether DMP-compatible software is served (XDS.b over SOAP).")
    ] = False
    prefix: Annotated[
        str,
        Field(
            description="Where the services stand on the HTTP door, as PREFIX/registry. The default"
            " is the DMP's own: software changes the host only."
        ),
    ] = PREFIX
    repository: Annotated[
        str,
        Field(
            description="OID of this installation as a repository of documents"
            " (repositoryUniqueId): one of yours, and the same for ever."
        ),
    ] = ""
    strict: Annotated[
        bool,
        Field(
            description="Refuse what the DMP is believed to refuse, instead of a warning: a lot"
            " without a signature, an Action that is not known."
        ),
    ] = False
    treating: Annotated[
        bool,
        Field(
            description="Whether a physician may declare himself médecin traitant (TD0.3): he then"
            " sees what the patient masks, on his word alone. Closed, the patient declares him."
        ),
    ] = False
    max_body_bytes: Annotated[
        int, Field(description="Longest request, in bytes: a lot of documents.", ge=1024)
    ] = 100 * MEGABYTE
    request_seconds: Annotated[
        float,
        Field(
            description="A request whose body takes longer to arrive is cut.", gt=0, le=DAY_SECONDS
        ),
    ] = 120.0
    authorities: Annotated[
        tuple[Path, ...],
        Field(
            description="Authorities whose certificates sign VIHFs (of IGC-Santé), in PEM; each is"
            " trusted for itself."
        ),
    ] = ()
    revocations: Annotated[
        tuple[Path, ...],
        Field(
            description="Lists of revoked certificates of these authorities, PEM or DER, read again"
            " when they change. One that is out of date lets nobody in; production asks for them."
        ),
    ] = ()
    policies: Annotated[
        tuple[str, ...],
        Field(
            description="OIDs of the certificate policies under which one signs; one of them is in"
            " every signing certificate. Empty: its key usage alone decides."
        ),
    ] = ()
    vihf_minutes: Annotated[
        float, Field(description="How old a VIHF may be, in minutes.", gt=0, le=60)
    ] = 10.0
    vihf_ahead_seconds: Annotated[
        float,
        Field(description="How far ahead of ours the clock of software may be.", ge=0, le=600),
    ] = 60.0
    software: Annotated[
        tuple[DmpSoftware, ...],
        Field(
            description="What is said of the software of one sender at this door: one"
            " [[dmp.software]] each."
        ),
    ] = ()
    forward: Annotated[
        tuple[DmpForward, ...],
        Field(description="DMPs that documents are fed to: one [[dmp.forward]] each."),
    ] = ()


def dmp_faults(dmp: Dmp) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """An address that cannot be served, and a repository that has no name."""
    if not dmp.enabled:
        return
    if not ADDRESS.fullmatch(dmp.prefix):
        yield ("dmp", "prefix"), "write /PATH without a slash at its end"
    if not OID.fullmatch(dmp.repository) or len(dmp.repository) > MAX_OID:
        yield ("dmp", "repository"), "give an OID of yours, as 1.2.250.1.71.4.2.2.… or 2.25.…"
