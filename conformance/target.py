"""What the kit is told of a target: its doors, and the people and tokens that it knows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.made.person import Person
from conformance.wire.address import Address, BadAddressError, Tls, read_address

TIMEOUT_SECONDS = 10.0
DOMAIN = "patient.mssante.fr"
DOCTOR = "G15_10"


class BadTargetError(Exception):
    """A file that describes the target cannot be used; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`patient` has an open record; `second` another one, `closed` none that takes documents.

    `token` is a sender's, `other_token` that of one of another organisation, `reader` that of a
    professional who may read the whole record of `patient`. `documents` is the path that takes
    documents over HTTP, `fhir` that of FHIR.
    """

    mllp: Address | None = None
    http: str = ""
    smtp: Address | None = None
    token: str = ""
    other_token: str = ""
    reader: str = ""
    patient: Person | None = None
    second: Person | None = None
    closed: Person | None = None
    mail_from: str = ""
    mail_domain: str = DOMAIN
    documents: str = "/documents"
    fhir: str = "/fhir"
    timeout: float = TIMEOUT_SECONDS
    tls: Tls = field(default_factory=Tls)


def from_ready_file(path: Path) -> dict[str, Any]:
    """Values for `Target` from a ready file. Raises BadTargetError."""
    told = read_object(path)
    try:
        return {
            "http": str(told.get("http") or "").rstrip("/"),
            "mllp": read_address(str(told["mllp"]), "mllp") if told.get("mllp") else None,
            "smtp": read_address(str(told["smtp"]), "smtp") if told.get("smtp") else None,
            **from_demo(told.get("demo") or {}),
        }
    except (KeyError, TypeError, AttributeError, BadAddressError) as error:
        raise BadTargetError(f"{path.name} is not a ready file: {error!r}") from error


def from_demo(demo: Mapping[str, Any]) -> dict[str, Any]:
    people = demo.get("patients", [])
    active = [Person.of(one) for one in people if one.get("account") == "active"]
    closed = [Person.of(one) for one in people if one.get("account") == "closed"]
    doctors = demo.get("professionals", [])
    readers = [one["token"] for one in doctors if str(one["profession"]).startswith(DOCTOR)]
    return {
        "token": demo.get("sender_token") or "",
        "reader": readers[0] if readers else "",
        "patient": active[0] if active else None,
        "second": active[1] if len(active) > 1 else None,
        "closed": closed[0] if closed else None,
        "mail_from": demo.get("mail_sender") or "",
    }


def from_patient_file(path: Path) -> dict[str, Any]:
    """One patient, a list of them, or an object with `patients`. Raises BadTargetError."""
    told = json_of(path)
    told = told.get("patients", [told]) if isinstance(told, dict) else told
    try:
        people = [Person.of(one) for one in told]
    except (KeyError, TypeError, AttributeError) as error:
        raise BadTargetError(f"{path.name}: a patient lacks {error}") from error
    if not people:
        raise BadTargetError(f"{path.name} names nobody")
    return {"patient": people[0], "second": people[1] if len(people) > 1 else None}


def read_object(path: Path) -> dict[str, Any]:
    told = json_of(path)
    if not isinstance(told, dict):
        raise BadTargetError(f"{path.name} is not a JSON object")
    return told


def json_of(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadTargetError(f"{path}: {error}") from error
