"""CHO-08, « Par défaut, je rends visibles mes nouveaux documents », in the running daemon."""

import json
from pathlib import Path
from typing import Any

import pytest
from choices_rig import PHYSICIAN, TREATING, id_of, shown
from daemon_rig import Daemon, Make, Visitor
from desk_rig import Agent
from papers import Person, report

ACCESS = "/parametres/acces"


@pytest.fixture
def demo(make_gateway: Make) -> Daemon:
    """Where Claire agreed to Dr Weber too."""
    daemon = make_gateway().start()
    weber = id_of(daemon, PHYSICIAN)
    claire(daemon).fill(ACCESS, f"{ACCESS}/accord", pour="professionnel", id=weber)
    return daemon


def claire(demo: Daemon) -> Visitor:
    return Visitor(demo).sign_in(demo.lines(login=True)[0])


def file(demo: Daemon, **more: Any) -> str:
    """The id of a new document for Claire."""
    what = report(Person.of(demo.lines(login=True)[0]), **more)
    assert demo.post(what.document()).status == 201
    return what.id


def told(demo: Daemon) -> int:
    letters = [json.loads(one.read_text()) for one in Path(demo.demo["outbox"]).glob("*.json")]
    mine = [one for one in letters if one["to"] == demo.lines(login=True)[0]["email"]]
    return sum(one["template"] == "new_document" for one in mine)


def test_what_arrives_masked_is_seen_by_its_author_and_the_treating_doctor(demo: Daemon) -> None:
    before = file(demo)
    claire(demo).fill(ACCESS, f"{ACCESS}/nouveaux")
    masked, own = file(demo), file(demo, author=id_of(demo, PHYSICIAN))
    assert shown(demo, TREATING) >= {before, masked, own}
    seen = shown(demo, PHYSICIAN)
    assert {before, own} <= seen
    assert masked not in seen
    known = told(demo)
    Agent(demo).sign_in().wind("PT15M")
    assert told(demo) > known, "a masked document is announced to its patient like any other"


def test_the_choice_outlives_a_restart_and_taking_it_back_shows_nothing_filed(
    demo: Daemon,
) -> None:
    claire(demo).fill(ACCESS, f"{ACCESS}/nouveaux")
    assert demo.stop() == 0
    demo.start()
    masked = file(demo, title="Après un redémarrage")
    visitor = claire(demo)
    page = visitor.get("/documents?visibilite=masques").body.decode()
    assert "Après un redémarrage" in page
    visitor.fill(ACCESS, f"{ACCESS}/nouveaux", visibles="oui")
    after = file(demo)
    seen = shown(demo, PHYSICIAN)
    assert (masked in seen, after in seen) == (False, True)
