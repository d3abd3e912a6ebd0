"""Security headers of every answer (SECURITY section 2)."""

from collections.abc import MutableMapping

PAGE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; frame-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'"
)
BODY_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'; sandbox"
)
"""A document's body: no script, no form, nothing but our own style and pictures."""

BODY_WITH_PICTURES_CSP = BODY_CSP + " allow-same-origin"
"""Without its origin a frame sends no cookie, and its pictures would not be let in."""

PRINTED_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'"
)
"""A body on a page of its own: no script and no form either. A sandbox would take the session from
its links, and keep checks of accessibility out."""

WORKER_CSP = (
    "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
)
"""A worker fetches what it keeps by its own policy."""

DATA_CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""Downloads, pictures, JSON: nothing may run should a browser show them."""

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


def secure(headers: MutableMapping[str, str], *, https: bool, content_type: str) -> None:
    """Adds what a handler did not set itself; health data is never stored by default."""
    for name, value in FIXED.items():
        headers.setdefault(name, value)
    html = content_type == "text/html"
    headers.setdefault("Content-Security-Policy", PAGE_CSP if html else DATA_CSP)
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Cache-Control", "no-store")
    if https:
        headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
