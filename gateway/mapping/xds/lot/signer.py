"""Is the certificate that signed a lot trusted like that of a VIHF (XDS.md sections 4 and 8)?"""

from datetime import datetime

from cryptography import x509

from gateway.mapping.vihf.refusal import NotVihfError
from gateway.mapping.vihf.trust import Trust, check_certificate


def is_trusted(der: bytes, trust: Trust, now: datetime) -> bool:
    """`der` was read before, by who verified the signature."""
    try:
        check_certificate(x509.load_der_x509_certificate(der), trust, now)
    except (NotVihfError, ValueError):
        return False
    return True
