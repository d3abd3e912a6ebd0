"""« Files » and « Santé » : what waits, and whether the house is well."""

import html
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from vault_house import House, hire, sign_in_operator, visiting
from vault_twins import NOW
from work_twins import MemoryQueues, with_queues

from gateway.flows.desk.health import HealthDesk
from gateway.records.health import Check, Checked, Disk, Versions
from gateway.records.log import Grown, Sealed
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
VERSIONS = Versions(gateway="0.1.0", engine="sqlite", schema="0024", newest="0024")


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


@dataclass
class Seen:
    """The ports `Watch` and `Upkeep`."""

    reasons: dict[Check, str] = field(default_factory=dict)
    room: Disk | None = None
    known: Versions = VERSIONS

    async def checks(self) -> tuple[Checked, ...]:
        since = NOW - timedelta(minutes=4)
        return tuple(
            Checked(check=one, reason=self.reasons.get(one, ""), since=since) for one in Check
        )

    def disk(self) -> Disk | None:
        return self.room

    async def versions(self) -> Versions:
        return self.known


@dataclass
class OneHead:
    """As much of the port `LogBook` as the page asks."""

    head: Sealed | None = None

    async def latest(self) -> Sealed | None:
        return self.head

    async def covering(self, number: int) -> Sealed | None:
        raise AssertionError

    async def grown(self, since: Sealed | None) -> Grown:
        raise AssertionError

    async def keep(self, sealed: Sealed, nodes: object) -> None:
        raise AssertionError

    async def root_of(self, size: int, *, nodes: object = ()) -> bytes:
        raise AssertionError

    async def consistency(self, first: int, size: int, *, nodes: object = ()) -> list[bytes]:
        raise AssertionError

    async def inclusion(self, numbers: object, size: int) -> list[list[bytes]]:
        raise AssertionError


def with_health(seen: Seen, head: Sealed | None = None) -> House:
    house = House()
    desk = HealthDesk(watch=seen, upkeep=seen, book=OneHead(head), clock=house.clock)
    house.furnish_desk = lambda rooms: replace(rooms, health=desk)
    return house


async def test_a_house_that_is_well_says_so_in_words_and_shapes() -> None:
    head = Sealed(size=42, root=b"\x01" * 32, at=NOW - timedelta(minutes=1), note="", peaks=())
    seen = Seen(room=Disk(free=5_000_000_000, reserve=256_000_000))
    text = await shown(with_health(seen, head), "/desk/sante")
    assert "● La passerelle prend les dépôts." in text
    assert "Base de données ● bon 4 min ( 12 mars 2026 à 14 h 01 )" in text
    assert "✕" not in text
    assert "Place libre 5,0 Go Réserve 256,0 Mo" in text
    assert "il y a 1 min ( 12 mars 2026 à 14 h 04 ), 42 lignes" in text
    assert "0.1.0 Schéma 0024 , SQLite" in text


@pytest.mark.parametrize("check", Check)
async def test_what_is_wrong_is_named_and_only_the_log_stops_no_deposit(check: Check) -> None:
    text = await shown(with_health(Seen({check: "no"})), "/desk/sante")
    assert text.count("✕ en défaut") == 1
    assert ("La passerelle prend les dépôts." in text) == (check is Check.LOG)


async def test_what_is_not_known_is_said_to_be_unknown() -> None:
    behind = Versions(gateway="0.1.0", engine="postgresql", schema="0023", newest="0024")
    text = await shown(with_health(Seen(known=behind)), "/desk/sante")
    assert "Place libre inconnue" in text
    assert "aucune : le journal n'est pas encore signé" in text
    assert "Dernière sauvegarde inconnue" in text
    assert "▲ cette version attend 0024" in text
