"""What the answers of a DMP mean for what was sent to it (XDS.md section 9)."""

import re
from collections.abc import Sequence

from gateway.errors import DeferredError, RefusedError
from gateway.mapping.dmp.presence import CLOSED, Presence
from gateway.mapping.soap.message import FaultError
from gateway.mapping.xds.answers import Status, error_codes, status_in
from gateway.mapping.xds.errors import (
    DEPRECATED,
    DUPLICATE_IN_REGISTRY,
    REPLACE_FAILED,
    REPOSITORY_ERROR,
    UNKNOWN_PATIENT,
    UNRESOLVED,
)
from gateway.mapping.xml import Element
from gateway.records.intake.finding import Finding, Severity

LATER = frozenset(
    {
        "XDSRegistryBusy",
        "XDSRepositoryBusy",
        "XDSRegistryOutOfResources",
        "XDSRepositoryOutOfResources",
        "XDSRegistryNotAvailable",
    }
)
INTERNAL = frozenset({"XDSRegistryError", REPOSITORY_ERROR})
INTERNAL_TRIES = 3
MOVED = frozenset({REPLACE_FAILED, DEPRECATED, UNRESOLVED})
"""What is replaced became another meanwhile: it is looked up again, once."""
THERE = frozenset({DUPLICATE_IN_REGISTRY})
CODE, MAX_CODES = re.compile(r"[A-Za-z][\w.:-]{0,99}", re.ASCII), 10
"""What may be kept and told of a code: words of another may tell of a person."""
SUCCESS = Status.SUCCESS.rpartition(":")[2]
UNKNOWN = "no-answer-of-a-registry"
ABSENT = {Presence.CLOSED: CLOSED, Presence.NONE: UNKNOWN_PATIENT}


def codes_in(answer: Element) -> Sequence[str]:
    """Empty for a success, warnings or not; what is no code is not told."""
    if status_in(answer) == SUCCESS:
        return ()
    return [code for code in error_codes(answer) if CODE.fullmatch(code)][:MAX_CODES] or (UNKNOWN,)


def check(codes: Sequence[str], tries: int) -> None:
    """Raises DeferredError for what passes by itself, RefusedError with the DMP's own code for
    everything else; `tries` counts this one."""
    if not codes:
        return
    told = set(codes)
    if told & LATER or (told <= INTERNAL and tries <= INTERNAL_TRIES):
        raise DeferredError(" ".join(codes))
    raise refusal(*codes)


def refusal(*codes: str) -> RefusedError:
    """In codes alone: the words beside them may tell of a person. The first one is kept verbatim
    for the sender who asked (ZAM^Z01)."""
    finding = Finding(
        code=codes[0], severity=Severity.ERROR, where="DMP", message="The DMP refused it."
    )
    return RefusedError(" ".join(codes), finding=finding)


def of_fault(fault: FaultError) -> DeferredError | RefusedError:
    """A fault of the receiver passes; one of ours stays (SOAP 1.2 part 1, 5.4.6)."""
    code = next((c for c in (fault.subcode, fault.code) if c and CODE.fullmatch(c)), UNKNOWN)
    return DeferredError(code) if fault.code == "Receiver" else refusal(code)
