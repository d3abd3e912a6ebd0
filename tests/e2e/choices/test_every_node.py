"""A choice changed at one node binds the very next request at the other: two daemons that share
nothing but one PostgreSQL and the keys."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from configured import Operator
from daemon_rig import Make
from papers import Person
from real_store import opened
from two_nodes import DOCTOR, SECRETS, Node

from gateway.clock import SystemClock
from gateway.records.patients.account import Session, SignedIn
from gateway.store import Store

CONFIG = """
[http]
listen = "127.0.0.1:0"
[mllp]
listen = "127.0.0.1:0"
sender = "laboratory"
[metrics]
listen = "127.0.0.1:0"
"""
Step = tuple[Callable[[Node], None], bool]
STEPS: tuple[Step, ...] = (
    (Node.agree, True),
    (Node.take_back, False),
    (Node.agree_with_team, True),
    (Node.block, False),
    (Node.unblock, False),
    (Node.agree, True),
    (Node.mask, False),
    (Node.treat, True),
    (Node.treat_no_more, False),
    (Node.unmask, True),
    (Node.hide, False),
    (Node.hide_no_more, True),
    (Node.take_back, False),
)
"""What the patient does, and whether Dr Weber then sees the document."""
pytestmark = [pytest.mark.postgresql, pytest.mark.long]


@dataclass(frozen=True)
class Place:
    operator: Operator
    nodes: tuple[Node, Node]


@pytest.fixture
def place(make_gateway: Make, tmp_path: Path, postgresql_url: str) -> Place:
    operator = Operator(tmp_path / "house")
    operator.prepare(f'{CONFIG}[store]\nurl = "{postgresql_url}"\n')
    token = operator.sender("laboratory")
    record = asyncio.run(people_in(operator.config, operator.person))
    daemons = [make_gateway(), make_gateway()]
    for one in daemons:
        one.words = ["--config", str(operator.config)]
        one.start()
    first, second = (
        Node(daemon=one, who=operator.person, token=token, record=record) for one in daemons
    )
    return Place(operator, (first, second))


async def people_in(config: Path, who: Person) -> str:
    """Dr Weber in the directory, and both signed in; the name of the patient's record."""
    async with opened(config) as store:
        key = store.keys.patient_key(who.oid, who.ins)
        await store.people.add_professional(DOCTOR)
        await sign_in(store, SignedIn.PATIENT, key.hex())
        await sign_in(store, SignedIn.PROFESSIONAL, DOCTOR.id)
        return key.hex()


async def sign_in(store: Store, who: SignedIn, subject: str) -> None:
    now = SystemClock().now()
    session = Session(
        id_hash=hashlib.sha256(SECRETS[who].encode()).digest(),
        who=who,
        subject=subject,
        proved=True,
        csrf="",
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(hours=1),
        situations=(DOCTOR,) if who is SignedIn.PROFESSIONAL else (),
    )
    await store.sessions.open(session)


def together(place: Place) -> tuple[Node, Node]:
    """Both looking at one new document."""
    here, there = place.nodes
    document = here.file()
    return here.at(document), there.at(document)


def test_what_is_chosen_at_one_node_is_obeyed_at_the_other_at_once(place: Place) -> None:
    here, there = together(place)
    assert not there.sees, "nobody agreed to him yet"
    for change, seen in STEPS * 2:
        change(here)
        assert there.sees is seen, change.__name__
        assert here.sees is seen, change.__name__
        here, there = there, here


def test_the_emergency_door_obeys_the_switch_of_the_other_node(place: Place) -> None:
    here, there = place.nodes
    for _ in range(2):
        here.shut_emergency()
        there.knocks(opens=False)
        here.open_emergency()
        there.knocks(opens=True)
        here, there = there, here


def test_new_documents_enter_as_the_other_node_was_told(place: Place) -> None:
    here, there = place.nodes
    here.agree()
    for _ in range(2):
        here.mask_new()
        assert not here.at(there.file()).sees
        here.show_new()
        assert here.at(there.file()).sees
        here, there = there, here


def test_a_node_that_was_away_comes_back_to_what_was_chosen_meanwhile(place: Place) -> None:
    here, there = together(place)
    here.agree()
    assert there.sees
    there.daemon.kill()
    here.block()
    there.daemon.start()
    assert not there.sees
