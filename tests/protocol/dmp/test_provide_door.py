"""ITI-41 through the HTTP door, by VIHFs that are really signed; the journal is a twin."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from dmp_authority import PERSON, STRUCTURE
from dmp_lot import ACTION, INS, provided
from dmp_software import packed, request
from door_of_dmp import PREFIX, FixedClock
from lot_sample import LOT
from reading_twins import ANNE, NOW, House
from signed_door import Client, serving
from vihf_case import signed

from gateway.adapters.dmp.transactions.repository import ProvideService, provide_services
from gateway.adapters.dmp.transactions.small import NO_PATIENT, NO_RIGHT
from gateway.clock import SystemIds
from gateway.errors import DeferredError
from gateway.flows.depositing.lot import DepositLot
from gateway.flows.receive import Here, Receive
from gateway.mapping.soap.envelope import read_message
from gateway.mapping.xml import Element
from gateway.records.intake.filing import Answer, Door, Intake
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.patients.patient import PatientKey


class Names:
    def patient_key(self, ins_oid: str, ins: str) -> PatientKey:
        return ANNE

    def local_key(self, identifier: str) -> bytes:
        return identifier.encode()


class OneAnswer:
    """A journal that gives the answer it was told to, and remembers what it was handed."""

    def __init__(self) -> None:
        self.answer = Answer(receipt="r1", verdict=Verdict.ACCEPT)
        self.error: Exception | None = None
        self.intakes: list[Intake] = []

    async def file(self, intake: Intake) -> Answer:
        if self.error:
            raise self.error
        self.intakes.append(intake)
        return self.answer


@pytest.fixture
def journal() -> OneAnswer:
    return OneAnswer()


@pytest.fixture
async def client(journal: OneAnswer) -> AsyncIterator[Client]:
    clock = FixedClock()
    receive = Receive(journal, clock, SystemIds(), Here())  # type: ignore[arg-type]  # files, and no more
    deposit = DepositLot(receive=receive, reading=DEFAULT_READING, trusts=lambda _: False)
    provide = ProvideService(asking=House().read, names=Names(), deposit=deposit)
    async with serving(provide_services(provide), max_body_bytes=1_000_000) as opened:
        yield opened


async def send(client: Client, **said: Any) -> tuple[int, Element]:
    return await post(client, *lot(**said))


def lot(**said: Any) -> tuple[str, bytes]:
    """Content-Type and body."""
    text, parts = provided(LOT)
    envelope = request(text, action=ACTION, vihf=signed(**{"at": NOW, "ins": INS, **said}))
    return packed(envelope, parts, action=ACTION)


async def post(client: Client, kind: str, body: bytes) -> tuple[int, Element]:
    headers = {"Content-Type": kind}
    response = await client.post(f"{PREFIX}/repository", data=body, headers=headers)
    told = response.headers["Content-Type"]
    assert told.startswith("multipart/related")
    message = read_message(told, await response.read())
    if response.status == 200:
        assert message.action == f"{ACTION}Response"
    return response.status, message.body


def status(answer: Element) -> str:
    return answer.get("status", "").rpartition(":")[2]


def errors(answer: Element) -> list[tuple[str, str]]:
    """Code and severity of each RegistryError."""
    found = answer.iter("{*}RegistryError")
    return [(one.get("errorCode", ""), one.get("severity", "").rpartition(":")[2]) for one in found]


def reason(fault: Element) -> str:
    return fault.findtext("{*}Reason/{*}Text") or ""


async def test_a_lot_is_filed_in_the_name_of_who_asked_and_kept_as_it_came(
    client: Client, journal: OneAnswer
) -> None:
    code, answer = await send(client)

    assert (code, status(answer), errors(answer)) == (200, "Success", [])
    [intake] = journal.intakes
    assert (intake.door, intake.sender, intake.key) == (Door.DMP, "lps", f"lot:{LOT.unique_id}")
    assert intake.organization == STRUCTURE
    assert intake.depositor is not None
    assert intake.depositor.id == PERSON
    assert intake.raw.startswith(b"Content-Type: multipart/related; boundary=")
    assert [one.unique_id for one in intake.understanding.documents] == ["1.2.250.1.999.1.1"]


async def test_a_refusal_is_a_failure_and_what_is_held_a_success_with_a_warning(
    client: Client, journal: OneAnswer
) -> None:
    known = Finding(
        code="unique-id-conflict", severity=Severity.ERROR, where="uniqueId", message="Known."
    )
    journal.answer = Answer(receipt="r1", verdict=Verdict.REFUSE, findings=(known,))
    refused = await send(client)
    journal.answer = Answer(receipt="r2", verdict=Verdict.HOLD)
    held = await send(client)

    assert (refused[0], status(refused[1])) == (200, "Failure")
    assert errors(refused[1]) == [("XDSNonIdenticalHash", "Error")]
    assert (held[0], status(held[1])) == (200, "Success")
    assert errors(held[1]) == [("GatewayHeld", "Warning")]


@pytest.mark.parametrize(
    ("full", "code"), [(False, "XDSRepositoryBusy"), (True, "XDSRepositoryOutOfResources")]
)
async def test_what_cannot_be_made_durable_now_may_be_sent_again(
    client: Client, journal: OneAnswer, full: bool, code: str
) -> None:
    journal.error = DeferredError("Later.", disk_full=full)
    same = lot()

    answered, answer = await post(client, *same)
    assert (answered, status(answer), errors(answer)) == (200, "Failure", [(code, "Error")])
    journal.error = None
    assert status((await post(client, *same))[1]) == "Success"


async def test_who_feeds_no_record_and_who_names_no_patient_get_a_fault(
    client: Client, journal: OneAnswer
) -> None:
    air = await send(client, authentication="INDIRECTE_RENFORCEE")
    nobody = await send(client, ins=None)

    assert (air[0], reason(air[1])) == (500, NO_RIGHT)
    assert (nobody[0], reason(nobody[1])) == (500, NO_PATIENT)
    assert journal.intakes == []


async def test_an_establishment_feeds_in_its_own_name(client: Client, journal: OneAnswer) -> None:
    own = {"subject": f"{STRUCTURE}/agent7", "profession": "AUTOMATE"}

    assert status((await send(client, authentication="INDIRECTE", **own))[1]) == "Success"
    [intake] = journal.intakes
    assert intake.depositor is None
