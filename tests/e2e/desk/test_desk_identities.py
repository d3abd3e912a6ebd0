"""A whole demo: a held deposit is attached by two operators, and by nobody else."""

import re
from typing import Any

import pytest
from answers import Reply
from daemon_rig import Daemon, Make, Visitor
from desk_rig import Agent
from papers import Person, Report, number, report

SECRET = "Titre que personne au bureau ne lit"


@pytest.fixture
def demo(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def without_ins(what: Report, local: str) -> bytes:
    """Under a local identifier that nobody knows."""
    ins = f'<id root="{what.who.oid}" extension="{what.who.ins}"/>'
    number_of_house = f'<id root="1.2.250.1.999.31" extension="{local}"/>'
    return what.document().replace(ins.encode(), number_of_house.encode())


def hold(demo: Daemon, what: Report) -> str:
    reply = demo.post(without_ins(what, f"IPP{number()}"))
    assert (reply.status, reply.json["verdict"]) == (202, "hold"), reply.body
    return str(reply.json["receipt"])


def agents(demo: Daemon) -> tuple[Agent, Agent]:
    first, second = (Agent(demo).sign_in(line) for line in demo.demo["operators"])
    return first, second


def line_of(demo: Daemon) -> dict[str, Any]:
    return demo.lines(login=True)[0]


def candidate(page: Reply) -> str:
    found = re.search(r'data-kind="candidat" data-id="([0-9a-f]+)"', page.body.decode())
    assert found, page.body.decode()
    return found[1]


def propose(agent: Agent, receipt: str, **more: str) -> Reply:
    page = f"/desk/identites/{receipt}"
    codes = re.findall(r'name="constat" value="([^"]+)"', agent.get(page).body.decode())
    fields = {"acte": "qualify", "candidat": candidate(agent.get(page)), "motif": "carte vue"}
    many = [*(fields | more).items(), *(("constat", code) for code in codes)]
    return agent.fill_all(page, f"{page}/rattacher", many)


def proposal_of(agent: Agent) -> str:
    page = agent.get("/desk/a-valider").body.decode()
    found = re.search(r'data-kind="proposition" data-id="([0-9a-f]+)"', page)
    assert found, page
    return found[1]


def test_two_operators_attach_a_deposit_and_its_patient_reads_who(demo: Daemon) -> None:
    line = line_of(demo)
    who, what = Person.of(line), report(Person.of(line), title=SECRET)
    receipt = hold(demo, what)
    first, second = agents(demo)
    assert f"/desk/identites/{receipt}" in first.get("/desk/identites").body.decode()
    assert demo.filed(who, what.id) == []
    assert propose(first, receipt).status == 303
    demo.kill()
    demo.start()
    first, second = agents(demo)
    proposal = proposal_of(first)
    page = f"/desk/a-valider/{proposal}"
    own = first.fill(page, f"{page}/valider")
    assert (own.status, 'data-refusal="quatre-yeux"' in own.body.decode()) == (403, True)
    assert demo.filed(who, what.id) == []
    reply = second.fill(page, f"{page}/valider")
    assert (reply.status, reply.headers["location"]) == (303, "/desk/a-valider?fait=validee")
    assert len(demo.filed(who, what.id)) == 1
    again = second.fill("/desk/aide", f"{page}/valider")
    assert again.status == 409
    history = Visitor(demo).sign_in(line).get("/historique").body.decode()
    assert "3422, agent 101" in history
    assert "Camille" not in history


def test_no_page_of_the_desk_holds_content_title_label_or_trait(demo: Daemon) -> None:
    line = line_of(demo)
    who = Person.of(line)
    receipt = hold(demo, report(who, title=SECRET))
    first, _ = agents(demo)
    assert propose(first, receipt).status == 303
    pages = ["/desk/identites", f"/desk/identites/{receipt}", "/desk/a-valider"]
    pages.append(f"/desk/a-valider/{proposal_of(first)}")
    private = [SECRET, "Résultats de biologie", "BIOLOGIE", line["ins"], line["birth_family"]]
    private += [line["birth_date"], line["birth_date"].replace("-", "")]
    for path in pages:
        text = first.get(path).body.decode()
        assert [one for one in private if one.lower() in text.lower()] == [], path


def test_a_reason_is_asked_and_nothing_is_proposed_without(demo: Daemon) -> None:
    receipt = hold(demo, report(demo.person()))
    first, _ = agents(demo)
    reply = propose(first, receipt, motif="  ")
    assert (reply.status, 'aria-invalid="true"' in reply.body.decode()) == (422, True)
    assert propose(first, receipt, candidat="00" * 16).status == 422
    assert propose(first, receipt, candidat="not a key").status == 422
    assert propose(first, receipt, acte="rename").status == 422
    assert "Aucune proposition" in first.get("/desk/a-valider").body.decode()


def test_a_refused_deposit_is_gone_from_the_list_and_its_sender_may_send_again(
    demo: Daemon,
) -> None:
    what = report(demo.person())
    receipt = hold(demo, what)
    first, _ = agents(demo)
    page = f"/desk/identites/{receipt}"
    assert first.fill(page, f"{page}/refuser", motif_refus="").status == 422
    assert first.fill(page, f"{page}/refuser", motif_refus="erreur du service").status == 303
    assert demo.fate(receipt).json["verdict"] == "refuse"
    assert "Aucune identité en attente" in first.get("/desk/identites").body.decode()
    assert first.get(page).status == 404
    assert demo.post(what.document()).status == 201


def test_a_dropped_proposal_leaves_the_deposit_waiting(demo: Daemon) -> None:
    receipt = hold(demo, report(demo.person()))
    first, second = agents(demo)
    assert propose(first, receipt).status == 303
    page = f"/desk/a-valider/{proposal_of(second)}"
    assert second.fill(page, f"{page}/ecarter").status == 303
    assert second.get(page).status == 404
    assert demo.fate(receipt).json["verdict"] == "hold"


def test_an_auditor_and_a_patient_settle_nothing(demo: Daemon) -> None:
    receipt = hold(demo, report(demo.person()))
    auditor = Agent(demo).sign_in(demo.demo["auditors"][0])
    assert auditor.get("/desk/identites").status == 403
    assert auditor.fill("/desk/aide", f"/desk/identites/{receipt}/refuser").status == 403
    patient = Visitor(demo).sign_in(line_of(demo))
    assert patient.get(f"/desk/identites/{receipt}").headers["location"] == "/desk"
    assert demo.fate(receipt).json["verdict"] == "hold"


def test_a_held_mail_is_of_a_domain_and_of_nobody(demo: Daemon) -> None:
    """Words for two patients at once, which are a message of neither."""
    sender, boxes = demo.demo["mail_sender"], [one["ins"] for one in demo.lines()[:2]]
    mail = f"From: {sender}\r\nMessage-ID: <{number()}@demo.mssante.fr>\r\n\r\nBonjour\r\n"
    with demo.smtp() as client:
        assert client.sendmail(sender, [f"{one}@patient.mssante.fr" for one in boxes], mail) == {}
    agent, _ = agents(demo)
    page = agent.get("/desk/identites").body.decode()
    found = re.search(r'data-kind="depot" data-id="([0-9a-f]+)"', page)
    assert found, page
    for shown in (page, agent.get(f"/desk/identites/{found[1]}").body.decode()):
        assert f"boîtes @{sender.partition('@')[2]}" in shown
        assert sender not in shown
