"""A whole demo: bytes of a refused message, asked for by one operator, opened by another one."""

import html
import re

import pytest
from daemon_rig import Daemon, Make, Visitor
from desk_rig import Agent
from papers import Person, report

ACTIVE = b"<script>alert(1)</script>"
REASON = "le prologue de ce message est faux"


@pytest.fixture
def demo(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def page(agent: Agent, path: str, status: int = 200) -> str:
    reply = agent.get(path)
    assert reply.status == status, (path, reply.body[:2_000])
    return reply.body.decode()


def refused(demo: Daemon, who: Person) -> str:
    """A document cut short, with something in it that would act if it stood on a page."""
    reply = demo.post(report(who).document()[:-40].replace(b"<title>", b"<title>" + ACTIVE))
    assert reply.json["verdict"] == "refuse", reply.body
    return str(reply.json["receipt"])


def text_of(shown: str) -> str:
    found = re.findall(r"</code></td><td><code>(.*?)</code></td></tr>", shown)
    return html.unescape(re.sub(r"<[^>]*>", "", "".join(found)))


def test_bytes_are_asked_for_agreed_to_by_another_operator_and_read_by_who_asked(
    demo: Daemon,
) -> None:
    line = demo.lines(login=True)[0]
    receipt = refused(demo, Person.of(line))
    first, second = (Agent(demo).sign_in(one) for one in demo.demo["operators"])
    place = f"/desk/messages/{receipt}/octets"
    assert f'href="{place}"' in page(first, f"/desk/messages/{receipt}")
    assert first.fill(place, place, motif=" ").status == 422
    assert first.fill(place, place, motif=REASON).status == 303
    assert "attend une deuxième personne" in page(first, place)
    (one,) = re.findall(r'data-kind="ouverture" data-id="(\w+)"', page(second, "/desk/a-valider"))
    there = f"/desk/a-valider/octets/{one}"
    assert REASON in html.unescape(page(second, there))
    own = first.fill(there, f"{there}/accepter")
    assert (own.status, b'data-refusal="quatre-yeux"' in own.body) == (403, True)
    assert second.fill(there, f"{there}/accepter").status == 303
    assert second.fill("/desk/a-valider", f"{there}/accepter").status == 409
    shown = page(first, place)
    assert ACTIVE.decode() not in shown
    (pages,) = re.findall(r"Page 1 sur (\d+)", shown)
    every = [page(first, f"{place}?page={number}") for number in range(1, 1 + int(pages))]
    assert ACTIVE.decode() in "".join(map(text_of, every))
    assert 'data-kind="octets"' not in page(second, place)
    history = html.unescape(Visitor(demo).sign_in(line).get("/historique").body.decode())
    assert "a lu les octets d'un message refusé" in history
    assert "Deux agents du support ont ouvert un message refusé" in history
    assert first.wind("PT1H").status == 303
    assert 'data-kind="octets"' not in page(first, place)


def test_bytes_that_stay_shut_say_why_and_nobody_else_asks_for_any(demo: Daemon) -> None:
    who = Person.of(demo.lines(login=True)[0])
    filed = str(demo.post(report(who).document()).json["receipt"])
    agent = Agent(demo).sign_in()
    message = page(agent, f"/desk/messages/{filed}")
    assert "/octets" not in message
    assert "Les octets ne s'ouvrent que pour un message refusé" in html.unescape(message)
    place = f"/desk/messages/{filed}/octets"
    assert 'data-refusal="octets-fermes"' in page(agent, place, 403)
    asked = agent.fill("/desk/aide", place, motif="x")
    assert (asked.status, b'data-refusal="octets-fermes"' in asked.body) == (403, True)
    auditor = Agent(demo).sign_in(demo.demo["auditors"][0])
    for path in (place, f"/desk/a-valider/octets/{'0' * 32}"):
        assert 'data-refusal="role"' in page(auditor, path, 403)
    assert page(agent, f"/desk/messages/{'0' * 32}/octets", 404)
    assert page(agent, f"/desk/a-valider/octets/{'0' * 32}", 404)
