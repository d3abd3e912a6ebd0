"""The section of gateway.toml about Pro Santé Connect, and what it must also fulfil."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from gateway.mapping.oidc.discovery import is_safe
from gateway.settings.sections.doors import section

CALLBACK = "/pro/psc/retour"


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Psc:
    issuer: Annotated[
        str,
        Field(
            description="The OpenID provider, exactly as it names itself: https://HOST/auth/realms/"
            "esante-wallet. Nothing else on the network is asked."
        ),
    ]
    client_id: Annotated[str, Field(description="Our name at the provider.", min_length=1)]
    client_secret: Annotated[
        Path, Field(description="File that holds our secret at the provider, mode 0600.")
    ]
    redirect_uri: Annotated[
        str,
        Field(description=f"Our address as registered there: https://HOST{CALLBACK}."),
    ]
    acr: Annotated[
        str, Field(description="Least level of authentication let in; higher ones are too.")
    ] = "eidas1"
    scope: Annotated[str, Field(description="What the provider is asked for.")] = "openid scope_all"
    audience: Annotated[
        str,
        Field(
            description="What an access token of the provider must be for (aud) to read /fhir, as"
            " you agreed with it; empty: no token of the provider is taken there.",
            max_length=200,
        ),
    ] = ""
    algorithms: Annotated[
        tuple[Literal["RS256", "PS256", "ES256"], ...],
        Field(description="How the provider signs; nothing else is looked at.", min_length=1),
    ] = ("RS256", "PS256", "ES256")


def psc_faults(psc: Psc | None) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Addresses that are not safe, and a scope without openid; the secret's file is checked
    with the others."""
    if psc is None:
        return
    for name in ("issuer", "redirect_uri"):
        address = getattr(psc, name)
        if not is_safe(address):
            yield ("psc", name), "write an https address (http on this machine only)"
        elif urlsplit(address).query:
            yield ("psc", name), "has no query"
        elif name == "redirect_uri" and urlsplit(address).path != CALLBACK:
            yield ("psc", name), f"ends with {CALLBACK}: the page that takes the answer"
    if "openid" not in psc.scope.split():
        yield ("psc", "scope"), "names openid (OpenID Connect Core 1.0, 3.1.2.1)"
