"""Sign-in by an OpenID provider: what we are to it, and what it says of itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Ourselves as the provider knows us. `acr` is the least level that is let in, as eidas1;
    `algorithms` are those in which this provider signs; `audience` is what an access token must
    be for to open our FHIR door, "" where none does."""

    issuer: str
    client_id: str
    redirect_uri: str
    acr: str = "eidas1"
    scope: str = "openid scope_all"
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")
    audience: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Addresses of OpenID Connect Discovery 1.0, section 3. Only the browser is sent to the
    authorization and end-of-session addresses; we call the others, on the issuer's own host."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    end_session: str | None = None
    names_itself: bool = False
    """authorization_response_iss_parameter_supported (RFC 9207, section 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The answer to a code. Never stored, never logged."""

    id_token: str
    access_token: str
