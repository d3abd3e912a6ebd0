"""`/metrics` and the log after every kind of traffic: of doors and senders, never of a person."""

import re
from collections.abc import Iterator
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from daemon_rig import Daemon, Make, Visitor, eventually
from papers import Person, archive, mail, mdm, number, report, results

LABELS = {"door", "sender", "verdict", "kind", "outcome", "queue", "le"}
OF_THE_PROCESS = {"implementation", "major", "minor", "patchlevel", "version"}
SERIES = re.compile(r"^(\w+)(?:\{(.*)\})? \S+$", re.MULTILINE)
LABEL = re.compile(r'(\w+)="([^"]*)"')
INS = re.compile(r"[12378]\d{4}(?:\d\d|2[AB])\d{6}")


def traffic(daemon: Daemon, line: dict[str, Any], stranger: Person) -> set[str]:
    """One of each, for this patient; what was handed out meanwhile that names him or a document."""
    who = Person.of(line)
    for one in (who, stranger):
        daemon.mllp(results(one, f"FIG{number()}"))
        daemon.mllp(mdm(report(one), f"FIG{number()}"))
        daemon.post(report(one).document())
        daemon.post(archive(report(one)), "application/zip")
    daemon.mllp(results(who, f"FIG{number()}").replace(b"OBX|", b"OB\x00|"))
    daemon.post(report(who).document()[:-40])
    daemon.post(report(who).document(), token="none")
    in_folder(daemon, who)
    for sender in (daemon.demo["mail_sender"], f"{who.ins}@patient.mssante.fr"):
        by_mail(daemon, who, sender)
    handed_out = {one["id"] for one in daemon.search(who)}
    for document in [*handed_out, "f" * 32]:
        daemon.http("GET", f"/fhir/Binary/{document}", headers=daemon.doctor)
        daemon.http("GET", f"/fhir/Binary/{document}", headers=daemon.professional("G15_50"))
    daemon.http("GET", f"/patients/{who.ins}?nom={who.family}")
    return handed_out | walk(Visitor(daemon).sign_in(line), handed_out)


def in_folder(daemon: Daemon, who: Person) -> None:
    file = Path(daemon.places["folder"]) / f"{who.family}-{who.ins}.xml"
    for body in (report(who).document(), report(who).document()[:-40]):
        file.write_bytes(body)
        eventually(lambda: not file.exists())


def by_mail(daemon: Daemon, who: Person, sender: str) -> None:
    with daemon.smtp() as client:
        client.ehlo()
        client.mail(sender)
        client.rcpt(f"{who.ins}@patient.mssante.fr")
        client.data(mail(report(who), sender).as_bytes(policy=SMTP))


def walk(patient: Visitor, documents: set[str]) -> set[str]:
    """Through the space; the key of the record, as its pages bear it."""
    home = patient.get("/").body.decode()
    for path in ("/documents", "/historique", "/historique/preuve", "/parametres/acces"):
        assert patient.get(path).status == 200
    for document in documents:
        assert patient.get(f"/documents/{document}").status == 200
    return set(re.findall(r'data-profile="([0-9a-f]{32})"', home))


def series(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    for name, labels in SERIES.findall(text):
        yield name, dict(LABEL.findall(labels))


def named(text: str) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    """What there is a figure of, but for the work of tasks, which comes when it comes."""
    found = {(name, tuple(sorted(labels.items()))) for name, labels in series(text)}
    return {one for one in found if not one[0].startswith("gateway_tasks")}


@pytest.fixture
def daemon(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def test_no_figure_and_no_event_is_of_a_person(daemon: Daemon) -> None:
    first, second = daemon.lines(login=True)[:2]
    handed_out = traffic(daemon, first, daemon.person("closed"))
    before = daemon.metrics()
    handed_out |= traffic(daemon, second, daemon.person("invited"))
    after = daemon.metrics()
    assert len(handed_out) > 10
    assert named(after) - named(before) == set(), "a second patient brings no series of his own"
    for name, labels in series(after):
        assert set(labels) <= LABELS | (OF_THE_PROCESS if name.startswith("python") else set())
        assert not INS.search(" ".join(labels.values())), labels
        assert labels.get("door", "mllp") in {"mllp", "http", "fhir", "smtp", "folder", "pages"}
    verdicts = {labels["verdict"] for _, labels in series(after) if "verdict" in labels}
    assert {"accept", "refuse"} <= verdicts
    assert daemon.leaks(after) == set()
    assert {one for one in handed_out if one in after} == set()
    assert daemon.stop() == 0
    log = daemon.log.read_text("utf-8", "replace")
    assert "daemon.ready" in log
    assert daemon.leaks() == set()
    assert {one for one in handed_out if one in log} == set()
