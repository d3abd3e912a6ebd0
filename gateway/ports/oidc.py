"""The provider that says which professional is asking, and where its professionals are noted."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from gateway.records.patients.account import Professional
from gateway.records.readers.oidc import Endpoints, Tokens


class IdentityProvider(Protocol):
    """Each call says with NotProvedError that the provider is silent or says no."""

    async def endpoints(self) -> Endpoints: ...

    async def keys(self, *, fresh: bool = False) -> Sequence[dict[str, Any]]:
        """Its public keys; `fresh` asks again, as often as the provider may be asked."""

    async def exchange(self, code: str, *, verifier: str) -> Tokens:
        """Spends a code, with the PKCE verifier of its request (RFC 7636)."""

    async def person(self, access_token: str) -> Mapping[str, Any]:
        """The claims of the UserInfo endpoint (OpenID Connect Core 1.0, 5.3)."""


class Directory(Protocol):
    """Professionals whom a patient may name, block or read of in his history."""

    async def professional_by_id(self, identifier: str) -> Professional | None: ...

    async def add_professional(self, professional: Professional) -> None:
        """Notes a professional, or replaces what was known of him."""
