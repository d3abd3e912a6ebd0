"""What an ADT says beyond one PID: whom it is about, who becomes whom, and how that is known."""

from dataclasses import dataclass

from gateway.records.patients.patient import PatientIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One PID of an ADT, and the MRG that follows it.

    `identity.other_ids` are the usable local identifiers of PID-3 only; `status` is PID-32;
    `qualified` as CONTRACT section 2 has it, without the index. `prior` holds what MRG-1 names:
    the identity that ends (A40) or the identifiers that are replaced (A47).
    """

    identity: PatientIdentity
    status: str | None = None
    qualified: bool = False
    prior: PatientIdentity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """`event` is MSH-9.2.

    `obtained` and `obtained_on` are ZFD-5 and ZFD-6 (`INSI`, `2021-12-01`), None where absent;
    `stated_at` is EVN-6, EVN-2 or MSH-7 as received, "" where none of them is a time; `offset` that
    of MSH-7 (`+0100`, "" for none), which holds for the times that bear none.
    """

    event: str
    subjects: tuple[Subject, ...] = ()
    obtained: str | None = None
    obtained_on: str | None = None
    stated_at: str = ""
    offset: str = ""
