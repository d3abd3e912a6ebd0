"""INVISIBLE_PATIENT in the running daemon: two weeks, a month, a restart, an announcement."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from choices_rig import TREATING, shown
from daemon_rig import Daemon, Make, Visitor
from desk_rig import Agent
from papers import Person, Report, mdm, number, report

pytestmark = pytest.mark.long

TITLE = "Consultation que vous ne connaissez pas encore"
WAITS, OPENED, FILED = "waiting", "opened", "new_document"
ORDERS = ("MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REP_LEGAUX", "CONNEXION_SECRETE")
LEGS = {"MODIF_CONF_CODE": "N", "DESTDMP": "Y", "DESTMSSANTEPS": "N", "DESTMSSANTEPAT": "N"}


@pytest.fixture
def demo(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def patient(demo: Daemon) -> dict[str, Any]:
    return demo.lines(login=True)[0]


def hidden(demo: Daemon, **more: Any) -> Report:
    """A report that waits for its announcement, as the HL7v2 guide asks for it."""
    what = report(Person.of(patient(demo)), title=TITLE, **more)
    send(demo, what)
    return what


def send(demo: Daemon, what: Report, *, action: str = "create") -> None:
    orders = dict.fromkeys(ORDERS, "N") | {"INVISIBLE_PATIENT": "Y"} | LEGS
    lines = [
        f"OBX|{place}|CWE|{code}^^MetaDMPMSS||{value}^^expandedYes-NoIndicator||||||F\r"
        for place, (code, value) in enumerate(orders.items(), 2)
    ]
    ack = demo.mllp(mdm(what, f"WAIT-{number()}", action=action) + "".join(lines).encode())
    assert ack.code == "AA", ack.raw


def letters(demo: Daemon) -> list[str]:
    """Templates of what was written to the patient, sign-in codes apart."""
    outbox = [json.loads(one.read_text()) for one in Path(demo.demo["outbox"]).glob("*.json")]
    mine = [one for one in outbox if one["to"] == patient(demo)["email"]]
    for one in mine:
        assert TITLE not in one["subject"] + one["body"]
    return sorted(one["template"] for one in mine if one["template"] in (WAITS, OPENED, FILED))


def listed(demo: Daemon) -> int:
    """How often the patient's own pages name it."""
    visitor = Visitor(demo).sign_in(patient(demo))
    pages = [visitor.get(path) for path in ("/documents", "/", f"/documents?q={TITLE[:12]}")]
    return sum(page.body.decode().count(f">{TITLE}<") for page in pages)


def wind(demo: Daemon, duration: str) -> None:
    assert Agent(demo).sign_in().wind(duration).status == 303


def test_two_weeks_bring_a_word_and_a_month_the_document_over_restarts(demo: Daemon) -> None:
    before = letters(demo)
    what = hidden(demo)
    assert what.id in shown(demo, TREATING)
    wind(demo, "P13DT23H59M")
    assert (letters(demo), listed(demo)) == (before, 0)
    assert demo.stop() == 0
    demo.start()
    wind(demo, "PT2M")
    assert letters(demo) == sorted([*before, WAITS])
    assert listed(demo) == 0, "an invitation opens nothing"
    wind(demo, "P1D")
    demo.kill()
    demo.start()
    wind(demo, "P14D")
    assert (letters(demo), listed(demo)) == (sorted([*before, WAITS]), 0)
    wind(demo, "P3D")
    assert letters(demo) == sorted([*before, WAITS, OPENED])
    assert listed(demo) == 3
    wind(demo, "P2M")
    assert letters(demo) == sorted([*before, WAITS, OPENED]), "each once"


def test_a_new_version_starts_no_new_month(demo: Daemon) -> None:
    before = letters(demo)
    what = hidden(demo)
    wind(demo, "P10D")
    send(demo, what.next(), action="replace")
    wind(demo, "P5D")
    assert letters(demo) == sorted([*before, WAITS])
    wind(demo, "P17D")
    assert letters(demo) == sorted([*before, WAITS, OPENED])
    assert listed(demo) == 3


def test_what_was_announced_opens_at_once_and_is_told_once(demo: Daemon) -> None:
    before = letters(demo)
    hidden(demo)
    token = {one["profession"]: one["token"] for one in demo.demo["professionals"]}[TREATING]
    doctor = Visitor(demo)
    doctor.fill("/pro", "/pro/connexion", jeton_demonstration=token)
    ins = patient(demo)["ins"]
    found = doctor.fill("/pro", "/pro/patients", ins=ins)
    record = found.headers["location"]
    (name,) = re.findall(r'"(/pro/documents/\w+/annonce)"', doctor.get(record).body.decode())
    doctor.fill(record, name)
    assert listed(demo) == 3
    wind(demo, "PT1M")
    assert letters(demo) == sorted([*before, OPENED])
    wind(demo, "P2M")
    assert letters(demo) == sorted([*before, OPENED])
