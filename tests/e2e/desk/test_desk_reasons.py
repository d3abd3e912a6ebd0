"""A whole demo: what the desk says to who proposes badly, and a list longer than a page."""

import re
from html import unescape

import pytest
from answers import Reply
from daemon_rig import Daemon, Make
from desk_rig import Agent
from papers import Person, Report, number, report

LONG = "carte vue " * 60
TOO_LONG = "Le motif compte 599 caractères. Raccourcissez-le à 500 au plus."


@pytest.fixture
def demo(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def hold(demo: Daemon, what: Report, *changes: tuple[str, str]) -> str:
    """Under a local identifier that nobody knows."""
    ins = f'<id root="{what.who.oid}" extension="{what.who.ins}"/>'
    local = f'<id root="1.2.250.1.999.31" extension="IPP{number()}"/>'
    body = what.document().replace(ins.encode(), local.encode())
    for old, new in changes:
        assert old.encode() in body
        body = body.replace(old.encode(), new.encode())
    reply = demo.post(body)
    assert (reply.status, reply.json["verdict"]) == (202, "hold"), reply.body
    return str(reply.json["receipt"])


def agent(demo: Daemon) -> Agent:
    return Agent(demo).sign_in(demo.demo["operators"][0])


def text_of(reply: Reply) -> str:
    return unescape(reply.body.decode())


def candidate(agent: Agent, receipt: str) -> str:
    page = text_of(agent.get(f"/desk/identites/{receipt}"))
    found = re.findall(r'data-kind="candidat" data-id="([0-9a-f]+)"', page)
    assert found, page
    return str(found[0])


def test_too_long_a_reason_is_told_and_kept_and_never_cut(demo: Daemon) -> None:
    line = demo.lines(login=True)[0]
    receipt, one = hold(demo, report(Person.of(line))), agent(demo)
    page = f"/desk/identites/{receipt}"
    fields = {"acte": "qualify", "candidat": candidate(one, receipt), "motif": LONG}
    for reply in (
        one.fill(page, f"{page}/rattacher", **fields),
        one.fill(page, f"{page}/refuser", motif_refus=LONG),
    ):
        shown = text_of(reply)
        assert (reply.status, TOO_LONG in shown, LONG.strip() in shown) == (422, True, True)
    assert demo.fate(receipt).json["verdict"] == "hold"


def test_why_a_proposal_cannot_be_made_is_said_in_french_at_its_field(demo: Daemon) -> None:
    line = demo.lines(login=True)[0]
    who = Person.of(line)
    receipt, one = hold(demo, report(who), (who.given, "Autreprenom")), agent(demo)
    page = f"/desk/identites/{receipt}"
    fields = {"acte": "qualify", "candidat": candidate(one, receipt), "motif": "carte vue"}
    differs = text_of(one.fill(page, f"{page}/rattacher", **fields))
    assert "Ce dépôt et cette personne diffèrent : prénom." in differs
    assert 'id="malgre-error"' in differs
    look_at = text_of(one.fill(page, f"{page}/rattacher", **fields, malgre="oui"))
    nobody = text_of(one.fill(page, f"{page}/rattacher", **fields | {"candidat": "00" * 16}))
    assert "Cette personne n'est pas connue." in nobody
    for shown in (differs, look_at, nobody):
        assert 'lang="en"' not in shown
        assert "--" not in shown


def test_deposits_that_wait_stand_twenty_five_a_page(demo: Daemon) -> None:
    who, one = Person.of(demo.lines(login=True)[0]), agent(demo)
    held = {hold(demo, report(who)) for _ in range(26)}
    seen, place = [], "/desk/identites"
    while place:
        shown = text_of(one.get(place))
        rows = re.findall(r'data-kind="depot" data-id="([0-9a-f]+)"', shown)
        assert 0 < len(rows) <= 25
        seen += rows
        following = re.search(r'href="([^"]+)" rel="next"', shown)
        place = following[1] if following else ""
    assert held <= set(seen)
    assert len(seen) == len(set(seen))
    assert f"{len(seen)} dépôts attendent" in shown
