"""A copied folder of data: whoever has it without the keys reads no name, title or mailbox."""

import re
import sqlite3
from email.policy import SMTP
from pathlib import Path

import pytest
from configured import order
from daemon_rig import Daemon, Make, eventually
from papers import Person, Report, mail, mdm, number, report, results, stranger

DOCTOR, OTHER = "jeanne.aubert@demo.mssante.fr", "Paul.BLANC@demo.mssante.fr"
WORDS = {
    "title": "Kaléidoscope",
    "narrative": "Hématochromatose",
    "display": "Mucoviscidose",
    "type": "MALADIE-RARE",
    "house": "CABINET-DU-DR-AUBERT",
    "author": "899700009999",
}
FOR_OTHERS = {"outbox", "inbox", "sent-mail", "answers", "keys"}
"""What leaves, what came in and how, and what opens the rest: none of it is ours to seal."""
SECRETS = "demo-secrets.json"


@pytest.fixture
def daemon(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def by_mail(daemon: Daemon, what: Report, sender: str) -> bytes:
    return handed(daemon, what.who, sender, mail(what, sender).as_bytes(policy=SMTP))


def handed(daemon: Daemon, who: Person, sender: str, raw: bytes) -> bytes:
    with daemon.smtp() as client:
        client.ehlo()
        client.mail(sender)
        client.rcpt(f"{who.ins}@patient.mssante.fr")
        return client.data(raw)[1]


def traffic(daemon: Daemon, who: Person) -> None:
    """Filed, held and refused, by every kind of door; a document of an emergency too."""
    what = report(who, **WORDS)
    assert b"filed" in by_mail(daemon, what, DOCTOR)
    assert b"filed" in by_mail(daemon, report(who), OTHER)
    assert b"filed" in by_mail(daemon, report(who), f"{who.ins}@patient.mssante.fr")
    daemon.mllp(mdm(report(who, **WORDS), f"COPY{number()}"))
    daemon.mllp(results(stranger(), f"COPY{number()}", local="IPP-ZEBRE", status="PROV"))
    daemon.post(report(who, **WORDS).document())
    daemon.post(report(who, **WORDS).document()[:-40])
    daemon.post(report(who).document().replace(b'code="N"', b'code="MUCOVISCIDOSE"'))
    daemon.http("GET", f"/fhir/Patient?family={who.family}", headers=daemon.doctor)


def files_of(daemon: Daemon) -> dict[str, bytes]:
    data = daemon.folder / "data"
    paths = [one for one in data.rglob("*") if one.is_file() and one.name != SECRETS]
    ours = [one for one in paths if one.relative_to(data).parts[0] not in FOR_OTHERS]
    return {one.name: one.read_bytes() for one in ours}


def words_of(daemon: Daemon) -> set[str]:
    demo = daemon.demo
    known = {
        one[name]
        for one in demo["patients"]
        for name in ("ins", "birth_family", "email", "mobile", "birth_date")
        if one[name]
    }
    known |= {one[name] for one in demo["professionals"] for name in ("id", "name")}
    senders = {one.partition("@")[0] for one in (DOCTOR, OTHER)}
    return known | set(WORDS.values()) | senders | {"IPP-ZEBRE", stranger().ins, "TESTEUR"}


def read_in(daemon: Daemon) -> set[tuple[str, str]]:
    found = set()
    for name, content in files_of(daemon).items():
        for word in words_of(daemon):
            if re.search(re.escape(word.encode()), content, re.IGNORECASE):
                found.add((name, word))
    return found


def test_a_copied_folder_names_nobody(daemon: Daemon, tmp_path: Path) -> None:
    traffic(daemon, daemon.person())
    assert read_in(daemon) == set()
    data = str(daemon.folder / "data")
    assert order("backup", str(tmp_path / "copy"), "--data", data).returncode == 0
    copied = b"".join(one.read_bytes() for one in (tmp_path / "copy").iterdir())
    assert {word for word in words_of(daemon) if word.encode() in copied} == set()
    assert daemon.leaks() == set()


def test_what_yesterdays_code_left_in_clear_is_sealed_by_a_start(daemon: Daemon) -> None:
    """And the same mail gets its first answer under the new name."""
    who = daemon.person()
    raw = mail(report(who), DOCTOR).as_bytes(policy=SMTP)
    first = handed(daemon, who, DOCTOR, raw)
    daemon.kill()
    with sqlite3.connect(daemon.folder / "data" / "gateway.db") as database:
        database.execute("UPDATE receipt SET sender = ? WHERE sender LIKE '%@%'", [DOCTOR])
        database.execute("UPDATE document SET sender = ? WHERE sender LIKE '%@%'", [DOCTOR])
    database.close()
    assert any(DOCTOR.encode() in one for one in files_of(daemon).values())
    daemon.start()
    eventually(lambda: read_in(daemon) == set())
    assert handed(daemon, who, DOCTOR, raw) == first
