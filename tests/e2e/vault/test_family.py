"""A family in the running daemon: a parent, a caregiver, a secret, a birthday, a restart."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from answers import Reply
from daemon_rig import Daemon, Make, Visitor
from desk_rig import Agent
from papers import Person, report

pytestmark = pytest.mark.long

SECRET = "Consultation confidentielle"


@pytest.fixture
def demo(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def line(daemon: Daemon, given: str) -> dict[str, Any]:
    return next(one for one in daemon.demo["patients"] if one["birth_given"] == given)


def visitor(daemon: Daemon, given: str) -> Visitor:
    return Visitor(daemon).sign_in(line(daemon, given))


def text(reply: Reply) -> str:
    return reply.body.decode()


def profile(page: Reply, of: str) -> str:
    """The value that the button « Ouvrir le profil de … » sends."""
    before = text(page).partition(f"Ouvrir le profil de {of}<")[0]
    found: list[str] = re.findall(r'name="profil" value="([0-9a-f]+)"', before)
    return found[-1]


def seen_by_the_doctor(daemon: Daemon) -> list[str]:
    found = daemon.search(Person.of(line(daemon, "Léo")))
    return [one["content"][0]["attachment"]["title"] for one in found]


def test_claire_reads_leos_documents_but_not_what_he_said_in_confidence(demo: Daemon) -> None:
    assert seen_by_the_doctor(demo) == [SECRET]
    claire = visitor(demo, "Claire")
    assert "Mes questions pour le docteur Roux" in text(claire.get("/documents")), "her own"
    cards = claire.get("/profils")
    assert "votre enfant" in text(cards)
    assert "nouveauté" not in text(cards)
    claire.fill("/profils", "/profils", profil=profile(cards, "Léo"))
    shown = claire.get("/documents")
    assert "Vous consultez le profil de Léo" in text(shown)
    assert "Aucun document pour l'instant." in text(shown)
    for path in ("/", "/documents?q=consultation", "/historique?moi=oui", "/parametres/acces"):
        reply = claire.get(path)
        assert reply.status == 200, path
        assert SECRET not in text(reply), path


def test_a_document_for_leo_tells_claire_and_a_secret_one_does_not(demo: Daemon) -> None:
    person = Person.of(line(demo, "Léo"))
    assert demo.post(report(person).document()).status == 201
    agent = Agent(demo).sign_in()
    agent.wind("PT20M")
    letters = [json.loads(one.read_text()) for one in Path(demo.demo["outbox"]).glob("*.json")]
    told = [one["to"] for one in letters if one["template"] == "new_document"]
    told = [one for one in told if one != line(demo, "Rose")["email"]]  # the demo's own results
    assert told == [line(demo, "Claire")["email"]]


def test_marc_reads_roses_record_and_changes_nothing(demo: Daemon) -> None:
    marc = visitor(demo, "Marc")
    marc.fill("/profils", "/profils", profil=profile(marc.get("/profils"), "Rose"))
    assert marc.get("/documents").status == 200
    assert marc.get("/historique").status == 403


def test_a_restart_keeps_the_family_and_the_eighteenth_birthday_ends_it(demo: Daemon) -> None:
    claire = visitor(demo, "Claire")
    claire.fill("/profils", "/profils", profil=profile(claire.get("/profils"), "Jade"))
    assert demo.stop() == 0
    demo.start()
    shown = claire.get("/documents")
    assert "Vous consultez le profil de Jade" in text(shown)
    assert seen_by_the_doctor(demo) == [SECRET]
    Agent(demo).sign_in().wind("P11D")
    cards = visitor(demo, "Claire").get("/profils")
    assert "Ouvrir le profil de Léo" in text(cards)
    assert "Jade" not in text(cards)


def told_of_majority(daemon: Daemon) -> list[tuple[str, str, str]]:
    """Template, channel and address, one line a message."""
    letters = [json.loads(one.read_text()) for one in Path(daemon.demo["outbox"]).glob("*.json")]
    lines = [(one["template"], one["channel"], one["to"]) for one in letters]
    return sorted(line for line in lines if line[0].startswith("majority"))


def test_jade_and_her_mother_are_told_and_jade_is_invited_once(demo: Daemon) -> None:
    before = [
        ("majority-soon", "email", line(demo, "Claire")["email"]),
        ("majority-soon", "letter", "Jade DURAND"),
    ]
    Agent(demo).sign_in().wind("P1D")
    assert told_of_majority(demo) == before
    assert demo.stop() == 0
    demo.start()
    Agent(demo).sign_in().wind("P10D")
    invited = [("majority", "letter", "Jade DURAND"), *before]
    assert told_of_majority(demo) == invited
    assert demo.stop() == 0
    demo.start()
    Agent(demo).sign_in().wind("P2D")
    assert told_of_majority(demo) == invited
