"""Software that asks the running daemon for what changed hears of a mask, and of its end."""

from typing import Any
from urllib.parse import urlencode

from daemon_rig import Daemon, Visitor
from papers import Report, mdm, number, report


def since(last: str, filed: Report) -> str:
    whose = f"urn:oid:{filed.who.oid}|{filed.who.ins}"
    asked = {"patient.identifier": whose, "_lastUpdated": f"gt{last}", "_sort": "_lastUpdated"}
    return f"/fhir/DocumentReference?{urlencode(asked)}"


def found(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle.get("entry", [])]


def test_a_poll_hears_of_each_change_once(gateway: Daemon, patient: Visitor) -> None:
    filed = report(gateway.person())
    assert gateway.mllp(mdm(filed, f"E2E{number()}")).code == "AA"
    (document,) = gateway.filed(filed.who, filed.id)
    name, last = document["id"], document["meta"]["lastUpdated"]
    page = f"/documents/{name}"
    for masked in ("oui", "non"):
        assert found(gateway.http("GET", since(last, filed), headers=gateway.doctor).json) == []
        patient.fill(page, f"{page}/visibilite", masque=masked)
        (by_doctor,) = found(gateway.http("GET", since(last, filed), headers=gateway.doctor).json)
        (own,) = found(patient.get(since(last, filed)).json)
        assert (by_doctor["id"], own["id"]) == (name, name)
        assert by_doctor["meta"]["lastUpdated"] == own["meta"]["lastUpdated"] > last
        last = own["meta"]["lastUpdated"]
        codes = [label["coding"][0]["code"] for label in by_doctor["securityLabel"]]
        assert ("MASQUE_PS" in codes) is (masked == "oui")
