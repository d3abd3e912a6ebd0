"""A whole demo: what waits and what failed at the desk, tried again or abandoned by an operator."""

import re
from html import unescape
from pathlib import Path

import pytest
from asking import NOBODY, REFUSED, asking
from configured import order
from daemon_rig import Daemon, Make, eventually
from desk_rig import Agent
from listening_peer import ListeningPeer, ack
from papers import Person, mdm, number, report

LETTERS, QUEUES, HEALTH = "/desk/echecs", "/desk/files", "/desk/sante"
SENDERS = "/desk/emetteurs"
SENDER = "demo"


@pytest.fixture
def demo(make_gateway: Make, peer: ListeningPeer) -> Daemon:
    """A demo whose sender hears its business answers at this peer."""
    started = make_gateway().start()
    place = str(Path(started.demo["outbox"]).parent)
    done = order("sender", "answers", SENDER, f"mllp://{peer.place}", "--data", place)
    assert done.returncode == 0, done.stderr
    return started


def text_of(agent: Agent, path: str) -> str:
    reply = agent.get(path)
    assert reply.status == 200, reply.body[:500]
    return unescape(reply.body.decode())


def failed(agent: Agent) -> list[str]:
    return re.findall(r'data-kind="courrier" data-id="(\d+)"', text_of(agent, LETTERS))


def ask(demo: Daemon, who: Person | None = None, **orders: str) -> None:
    who = who or demo.person()
    box = f"{who.ins}@patient.mssante.fr"
    raw = asking(mdm(report(who), f"DESK{number()}"), mail_to=box, **orders)
    assert demo.mllp(raw).code == "AA"


def operator(demo: Daemon) -> Agent:
    return Agent(demo).sign_in(demo.demo["operators"][0])


def test_a_refused_answer_is_tried_again_by_an_operator_once(
    demo: Daemon, peer: ListeningPeer
) -> None:
    agent = operator(demo)
    assert "Aucun courrier en échec." in text_of(agent, LETTERS)
    peer.answer = lambda message: ack(message, *REFUSED)
    ask(demo)
    (letter,) = eventually(lambda: failed(agent))
    page = text_of(agent, LETTERS)
    assert SENDER in page
    assert "<code>AE</code> <code>101</code>" in page
    assert demo.leaks(page) == set()
    peer.answer = ack
    act = f"{LETTERS}/{letter}/relancer"
    reply = agent.fill(act, act)
    assert (reply.status, reply.headers["location"]) == (303, f"{LETTERS}?fait=relance")
    eventually(lambda: len(peer.messages) == 2)
    assert peer.messages[0] == peer.messages[1]
    assert agent.fill("/desk/aide", act).status == 409
    assert failed(agent) == []
    drained = f'data-kind="destination" data-id="{SENDER}" data-state="empty"'
    eventually(lambda: drained in text_of(agent, QUEUES))


def test_an_abandoned_letter_is_gone_and_an_auditor_reads_who_and_why(
    demo: Daemon, peer: ListeningPeer
) -> None:
    agent = operator(demo)
    peer.answer = lambda message: ack(message, *REFUSED)
    ask(demo)
    (letter,) = eventually(lambda: failed(agent))
    act = f"{LETTERS}/{letter}/abandonner"
    assert agent.fill(act, act, motif=" ").status == 422
    assert failed(agent) == [letter]
    assert agent.fill(act, act, motif="logiciel arrêté").status == 303
    assert failed(agent) == []
    auditor = Agent(demo).sign_in(demo.demo["auditors"][0])
    row = text_of(auditor, "/desk/journal?acte=letter-abandoned")
    assert "a abandonné un courrier en échec" in row
    (line,) = re.findall(r'href="(/desk/journal/\d+)"', row)
    assert "logiciel arrêté" in text_of(auditor, line)
    assert auditor.get(LETTERS).status == 403


def test_a_destination_that_is_silent_is_seen_in_its_queue(
    demo: Daemon, peer: ListeningPeer
) -> None:
    agent = operator(demo)
    peer.stop()
    ask(demo)
    ask(demo)
    page = eventually(lambda: "Nouveaux essais prévus" in (t := text_of(agent, LETTERS)) and t)
    assert "Le destinataire n'est pas joignable." in page
    queue = text_of(agent, QUEUES)
    assert f'data-kind="destination" data-id="{SENDER}"' in queue
    assert 'data-label="En attente" class="number">2<' in queue


def test_of_a_patients_box_the_desk_says_nothing_but_the_rule(demo: Daemon) -> None:
    agent = operator(demo)
    minor = next(one for one in demo.demo["patients"] if one["birth_given"] == "Léo")
    hidden = {"DESTMSSANTEPAT": "Y", "INVISIBLE_REP_LEGAUX": "Y", "ACK_RECEPTION": "N"}
    ask(demo, Person.of(minor), **hidden)
    eventually(lambda: failed(agent))
    page = text_of(agent, LETTERS)
    assert "boîte de patient" in page
    assert "patient.mssante.fr" not in page
    assert demo.leaks(page) == set()


def test_the_health_of_the_demo_is_what_its_door_says(demo: Daemon) -> None:
    agent = operator(demo)
    assert demo.http("GET", "/health/ready").status == 200
    page = text_of(agent, HEALTH)
    assert "La passerelle prend les dépôts." in page
    assert page.count('data-kind="controle"') == 6
    assert page.count('data-state="ok"') == 6
    assert re.search(r"Dernière tête signée</dt><dd>il y a ", page)


def test_backups_and_a_verified_log_are_known_to_the_health_of_the_demo(
    demo: Daemon, tmp_path: Path
) -> None:
    agent = operator(demo)
    page = text_of(agent, HEALTH)
    assert "Dernière sauvegarde</dt><dd>aucune n'est notée" in page
    place = str(Path(demo.demo["outbox"]).parent)
    for words in (("backup",), ("restore", "--try")):
        done = order(words[0], str(tmp_path / "copy"), *words[1:], "--data", place)
        assert done.returncode == 0, done.stderr
    page = text_of(agent, HEALTH)
    assert "Dernière sauvegarde</dt><dd>il y a " in page
    assert re.search(r"essai de restauration</dt><dd><span class=.mark ok.>.*?bon</span>", page)
    assert agent.fill(HEALTH, f"{HEALTH}/verifier").status == 303
    verified = r"Dernière vérification</dt><dd><span class=.mark ok.>.*?aucun défaut</span>"
    eventually(lambda: re.search(verified, text_of(agent, HEALTH)))


def test_a_sender_has_a_card_with_its_findings_and_no_patients_trait(demo: Daemon) -> None:
    agent = operator(demo)
    ask(demo)
    refused = demo.mllp(asking(mdm(report(NOBODY), f"DESK{number()}")))
    assert refused.code == "AE"
    page = text_of(agent, f"{SENDERS}?jours=30")
    card = page.partition(f'data-id="{SENDER}"')[2].partition("</li>")[0]
    assert "5, dont 80,0 % acceptés" in card, "three of them are the demo's own results"
    assert "1 refusé" in card
    assert f"<code>{refused.receipt}</code>" in card
    assert demo.leaks(page) == set()
