"""A daemon as the tests of the vault in a browser know it, and the steps that they share."""

import json
import re
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from clicking import followed
from haemogram import haemogram

CODE_SECONDS = 120
POLL, POLL_SECONDS = Event(), 0.05


@dataclass(frozen=True)
class Daemon:
    base: str
    patient: dict[str, str]
    outbox: Path
    sender_token: str

    def code(self, since: float) -> str:
        """The newest one-time code in the demo's outbox; it is written before the page is."""
        until = time.monotonic() + CODE_SECONDS
        while time.monotonic() < until:
            for letter in sorted(self.outbox.glob("*.json"), key=lambda f: -f.stat().st_mtime):
                found = re.search(r"\b(\d{6})\b", json.loads(letter.read_text())["body"])
                if found and letter.stat().st_mtime >= since - 1:
                    return found[1]
            POLL.wait(POLL_SECONDS)
        raise AssertionError("no code in the outbox")


def visited(places: dict[str, Any]) -> Daemon:
    demo = places["demo"]
    patient = next(one for one in demo["patients"] if one["account"] == "active")
    made = Daemon(
        base=places["http"],
        patient=patient,
        outbox=Path(demo["outbox"]),
        sender_token=demo["sender_token"],
    )
    deposit(made)
    return made


def deposit(daemon: Daemon) -> None:
    """A laboratory's results of four rows, as an ORU^R01 over HTTP."""
    request = urllib.request.Request(  # noqa: S310 — our own daemon on loopback
        daemon.base + "/documents",
        data=haemogram(daemon.patient),
        headers={
            "Authorization": f"Bearer {daemon.sender_token}",
            "Content-Type": "application/hl7-v2",
        },
    )
    with urllib.request.urlopen(request, timeout=CODE_SECONDS) as answer:  # noqa: S310 — as above
        assert json.load(answer)["verdict"] == "accept"


def sign_in(page: Any, daemon: Daemon) -> None:
    since = time.time()
    page.goto(daemon.base + "/connexion")
    page.get_by_label("Identifiant").fill(daemon.patient["login"])
    page.get_by_label("Mot de passe", exact=True).fill(daemon.patient["password"])
    followed(page.get_by_role("main").get_by_role("button", name="Se connecter"))
    page.get_by_label("Code à usage unique").fill(daemon.code(since))
    followed(page.get_by_role("button", name="Valider"))
    page.get_by_role("heading", name="Bonjour").wait_for()


def open_results(page: Any, daemon: Daemon) -> None:
    page.goto(daemon.base + "/documents?libelle=BIOLOGIE")
    followed(page.locator('[data-kind="document"] a').first)


def open_letter(page: Any, daemon: Daemon) -> None:
    """What a professional of the demo wrote to the patient."""
    page.goto(daemon.base + "/messagerie")
    followed(page.get_by_role("link", name="Lettre d'orientation"))
