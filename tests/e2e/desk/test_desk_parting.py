"""A whole demo: what two operators say of a deposit that keeps a closed space from being erased."""

import re
from dataclasses import replace

import pytest
from daemon_rig import Daemon, Make
from desk_rig import Agent
from papers import Person, report

APART, ENDS = "apart", "ends"


@pytest.fixture
def demo(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def held(demo: Daemon) -> str:
    """A deposit that contradicts the identity of somebody whose space is closed."""
    (line,) = demo.lines(account="closed")[:1]
    who = Person.of(line)
    reply = demo.post(report(replace(who, family="Autrement")).document())
    assert (reply.status, reply.json["verdict"]) == (202, "hold"), reply.body
    return str(reply.json["receipt"])


def agents(demo: Daemon) -> tuple[Agent, Agent]:
    first, second = (Agent(demo).sign_in(line) for line in demo.demo["operators"])
    return first, second


def said(demo: Daemon, receipt: str, act: str) -> str:
    """The first says it, the second agrees; the word of the address that it ends at."""
    first, second = agents(demo)
    page = f"/desk/identites/{receipt}"
    shown = first.get(page).body.decode()
    assert "Ce dépôt nomme une personne dont l" in shown
    assert first.fill(page, f"{page}/rattacher", acte=act, motif_fin="").status == 422
    proposed = first.fill(page, f"{page}/rattacher", acte=act, motif_fin="appel au service")
    assert proposed.status == 303, proposed.body
    waiting = second.get("/desk/a-valider").body.decode()
    (proposal,) = re.findall(r'data-kind="proposition" data-id="([0-9a-f]+)"', waiting)
    place = f"/desk/a-valider/{proposal}"
    assert first.fill("/desk/aide", f"{place}/valider").status == 403
    agreed = second.fill(place, f"{place}/valider")
    assert agreed.status == 303, agreed.body
    return agreed.headers["location"]


def test_a_deposit_that_is_not_theirs_waits_on(demo: Daemon) -> None:
    receipt = held(demo)
    assert said(demo, receipt, APART).endswith("fait=encore")
    assert demo.fate(receipt).json["verdict"] == "hold"


def test_a_deposit_that_is_theirs_ends_as_the_space_does(demo: Daemon) -> None:
    receipt = held(demo)
    place = said(demo, receipt, ENDS)
    told = agents(demo)[0].get(place).body.decode()
    assert "Le dépôt est refusé." in told
    assert "reste en attente" not in told
    fate = demo.fate(receipt).json
    assert fate["verdict"] == "refuse"
    assert fate["findings"][-1]["code"] == "vault-closed"
