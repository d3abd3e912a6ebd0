"""From when and until when our own certificates are good.

Asked by whoever has the hour: `check-config` names one that ended as a problem, a start only warns,
for the other doors are good and a daemon that stays away helps nobody.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cryptography import x509

from gateway.settings.checking.checks import Fault, problems_of, tls_sections
from gateway.settings.checking.problems import Problem
from gateway.settings.shape import Settings


def out_of_date(settings: Settings, text: str, now: datetime) -> tuple[Problem, ...]:
    """One for each file with a certificate that peers refuse at `now`; `text` gives the lines. A
    file that cannot be read is named by the other checks."""
    return problems_of(text, list(_faults(settings, now)))


def _faults(settings: Settings, now: datetime) -> Iterator[Fault]:
    files = [((*path, "certificate"), tls.certificate) for path, tls in tls_sections(settings)]
    relay, sending = settings.mssante.relay, settings.sending
    if relay is not None and relay.certificate is not None:
        files.append((("mssante", "relay", "certificate"), relay.certificate))
    if sending.certificate is not None:
        files.append((("sending", "certificate"), sending.certificate))
    for path, file in files:
        if why := _why(file, now):
            yield path, f"{file} {why}"


def _why(file: Path, now: datetime) -> str:
    try:
        chain = x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError):
        return ""
    for one in chain:
        if one.not_valid_after_utc < now:
            return f"ended at {_hour(one.not_valid_after_utc)}: peers refuse it, have it renewed"
        if one.not_valid_before_utc > now:
            return (
                f"begins at {_hour(one.not_valid_before_utc)}: is the clock of this machine true?"
            )
    return ""


def _hour(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
