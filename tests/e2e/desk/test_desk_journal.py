"""A whole demo's log before its auditor: rows of everybody, a proof, and the log as a whole."""

import contextlib
import json
import re
import sqlite3
import subprocess
import sys

import pytest
from daemon_rig import Daemon, Make, Visitor
from desk_rig import Agent
from papers import Person, report

SECRET = "Titre que l'auditeur ne lit pas"


@pytest.fixture
def demo(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def auditor(demo: Daemon) -> Agent:
    return Agent(demo).sign_in(demo.demo["auditors"][0])


def numbers(text: str) -> list[int]:
    return [int(one) for one in re.findall(r'data-kind="trace" data-id="(\d+)"', text)]


def page(agent: Agent, query: str = "") -> str:
    reply = agent.get(f"/desk/journal{query}")
    assert reply.status == 200, reply.body[:2_000]
    return reply.body.decode()


def test_the_auditor_reads_rows_of_everybody_and_no_document(demo: Daemon) -> None:
    line = demo.lines(login=True)[0]
    what = report(Person.of(line), title=SECRET)
    assert demo.post(what.document()).status == 201
    Visitor(demo).sign_in(line).get("/documents")
    demo.search(Person.of(line))
    text = page(auditor(demo))
    assert len(numbers(text)) > 2
    assert "Dr Hélène Roux" in text
    assert "Titulaire" in text
    private = (SECRET, line["ins"], line["birth_family"], "Résultats de biologie")
    assert [one for one in private if one.lower() in text.lower()] == []


def test_filters_leave_the_rows_that_suit_and_a_bad_date_is_said(demo: Daemon) -> None:
    line = demo.lines(login=True)[0]
    demo.search(Person.of(line))
    agent = auditor(demo)
    rows = page(agent, "?genre=professional&resultat=permis&qui=roux")
    assert numbers(rows)
    assert rows.count('data-label="Qui">Dr Hélène Roux') == len(numbers(rows))
    assert numbers(page(agent, "?acte=login&genre=auditor")) == []
    assert "Aucune ligne" in page(agent, "?regle=F02")
    assert "Aucune ligne" in page(agent, "?au=2001-01-01")
    assert numbers(page(agent, "?du=0001-01-01&au=9999-12-31"))
    bad = agent.get("/desk/journal?du=31%2F02%2F2026")
    assert (bad.status, 'aria-invalid="true"' in bad.body.decode()) == (422, True)
    backwards = agent.get("/desk/journal?du=2026-02-02&au=2026-02-01")
    assert backwards.status == 422
    assert agent.get("/desk/journal?avant=x&genre=chef&resultat=9").status == 200


def test_reading_the_log_is_in_the_log(demo: Daemon) -> None:
    line = demo.lines(login=True)[0]
    patient = Visitor(demo).sign_in(line)
    patient.get("/documents")
    agent = auditor(demo)
    (mine, *_) = numbers(page(agent, "?genre=patient&acte=list"))
    detail = agent.get(f"/desk/journal/{mine}").body.decode()
    assert "P01" in detail
    assert agent.get("/desk/journal/999999").status == 404
    acts = page(agent, "?genre=auditor")
    assert "a ouvert une ligne du journal" in acts or "a ouvert une ligne de votre journal" in acts
    history = patient.get("/historique").body.decode()
    assert "a ouvert une ligne de votre journal" in history


def test_more_rows_than_a_page_are_read_on_without_a_gap(demo: Daemon) -> None:
    for _ in range(30):
        demo.search(demo.person())
    agent, seen, query = auditor(demo), list[int](), "?genre=professional"
    for _ in range(9):
        text = page(agent, query)
        seen += numbers(text)
        following = re.search(r'href="/desk/journal(\?[^"]+)" rel="next"', text)
        if following is None:
            break
        query = following[1].replace("&amp;", "&")
    assert len(seen) >= 30
    assert seen == sorted(set(seen), reverse=True)


def test_the_proof_of_a_line_is_checked_without_the_gateway(demo: Daemon) -> None:
    demo.search(demo.person())
    agent = auditor(demo)
    number = numbers(page(agent))[0]
    reply = agent.get(f"/desk/journal/{number}/preuve")
    assert reply.status == 200
    file = demo.folder / "proof.json"
    file.write_bytes(reply.body)
    assert json.loads(reply.body)["entries"][0]["number"] == number
    words = [sys.executable, "-m", "conformance", "verify", str(file)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert agent.get("/desk/journal/999999/preuve").status == 404


def test_an_altered_line_is_found_by_the_page(demo: Daemon) -> None:
    demo.search(demo.person())
    agent = auditor(demo)
    fine = agent.fill("/desk/journal", "/desk/journal/verifier").body.decode()
    assert "Toutes les lignes sont là" in fine
    number = numbers(page(agent))[-1]
    with contextlib.closing(sqlite3.connect(demo.folder / "data" / "gateway.db")) as connection:
        connection.execute("UPDATE trace SET at = at + 1 WHERE number = ?", (number,))
        connection.commit()
    broken = agent.fill("/desk/journal", "/desk/journal/verifier").body.decode()
    assert f"entry {number} is altered" in broken


def test_an_operator_of_every_other_role_does_not_read_the_log(demo: Daemon) -> None:
    agent = Agent(demo).sign_in()
    for path in ("/desk/journal", "/desk/journal/1", "/desk/journal/1/preuve"):
        assert agent.get(path).status == 403
    assert agent.fill("/desk/aide", "/desk/journal/verifier").status == 403
