"""A whole demo: two people at the desk act on one thing at once, or on what is settled already."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from answers import Reply
from daemon_rig import Daemon, Make, Visitor
from desk_rig import Agent
from papers import Person, Report, number, report

VALIDATED, DROPPED = "valider", "ecarter"


@pytest.fixture
def demo(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def hold(demo: Daemon, what: Report) -> str:
    """Under a local identifier that nobody knows."""
    ins = f'<id root="{what.who.oid}" extension="{what.who.ins}"/>'
    local = f'<id root="1.2.250.1.999.31" extension="IPP{number()}"/>'
    reply = demo.post(what.document().replace(ins.encode(), local.encode()))
    assert (reply.status, reply.json["verdict"]) == (202, "hold"), reply.body
    return str(reply.json["receipt"])


def agents(demo: Daemon) -> tuple[Agent, Agent]:
    first, second = (Agent(demo).sign_in(line) for line in demo.demo["operators"])
    return first, second


def propose(agent: Agent, receipt: str, reason: str = "carte vue") -> Reply:
    page = f"/desk/identites/{receipt}"
    text = agent.get(page).body.decode()
    whom = re.findall(r'data-kind="candidat" data-id="([0-9a-f]+)"', text)[0]
    codes = re.findall(r'name="constat" value="([^"]+)"', text)
    fields = [("acte", "qualify"), ("candidat", whom), ("motif", reason)]
    return agent.fill_all(page, f"{page}/rattacher", [*fields, *(("constat", c) for c in codes)])


def proposals(agent: Agent) -> list[str]:
    page = agent.get("/desk/a-valider").body.decode()
    return re.findall(r'data-kind="proposition" data-id="([0-9a-f]+)"', page)


def settle(agent: Agent, proposal: str, act: str) -> Reply:
    return agent.fill("/desk/aide", f"/desk/a-valider/{proposal}/{act}")


def test_of_those_who_settle_one_proposal_at_once_one_does_it(demo: Daemon) -> None:
    line = demo.lines(login=True)[0]
    receipt = hold(demo, report(Person.of(line)))
    first, second = agents(demo)
    assert propose(first, receipt).status == 303
    (proposal,) = proposals(second)
    acts = [VALIDATED, DROPPED, VALIDATED, VALIDATED]
    with ThreadPoolExecutor(len(acts)) as pool:
        replies = list(pool.map(lambda act: settle(second, proposal, act), acts))
    assert sorted(reply.status for reply in replies) == [303, 409, 409, 409]
    done = next(act for act, reply in zip(acts, replies, strict=True) if reply.status == 303)
    attached = demo.fate(receipt).json["verdict"] == "accept"
    assert attached is (done == VALIDATED)
    history = Visitor(demo).sign_in(line).get("/historique").body.decode()
    assert history.count("a rattaché ou corrigé votre identité") == int(attached)
    assert history.count("a écarté une proposition") == int(not attached)


def test_one_deposit_is_attached_once_however_often_it_was_proposed(demo: Daemon) -> None:
    """A form sent twice is one proposal; of two that differ, carried out at once, one holds."""
    receipt = hold(demo, report(demo.person()))
    first, second = agents(demo)
    assert [propose(first, receipt).status for _ in range(2)] == [303, 303]
    assert len(proposals(second)) == 1
    assert propose(first, receipt, "carte vue une deuxième fois").status == 303
    both = proposals(second)
    with ThreadPoolExecutor(2) as pool:
        replies = list(pool.map(lambda one: settle(second, one, VALIDATED), both))
    assert (len(both), sorted(reply.status for reply in replies)) == (2, [303, 409])
    assert proposals(second) == []


def test_what_is_settled_otherwise_leaves_no_proposal_and_only_stale_forms(demo: Daemon) -> None:
    receipt = hold(demo, report(demo.person()))
    first, second = agents(demo)
    assert propose(first, receipt).status == 303
    (proposal,) = proposals(second)
    page, any_page = f"/desk/identites/{receipt}", "/desk/aide"
    assert second.fill(page, f"{page}/refuser", motif_refus="erreur du service").status == 303
    assert proposals(second) == []
    assert second.get(f"/desk/a-valider/{proposal}").status == 404
    late = [
        settle(second, proposal, VALIDATED),
        settle(second, proposal, DROPPED),
        first.fill(any_page, f"{page}/refuser", motif_refus="erreur"),
        first.fill(any_page, f"{page}/rattacher", acte="qualify", candidat="00" * 16, motif="x"),
        first.fill(any_page, f"{page}/rattacher", acte="qualify", candidat="", motif=""),
    ]
    assert [reply.status for reply in late] == [409] * 5
    assert all('data-refusal="plus-en-attente"' in reply.body.decode() for reply in late)


def test_who_validates_sees_of_whom_it_is_and_who_drops_is_in_that_history(demo: Daemon) -> None:
    """By agreement alone: no name, no date and no number."""
    line = demo.lines(login=True)[0]
    receipt = hold(demo, report(Person.of(line)))
    first, second = agents(demo)
    held = first.get(f"/desk/identites/{receipt}").body.decode()
    (whom, *_) = re.findall(r'data-kind="candidat" data-id="([0-9a-f]+)"', held)
    assert propose(first, receipt).status == 303
    (proposal,) = proposals(second)
    text = second.get(f"/desk/a-valider/{proposal}").body.decode()
    assert f'data-kind="candidat" data-id="{whom}"' in text
    assert "concorde" in text
    assert "ins-missing" in text
    assert [one for one in (line["ins"], line["birth_family"]) if one in text] == []
    assert settle(second, proposal, DROPPED).status == 303
    history = Visitor(demo).sign_in(line).get("/historique").body.decode()
    assert "3422, agent 102" in history
    assert "a écarté une proposition de rattacher un dépôt" in history
