"""TLS contexts of the doors, from the files that the settings name."""

import ssl

from gateway.settings.sections.doors import Tls


def server_context(tls: Tls) -> ssl.SSLContext:
    """TLS 1.2 or later; mutual where `client_ca` is given. Raises OSError or ssl.SSLError."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(tls.certificate, tls.key)
    if tls.client_ca is not None:
        context.load_verify_locations(tls.client_ca)
        required = ssl.CERT_REQUIRED if tls.client_required else ssl.CERT_OPTIONAL
        context.verify_mode = required
    return context
