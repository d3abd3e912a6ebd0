"""A whole demo whose one clock is moved: what falls due is done before the answer."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from answers import Reply
from daemon_rig import Daemon, Make, Visitor
from desk_rig import Agent
from papers import report

SENT = "new_document"


@pytest.fixture
def demo(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def letters(daemon: Daemon) -> list[dict[str, Any]]:
    return [json.loads(one.read_text()) for one in Path(daemon.demo["outbox"]).glob("*.json")]


def day_of(reply: Reply) -> str:
    found = re.search(r'<time datetime="([0-9-]{10})', reply.body.decode())
    assert found
    return found[1]


def test_sessions_and_the_hour_of_the_pages_follow_the_clock(demo: Daemon) -> None:
    who = Visitor(demo).sign_in(demo.lines(login=True)[0])
    agent = Agent(demo).sign_in()
    before = day_of(agent.get("/desk/horloge"))
    assert agent.wind("P1D").status == 303
    after = day_of(agent.get("/desk/horloge"))
    assert after > before
    assert who.get("/documents").headers["location"] == "/connexion?fin=session"
    assert demo.mllp(b"MSH|^~\\&|A|B|C|D|20200101||ADT^A01|1|D|2.5\r").raw


def test_a_second_start_does_not_go_back(demo: Daemon) -> None:
    agent = Agent(demo).sign_in()
    agent.wind("P2M")
    then = day_of(agent.get("/desk/horloge"))
    people = [one["ins"] for one in demo.demo["patients"]]
    assert demo.stop() == 0
    demo.start()
    assert day_of(Agent(demo).sign_in().get("/desk/horloge")) == then
    assert [one["ins"] for one in demo.demo["patients"]] == people


def test_what_was_filed_under_the_moved_clock_bears_its_date(demo: Daemon) -> None:
    agent = Agent(demo).sign_in()
    agent.wind("P40D")
    then = day_of(agent.get("/desk/horloge"))
    what = report(demo.person())
    assert demo.post(what.document()).status == 201
    (row,) = demo.filed(demo.person(), what.id)
    assert row["meta"]["lastUpdated"][:10] >= then


def test_what_fell_due_has_left_before_the_answer(demo: Daemon) -> None:
    assert demo.post(report(demo.person()).document()).status == 201
    Agent(demo).sign_in().wind("PT15M")
    mine = [one for one in letters(demo) if one["to"] == demo.lines()[0]["email"]]
    assert any(one["template"] == SENT for one in mine), letters(demo)


def test_a_bad_duration_and_a_stranger_move_nothing(demo: Daemon) -> None:
    agent = Agent(demo).sign_in()
    before = day_of(agent.get("/desk/horloge"))
    assert agent.wind("-P1D").status == 422
    assert agent.wind("P300Y").status == 422
    assert demo.http("POST", "/desk/clock", b"advance=P9D").status == 303
    assert day_of(agent.get("/desk/horloge")) == before
