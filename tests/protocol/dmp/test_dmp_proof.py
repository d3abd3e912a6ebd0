"""Requests with a real VIHF at the DMP door over HTTP: who comes in, and what those hear who do
not. Every attack on the assertion itself is in tests/unit/mapping/vihf."""

import ssl
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector, web
from aiohttp.test_utils import TestClient, TestServer
from authority import Authority
from dmp_authority import PERSON, STRUCTURE, DmpAuthority, Signer
from dmp_software import assertion, request, sign
from door_of_dmp import ASKED, PREFIX, QUERY_ACTION
from proved_door import ProvedDoor
from structlog.testing import capture_logs
from vihf_case import AUTHORITY, INS, NOW, SIGNER, claims, signed

from gateway.adapters.dmp.proof import SAID
from gateway.adapters.dmp.trust_files import LOOKED_SECONDS
from gateway.mapping.soap.envelope import read_message
from gateway.mapping.vihf.refusal import Why

PLAIN = {"Content-Type": "application/soap+xml; charset=UTF-8"}
Client = TestClient[web.Request, web.Application]
Told = tuple[int, str | None, str | None]


@pytest.fixture
def house(tmp_path: Path) -> ProvedDoor:
    return ProvedDoor(tmp_path)


@pytest.fixture
async def client(house: ProvedDoor) -> AsyncIterator[Client]:
    async with TestClient(TestServer(house.application())) as open_client:
        yield open_client


def asked(vihf: str | None) -> bytes:
    return request(ASKED, action=QUERY_ACTION, vihf=vihf)


async def told(
    client: Client | ClientSession, body: bytes, headers: dict[str, str] | None = None
) -> Told:
    """Status, subcode and reason; of an answer that is no fault, None twice."""
    path = f"{PREFIX}/registry"
    async with client.post(path, data=body, headers=PLAIN | (headers or {})) as response:
        message = read_message(response.headers["Content-Type"], await response.read())
        fault = message.body
        where = "{*}Code/{*}Subcode/{*}Value", "{*}Reason/{*}Text"
        subcode, reason = (fault.findtext(path) for path in where)
        return response.status, subcode, reason


async def test_a_signed_request_is_served_to_who_signed_it(
    client: Client, house: ProvedDoor
) -> None:
    assert (await told(client, asked(signed())))[0] == 200
    call = house.behind.calls[0]
    assert (call.sender.name, call.vihf.subject, call.vihf.ins) == ("clinic", PERSON, INS)


async def test_a_request_without_a_vihf_is_a_fault_in_french(client: Client) -> None:
    status, subcode, reason = await told(client, asked(None))
    assert (status, subcode) == (500, "wsse:InvalidSecurity")
    assert reason == SAID[Why.ABSENT][1]


async def test_an_unknown_authority_is_the_fault_of_the_dmp(client: Client) -> None:
    stranger = DmpAuthority("AC inconnue").signer()
    _, subcode, _ = await told(client, asked(sign(assertion(claims()), stranger)))
    assert subcode == "soap:DMPInvalidCertificate"


async def test_an_assertion_shown_twice_is_refused_the_second_time(
    client: Client, house: ProvedDoor
) -> None:
    vihf = signed()
    assert (await told(client, asked(vihf)))[0] == 200
    status, subcode, reason = await told(client, asked(vihf))
    assert (status, subcode, reason) == (500, "wsse:InvalidSecurityToken", SAID[Why.REPLAY][1])
    assert len(house.behind.calls) == 1


async def test_a_message_repeated_to_the_byte_reads_nothing_again(
    client: Client, house: ProvedDoor
) -> None:
    body = asked(signed())
    assert (await told(client, body))[0] == 200
    assert (await told(client, body))[0] == 500
    assert len(house.behind.calls) == 1


async def test_a_token_that_opens_nothing_is_not_made_up_for_by_a_vihf(client: Client) -> None:
    bad = {"Authorization": "Bearer nobody"}
    assert (await told(client, asked(signed()), bad))[1] == "wsse:FailedAuthentication"


async def test_a_refusal_is_an_entry_of_the_log_about_no_patient(
    client: Client, house: ProvedDoor
) -> None:
    await told(client, asked(signed().replace(PERSON, "899700000001")))
    (row,) = house.traces.rows
    assert (row.trace.rule, row.trace.door, row.trace.permitted) == (
        "token-vihf-signature",
        "dmp",
        False,
    )


