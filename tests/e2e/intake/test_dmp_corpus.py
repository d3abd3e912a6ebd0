"""corpus/xds, every recorded ITI-41 request, sent to a whole demo with a VIHF put into it."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemon_rig import Daemon, watched
from dmp_authority import signer_at
from dmp_software import TEST_INS, WSSE, signed_vihf

from gateway.mapping.soap.envelope import read_message
from gateway.mapping.soap.message import Message

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "corpus" / "xds"
SERVICE = "/si-dmp-server/v2/services/repository"
STATUS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:"
END_OF_HEADER = re.compile(rb"</(?:\w+:)?Header>")
PATIENT = "279035121518989", TEST_INS
STATES = {
    "derived-pnr-bio-cr-bio_2021.01_microbiologie_v2_delete.http": "UnresolvedReferenceException",
    "derived-pnr-cnam-hr_2021.01.http": "LocalPolicyRestrictionError",
}
"""What a success supposes and the demo has not: the version before, and the sender's being the
Assurance Maladie."""
Row = dict[str, str]


def rows() -> list[Row]:
    table = FOLDER / "expected.csv"
    if not table.is_file():
        return []
    with table.open(newline="", encoding="utf-8") as lines:
        found = [one for one in csv.DictReader(lines) if one["source"] == "derived"]
    return [one for one in found if one["kind"] == "http"]


ROWS = rows()
pytestmark = pytest.mark.skipif(not ROWS, reason="the shared corpus is not here")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A demo of their own: others file and change the documents of the same people."""
    with watched(tmp_path_factory.mktemp("dmp-corpus")) as daemon:
        yield daemon


def sent(gateway: Daemon, row: Row) -> tuple[int, Message]:
    """By an establishment, for the patient whom the request names."""
    named = row["patient_id"].rpartition(" || ")[2]
    ins, oid = (named.split("^")[0], named.split("&")[1]) if named else PATIENT
    structure, path = next(iter(gateway.demo["dmp"]["sign"].items()))
    vihf = signed_vihf(
        signer_at(Path(path)),
        structure=structure,
        subject=f"{structure}/1",
        profession="AUTOMATE",
        authentication="INDIRECTE",
        ins=ins,
        ins_oid=oid,
    )
    security = f'<wsse:Security xmlns:wsse="{WSSE}">{vihf}</wsse:Security>'.encode()
    head, _, body = (FOLDER / row["file"]).read_bytes().partition(b"\r\n\r\n")
    body = END_OF_HEADER.sub(lambda end: security + end[0], body, count=1)
    lines = [line.partition(":") for line in head.decode().splitlines()]
    kind = next(value.strip() for name, _, value in lines if name.lower() == "content-type")
    reply = gateway.http("POST", SERVICE, body, {"Content-Type": kind})
    return reply.status, read_message(reply.headers["content-type"], reply.body)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_a_recorded_lot_is_answered_as_it_should(gateway: Daemon, row: Row) -> None:
    status, answer = sent(gateway, row)
    codes = [one.get("errorCode", "") for one in answer.body.iter("{*}RegistryError")]
    if row["expected_outcome"] == "fault":
        assert status in (400, 500)
        assert (answer.body.findtext("{*}Code/{*}Value")) == "soap:Sender"
        told = answer.body.findtext("{*}Code/{*}Subcode/{*}Value", "")
        assert row["expected_error"] in told
        return
    assert status == 200
    assert answer.packed == (row["packaging"] == "mtom")
    wanted = row["expected_outcome"].title()
    if row["file"] in STATES:
        assert (wanted, codes) == ("Success", [STATES[row["file"]]])
    elif wanted == "Success" and TEST_INS not in row["patient_id"]:
        assert codes == ["XDSRepositoryMetadataError"], "a real INS in the test profile"
    else:
        assert answer.body.get("status") == STATUS + wanted
        assert not row["expected_error"] or row["expected_error"] in codes
