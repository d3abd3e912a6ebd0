"""Mail addresses of MSSanté: whose box this is, a citizen's or another's (XDM_HL7V2 A4).

One question for all who ask it: what is hidden from a patient must not leave for a patient's box
however its domain is written.
"""

from collections.abc import Callable

PATIENT_BOX, HEALTH_DOMAIN = "patient.", ".mssante.fr"


def tidied(address: str) -> str:
    """A patient's box with its domain in small letters; any other address as it is written."""
    if not is_patient_box(address):
        return address
    local, at, domain = address.rpartition("@")
    return local + at + domain.lower()


def is_patient_box(address: str) -> bool:
    """A citizen's box, of whatever space; to be kept from what is hidden from patients."""
    return _domain(address).startswith(PATIENT_BOX)


def without_person(address: str, name: Callable[[str], str]) -> str:
    """What the writer of a mail is called in the store: before the @ stands an INS, or the name of
    a professional, and `name` of the box takes its place; the domain stays for the desk."""
    return f"{name(tidied(address).upper())}@{_domain(address)}"


def is_patients_own(address: str, ins: str | None) -> bool:
    """The box that MSSanté gives the bearer of this INS."""
    domain = _domain(address)
    known = domain.startswith(PATIENT_BOX) and domain.endswith(HEALTH_DOMAIN)
    return known and address.rpartition("@")[0] == ins


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