async def test_nothing_of_an_assertion_is_in_a_log_an_entry_or_a_fault(
    client: Client, house: ProvedDoor
) -> None:
    """Every kind of refusal that a stranger can bring about, and a request that is served."""
    secrets = (INS, PERSON, "FICTIVE", STRUCTURE, "_secret", "Logiciel", "Motif")
    broken = [
        signed(id="_secret1", more={"Mode_Acces_Raison": "Motif"}),
        signed(id="_secret2").replace(PERSON, "899700000001"),
        signed(id="_secret3", subject="899700000001"),
        signed(id="_secret4", profession="G15_10"),
        signed(id="_secret5", structure="10B0127189X"),
        signed(id="_secret6", more={"Secteur_Activite": f"<b>{INS}</b>"}),
        signed(id="_secret7", more={"Mode_Acces_Raison": "Motif" * 99}),
        signed(id="_secret8", purpose="FICTIVE"),
    ]
    with capture_logs() as logs:
        answers = [await told(client, asked(vihf)) for vihf in broken]
    written = f"{answers} {logs} {house.traces.rows}"
    assert [status for status, _, _ in answers] == [200] + [500] * 7
    assert [one for one in secrets if one in written] == []


def test_every_word_has_a_fault_and_none_repeats_what_came() -> None:
    assert set(SAID) == set(Why)
    with_hint = [why for why, (_, reason) in SAID.items() if "{" in reason]
    assert with_hint == [Why.FIELD]


async def test_a_list_that_revokes_counts_without_a_restart(
    client: Client, house: ProvedDoor
) -> None:
    assert (await told(client, asked(signed())))[0] == 200
    house.crl.write_bytes(AUTHORITY.revoked(SIGNER, at=NOW - timedelta(hours=1)))
    house.clock.at += timedelta(seconds=LOOKED_SECONDS)
    assert (await told(client, asked(signed())))[2] == SAID[Why.REVOKED][1]


async def test_a_list_that_is_too_old_is_our_fault_and_lets_nobody_in(
    client: Client, house: ProvedDoor
) -> None:
    house.clock.at += timedelta(days=8)
    body = asked(signed(at=house.clock.at))
    async with client.post(f"{PREFIX}/registry", data=body, headers=PLAIN) as response:
        message = read_message(response.headers["Content-Type"], await response.read())
    assert message.body.findtext("{*}Code/{*}Value") == "soap:Receiver"


async def test_files_that_cannot_be_read_change_nothing(client: Client, house: ProvedDoor) -> None:
    house.authority.write_bytes(b"half a file")
    house.clock.at += timedelta(seconds=LOOKED_SECONDS)
    with capture_logs() as logs:
        assert (await told(client, asked(signed())))[0] == 200
    assert "dmp.trust_unreadable" in [one["event"] for one in logs]


def certified(folder: Path, name: str, signer: Signer) -> Path:
    folder.mkdir(exist_ok=True)
    return signer.write(folder / f"{name}.pem")


async def test_over_tls_who_connects_and_who_asks_are_one(tmp_path: Path) -> None:
    house = ProvedDoor(tmp_path, mutual=True)
    gone = AUTHORITY.client()
    house.crl.write_bytes(AUTHORITY.revoked(gone, at=NOW - timedelta(days=1)))
    house.files.look()
    ours = Authority(tmp_path / "server")
    own = ours.issue("passerelle")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(house.authority))
    context.load_cert_chain(own, own.with_suffix(".key"))
    context.verify_mode = ssl.CERT_OPTIONAL
    clients = {
        "own": certified(tmp_path, "own", AUTHORITY.client()),
        "other": certified(
            tmp_path, "other", AUTHORITY.client(structure="10B0000001", person="899700000001")
        ),
        "revoked": certified(tmp_path, "revoked", gone),
        "nobody": None,
    }
    outcome = {}
    server = TestServer(house.application(), scheme="https")
    await server.start_server(ssl=context)
    try:
        base = f"https://127.0.0.1:{server.port}"
        for name, identity in clients.items():
            connector = TCPConnector(ssl=ours.client(identity))
            async with ClientSession(base, connector=connector) as session:
                outcome[name] = await told(session, asked(signed()))
    finally:
        await server.close()
    assert outcome["own"][0] == 200
    assert outcome["revoked"][2] == SAID[Why.WITHDRAWN][1]
    assert outcome["other"][2] == outcome["nobody"][2] == SAID[Why.CONNECTION][1]
