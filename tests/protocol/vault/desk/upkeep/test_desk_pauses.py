"""« Mettre en pause » : a destination is held back, with who and why, and resumed (PAGES 7)."""

import html
import re
from dataclasses import replace

import orjson
import pytest
from test_desk_queues import LANE
from vault_house import House, hire, post, sign_in_operator, visiting
from work_twins import MemoryQueues, with_pauses

from gateway.records.patients.account import SenderAccount
from gateway.records.patients.patient import DESK
from gateway.records.readers.operator import OperatorRole
from gateway.records.task import TaskKind

PLACE = "/desk/files/forward:lis"
REASON = "Mise à jour du logiciel du laboratoire"


def staffed() -> House:
    house = House()
    hire(house, OperatorRole.TECHNIQUE)
    return house


async def shown(house: House, path: str = "/desk/files") -> tuple[int, str]:
    async with visiting(house) as client:
        await sign_in_operator(client)
        answer = await client.get(path)
        return answer.status, html.unescape(await answer.text())


async def done(house: House, path: str, **fields: str) -> tuple[int, str, str]:
    """Status, where to, and the page."""
    async with visiting(house) as client:
        await sign_in_operator(client)
        status, place, page = await post(client, "/desk/files", path, **fields)
        return status, place, html.unescape(page)


def row(page: str, name: str) -> str:
    found = re.search(rf'<tr data-kind="destination" data-id="{name}".*?</tr>', page, re.S)
    assert found, page
    return found[0]


async def test_every_destination_may_be_paused_also_one_in_which_nothing_waits() -> None:
    house = staffed()
    odd = replace(LANE, kind=TaskKind.BUSINESS_ACK, lane="answers:dr.roux@labo.fr")
    pauses = with_pauses(house, MemoryQueues([LANE, odd]), "lis", "archive")
    pauses.accounts.append(SenderAccount(name="labo", answers="mllp://labo:2575"))
    _, page = await shown(house)
    assert f'href="{PLACE}/pause"' in row(page, "lis")
    assert 'href="/desk/files/forward:archive/pause"' in row(page, "archive")
    assert 'href="/desk/files/answers:labo/pause"' in row(page, "labo")
    assert 'data-state="empty"' in row(page, "archive")
    assert "pause" not in row(page, "labo.fr")
    assert "dr.roux" not in page


async def test_the_page_before_says_the_effect_and_asks_why() -> None:
    house = staffed()
    pauses = with_pauses(house, MemoryQueues([LANE]))
    status, page = await shown(house, f"{PLACE}/pause")
    assert (status, pauses.held) == (200, {})
    for words in ("Plus rien ne part", "rien n'est perdu", "aucun délai ne court", "Annuler"):
        assert words in page
    assert "Mettre en pause cette destination" in page
    status, _, page = await done(house, f"{PLACE}/pause", motif="  ")
    assert (status, "Il y a un problème" in page, pauses.held) == (422, True, {})
    assert (await done(house, f"{PLACE}/pause", motif="x" * 501))[0] == 422


async def test_a_pause_tells_who_and_why_on_the_page_and_in_the_log() -> None:
    house = staffed()
    pauses = with_pauses(house, MemoryQueues([LANE]), "lis")
    status, place, _ = await done(house, f"{PLACE}/pause", motif=REASON)
    assert (status, place) == (303, "/desk/files?fait=pause")
    (act,) = pauses.acts
    assert (act.action, act.patient, act.rule, act.actor) == ("lane-paused", DESK, "DSK-01", "101")
    assert orjson.loads(act.details) == {"lane": "forward:lis", "reason": REASON}
    _, page = await shown(house, place)
    held = row(page, "lis")
    assert "Destination en pause" in page
    assert 'data-state="paused"' in held
    for words in ("▲ </span>en pause", "par l'agent 101", REASON, "à la reprise"):
        assert words in held
    assert f'href="{PLACE}/reprise"' in held


async def test_a_second_pause_does_nothing_and_says_so() -> None:
    house = staffed()
    pauses = with_pauses(house, MemoryQueues([LANE]), "lis")
    assert (await done(house, f"{PLACE}/reprise"))[0] == 409
    await done(house, f"{PLACE}/pause", motif=REASON)
    for status, page in (
        (await done(house, f"{PLACE}/pause", motif="autre"))[::2],
        await shown(house, f"{PLACE}/pause"),
    ):
        assert (status, "Quelqu'un l'a déjà fait" in page) == (409, True)
    assert [one.reason for one in pauses.held.values()] == [REASON]
    assert len(pauses.acts) == 1


async def test_it_is_resumed_from_a_page_that_says_what_leaves() -> None:
    house = staffed()
    pauses = with_pauses(house, MemoryQueues([LANE]))
    await done(house, f"{PLACE}/pause", motif=REASON)
    status, page = await shown(house, f"{PLACE}/reprise")
    assert (status, REASON in page, "Ce qui attend part tout de suite" in page) == (200, True, True)
    status, place, _ = await done(house, f"{PLACE}/reprise")
    assert (status, place, pauses.held) == (303, "/desk/files?fait=reprise", {})
    assert [one.action for one in pauses.acts] == ["lane-paused", "lane-resumed"]


@pytest.mark.parametrize("lane", ["forward:nowhere", "forward:dr@x", "lis", "forward:" + "x" * 200])
async def test_a_destination_that_there_is_not_is_no_page(lane: str) -> None:
    house = staffed()
    pauses = with_pauses(house, MemoryQueues([LANE]), "lis")
    assert (await shown(house, f"/desk/files/{lane}/pause"))[0] == 404
    assert (await done(house, f"/desk/files/{lane}/pause", motif=REASON))[0] in (404, 409)
    assert pauses.held == {}


async def test_a_house_without_pauses_shows_its_queues_all_the_same() -> None:
    house = staffed()
    with_pauses(house, MemoryQueues([LANE]))
    furnish = house.furnish_desk
    house.furnish_desk = lambda rooms: replace(furnish(rooms), pauses=None)
    _, page = await shown(house)
    assert "Mettre en pause" not in row(page, "lis")


async def test_secure_mail_is_one_destination_whoever_it_is_for() -> None:
    house = staffed()
    mail = replace(LANE, kind=TaskKind.MAIL, lane=None, size=3)
    notice = replace(mail, kind=TaskKind.DOCTOR_NOTICE, size=2)
    other = replace(mail, kind=TaskKind.NOTICE, size=40)
    pauses = with_pauses(house, MemoryQueues(of_kinds=[mail, notice, other]), mails=True)
    _, page = await shown(house)
    assert ">5</td>" in row(page, "mssante")
    place = "/desk/files/mail:mssante"
    assert f'href="{place}/pause"' in row(page, "mssante")
    status, _, _ = await done(house, f"{place}/pause", motif="relais en maintenance")
    assert (status, list(pauses.held)) == (303, ["mail:mssante"])
    _, page = await shown(house)
    assert 'data-state="paused"' in row(page, "mssante")
    status, _, _ = await done(house, f"{place}/reprise")
    assert (status, list(pauses.held)) == (303, [])
