"""What professionals of a running demo are shown of its first patient's record."""

import json
import re

from daemon_rig import Daemon
from papers import ROOT, Person

TREATING, PHYSICIAN, NURSE = "G15_10/SM26", "G15_10/SM40", "G15_60"
IDS = re.compile(re.escape(f"urn:oid:{ROOT}.1.") + r"\d+")


def shown(daemon: Daemon, profession: str) -> set[str]:
    """Ids of this run's reports that the demo's professional of this profession lists."""
    who = Person.of(daemon.lines(login=True)[0])
    place = f"/fhir/DocumentReference?patient.identifier=urn:oid:{who.oid}%7C{who.ins}&_count=200"
    reply = daemon.http("GET", place, headers=daemon.professional(profession))
    assert reply.status == 200, reply.body[:300]
    return {one.removeprefix("urn:oid:") for one in IDS.findall(json.dumps(reply.json))}


def id_of(daemon: Daemon, profession: str) -> str:
    found = (one for one in daemon.demo["professionals"] if one["profession"] == profession)
    return str(next(found)["id"])
