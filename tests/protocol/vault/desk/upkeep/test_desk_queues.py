"""« Files » : what waits."""

import html
import re
from datetime import timedelta

import pytest
from vault_house import House, hire, sign_in_operator, visiting
from vault_twins import NOW
from work_twins import MemoryQueues, with_queues

from gateway.records.readers.operator import OperatorRole
from gateway.records.task import Queue, TaskKind
from gateway.vault.desk.words import age

LANE = Queue(
    kind=TaskKind.FORWARD,
    lane="forward:lis",
    size=12,
    oldest=NOW - timedelta(minutes=4),
    next_due=NOW + timedelta(minutes=1),
    taken=1,
    tries=2,
)
KIND = Queue(
    kind=TaskKind.MAIL,
    lane=None,
    size=3,
    oldest=NOW - timedelta(hours=2, minutes=5),
    next_due=NOW - timedelta(seconds=30),
    taken=0,
    tries=0,
)


async def shown(house: House, path: str) -> str:
    hire(house, OperatorRole.TECHNIQUE)
    async with visiting(house) as client:
        await sign_in_operator(client)
        answer = await client.get(path)
        assert answer.status == 200
        text = html.unescape(await answer.text()).replace("\u00a0", " ")
        return " ".join(re.sub(r"<[^>]+>", " ", text.partition("<main")[2]).split())


async def test_empty_queues_are_one_sentence() -> None:
    house = House()
    with_queues(house, MemoryQueues(), writer=0, helpers=0)
    assert "Toutes les files sont vides." in await shown(house, "/desk/files")


async def test_a_destination_says_how_much_waits_how_long_and_who_has_it() -> None:
    house = House()
    with_queues(house, MemoryQueues([LANE], [KIND]), writer=5)
    text = await shown(house, "/desk/files")
    assert "Toutes les files sont vides." not in text
    assert "lis message réexpédié 12 4 min ( 12 mars 2026 à 14 h 01 )" in text
    assert "12 mars 2026 à 14 h 06 ● prise 2" in text
    assert "courrier MSSanté 3 2 h 05" in text
    assert "échue depuis 30 s ◐ aucune 0" in text
    assert "dépôts qui attendent le disque 5" in text


async def test_a_lane_that_is_named_for_a_mailbox_shows_its_domain_alone() -> None:
    house = House()
    odd = Queue(
        kind=TaskKind.BUSINESS_ACK,
        lane="answers:dr.martin@labo.mssante.fr",
        size=1,
        oldest=NOW,
        next_due=NOW,
        taken=0,
        tries=0,
    )
    with_queues(house, MemoryQueues([odd]))
    text = await shown(house, "/desk/files")
    assert "labo.mssante.fr" in text
    assert "martin" not in text


async def test_a_count_that_was_cut_is_said_to_be() -> None:
    house = House()
    with_queues(house, MemoryQueues([], [KIND], cut=True))
    assert "Plus de tâches attendent" in await shown(house, "/desk/files")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (7_500, "2 h 05"),
        (86_400, "1 jour"),
        (260_000, "3 jours"),
    ],
)
def test_an_age_is_said_in_the_unit_that_matters(seconds: int, said: str) -> None:
    assert age(timedelta(seconds=seconds)).replace("\u00a0", " ") == said
