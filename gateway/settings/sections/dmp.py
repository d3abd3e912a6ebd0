"""The section of gateway.toml about the door for DMP-compatible software."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from gateway.records.intake.reading import MEGABYTE
from gateway.settings.sections.doors import section

PREFIX = "/si-dmp-server/v2/services"
"""Of the DMP itself: software changes the host alone (XDS.md section 1)."""
DEMO_REPOSITORY = "2.25.114083702943171527410861540934183652913"
"""Made from a UUID (ITU-T X.667), so nobody else's."""
ADDRESS = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*)){2,}")
MAX_OID = 64


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
    max_body_bytes: Annotated[
        int, Field(description="Longest request, in bytes: a lot of documents.", ge=1024)
    ] = 100 * MEGABYTE
    request_seconds: Annotated[
        float, Field(description="A request whose body takes longer to arrive is cut.", gt=0)
    ] = 120.0


def dmp_faults(dmp: Dmp) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """An address that cannot be served, and a repository that has no name."""
    if not dmp.enabled:
        return
    if not ADDRESS.fullmatch(dmp.prefix):
        yield ("dmp", "prefix"), "write /PATH without a slash at its end"
    if not OID.fullmatch(dmp.repository) or len(dmp.repository) > MAX_OID:
        yield ("dmp", "repository"), "give an OID of yours, as 1.2.250.1.71.4.2.2.… or 2.25.…"
