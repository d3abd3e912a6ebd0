"""What a DMP's answers mean for what was sent to it: settled, later, or never."""

import pytest

from gateway.errors import DeferredError, RefusedError
from gateway.flows.sending.dmp.told import check, codes_in, of_fault
from gateway.mapping.soap.message import FaultError
from gateway.mapping.xds.answers import Status, registry_response
from gateway.mapping.xds.errors import RegistryError


def answer(status: Status, *errors: tuple[str, bool]) -> list[str]:
    told = [RegistryError(code, "words", "", is_warning=warns) for code, warns in errors]
    return list(codes_in(registry_response(status, told)))


def test_a_success_with_warnings_is_one_and_a_failure_says_its_codes_once() -> None:
    assert answer(Status.SUCCESS, ("GatewayHeld", True)) == []
    failed = [("XDSRegistryBusy", False), ("XDSRegistryBusy", False), ("X", True), ("Y", False)]
    assert answer(Status.FAILURE, *failed) == ["XDSRegistryBusy", "Y"]
    assert answer(Status.FAILURE) == ["no-answer-of-a-registry"]
    assert answer(Status.PARTIAL, ("XDSRepositoryError", False)) == ["XDSRepositoryError"]


@pytest.mark.parametrize(
    ("codes", "tries", "error"),
    [
        (["XDSRepositoryBusy"], 9, DeferredError),
        (["XDSRegistryOutOfResources", "XDSRepositoryMetadataError"], 9, DeferredError),
        (["XDSRepositoryError"], 3, DeferredError),
        (["XDSRepositoryError"], 4, RefusedError),
        (["XDSRegistryError", "XDSNonIdenticalHash"], 1, RefusedError),
        (["XDSUnknownPatientId"], 1, RefusedError),
        (["DMPSomethingNew"], 1, RefusedError),
    ],
)
def test_what_passes_by_itself_is_tried_again_and_nothing_else(
    codes: list[str], tries: int, error: type[Exception]
) -> None:
    with pytest.raises(error) as raised:
        check(codes, tries)
    assert str(raised.value) == " ".join(codes)
    if isinstance(raised.value, RefusedError):
        assert raised.value.finding is not None
        assert raised.value.finding.code == codes[0]


def test_nothing_is_said_of_a_success() -> None:
    check([], 1)


def test_a_fault_of_the_receiver_passes_and_one_of_ours_stays() -> None:
    """Its words are for nobody: they may tell of a person."""
    ours = of_fault(FaultError("Sender", "Jeanne est inconnue", subcode="DMPInvalidCertificate"))
    theirs = of_fault(FaultError("Receiver", "en maintenance"))
    assert (type(ours), str(ours)) == (RefusedError, "DMPInvalidCertificate")
    assert (type(theirs), str(theirs)) == (DeferredError, "Receiver")
