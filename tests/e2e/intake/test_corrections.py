"""Results that are corrected: what the page shows, what the list holds, what history keeps."""

import re
from typing import Any
from urllib.parse import urlencode

from daemon_rig import Daemon, Visitor
from papers import Person, message, msh, number, pid

ATTRIBUTE = re.compile(r' [a-z-]+="[^"]*"')


def oru(who: Person, order: str, *rows: str, more: str = "") -> bytes:
    """Rows as `code^name|value|status`; `more` is a second order with its rows."""
    lines = [f"OBR|1||{order}|58410-2^Hémogramme^LN"]
    for named in (*rows, *([more] if more else [])):
        if named.startswith("OBR"):
            lines += named.split("\r")
            continue
        code, value, status = named.split("|")
        lines.append(f"OBX|1|NM|{code}^LN||{value}|g/dL|12-16|N|||{status}")
    return message(msh("ORU^R01^ORU_R01", f"E2E{number()}"), pid(who), *lines)


def filed(gateway: Daemon, raw: bytes) -> str:
    """The id of the document that a message of results made."""
    ack = gateway.mllp(raw)
    assert ack.code == "AA", ack.raw
    (one,) = gateway.fate(ack.receipt).json["documents"]
    return str(one["id"])


def page(patient: Visitor, document: str) -> str:
    """What it says: the fractions of a second in its attributes may be those of a value."""
    reply = patient.get(f"/documents/{document}/corps")
    assert reply.status == 200
    return ATTRIBUTE.sub("", reply.body.decode())


def observed(gateway: Daemon, who: Person, document: str) -> dict[str, tuple[str, Any]]:
    """The same in FHIR: status and number of each analysis of this document."""
    query = urlencode({"patient.identifier": f"urn:oid:{who.oid}|{who.ins}", "_count": "200"})
    reply = gateway.http("GET", f"/fhir/Observation?{query}", headers=gateway.doctor)
    assert reply.status == 200
    found = [one["resource"] for one in reply.json.get("entry", [])]
    mine = [one for one in found if one["id"].startswith(document)]
    return {
        one["code"]["coding"][0]["code"]: (one["status"], one.get("valueQuantity", {}).get("value"))
        for one in mine
    }


def me(gateway: Daemon) -> Person:
    """The person whom `patient` is signed in as."""
    return Person.of(gateway.lines(login=True)[0])


def test_a_correction_replaces_its_row_and_keeps_the_others(
    gateway: Daemon, patient: Visitor
) -> None:
    who, order = me(gateway), f"K{number()}"
    first = filed(gateway, oru(who, order, "718-7^Hémoglobine|13.41|F", "2951-2^Sodium|134.7|F"))
    second = filed(gateway, oru(who, order, "2951-2^Sodium|136.2|C"))
    now = page(patient, second)
    assert "13.41" in now
    assert "136.2" in now
    assert "corrigé" in now
    assert "134.7" not in now
    listed = [one["id"] for one in gateway.search(who)]
    assert second in listed
    assert first not in listed
    assert "134.7" in page(patient, first), "history stays as it was"
    in_fhir = observed(gateway, who, second)
    assert in_fhir == {"718-7": ("final", 13.41), "2951-2": ("corrected", 136.2)}


def test_provisional_results_become_final_in_one_document(
    gateway: Daemon, patient: Visitor
) -> None:
    who, order = me(gateway), f"K{number()}"
    first = filed(gateway, oru(who, order, "718-7^Hémoglobine|13.52|P"))
    assert "provisoire" in page(patient, first)
    second = filed(gateway, oru(who, order, "718-7^Hémoglobine|13.63|F"))
    assert "provisoire" not in page(patient, second)
    assert {first, second} & {one["id"] for one in gateway.search(who)} == {second}


def test_results_taken_back_show_no_value(gateway: Daemon, patient: Visitor) -> None:
    who, order = me(gateway), f"K{number()}"
    filed(gateway, oru(who, order, "718-7^Hémoglobine|13.74|F", "2951-2^Sodium|135.8|F"))
    last = filed(gateway, oru(who, order, "718-7^Hémoglobine|13.74|D", "2951-2^Sodium||X"))
    shown = page(patient, last)
    assert "13.74" not in shown
    assert "135.8" not in shown
    assert "retiré par le laboratoire" in shown
    assert "non réalisé" in shown
    in_fhir = observed(gateway, who, last)
    assert in_fhir == {"718-7": ("entered-in-error", None), "2951-2": ("cancelled", None)}


def test_a_correction_of_the_second_order_reaches_the_message_that_brought_both(
    gateway: Daemon, patient: Visitor
) -> None:
    who, order = me(gateway), f"K{number()}"
    other = (
        f"OBR|2||{order}-B|24326-1^Ionogramme^LN\rOBX|1|NM|2823-3^Potassium^LN||4.17|mmol/L||N|||F"
    )
    both = filed(gateway, oru(who, order, "718-7^Hémoglobine|13.85|F", more=other))
    filed(gateway, oru(who, f"{order}-B", "2823-3^Potassium|4.28|C"))
    shown = page(patient, both)
    assert "13.85" in shown
    assert "4.28" in shown
    assert "4.17" not in shown


def test_the_same_number_of_another_authority_is_another_order(
    gateway: Daemon, patient: Visitor
) -> None:
    who, order = me(gateway), f"K{number()}"
    first = filed(gateway, oru(who, f"{order}^BIO", "718-7^Hémoglobine|13.17|P"))
    other = filed(gateway, oru(who, f"{order}^MICRO", "718-7^Hémoglobine|14.28|F"))
    last = filed(gateway, oru(who, f"{order}^BIO", "718-7^Hémoglobine|13.39|F"))
    assert {first, other, last} & {one["id"] for one in gateway.search(who)} == {other, last}
    assert "14.28" in page(patient, other)
    assert "13.39" in page(patient, last)
    assert "14.28" not in page(patient, last)


def test_an_order_known_by_its_number_alone_is_continued_when_its_authority_is_named(
    gateway: Daemon,
) -> None:
    """As those that were filed before an authority was looked at."""
    who, order = me(gateway), f"K{number()}"
    first = filed(gateway, oru(who, order, "718-7^Hémoglobine|13.28|P"))
    second = filed(gateway, oru(who, f"{order}^BIO", "718-7^Hémoglobine|13.39|F"))
    third = filed(gateway, oru(who, f"{order}^BIO", "718-7^Hémoglobine|13.41|C"))
    assert {first, second, third} & {one["id"] for one in gateway.search(who)} == {third}


def test_the_same_number_of_another_person_is_another_order(gateway: Daemon) -> None:
    one, two = me(gateway), Person.of(gateway.lines(login=True)[1])
    order = f"K{number()}"
    first = filed(gateway, oru(one, order, "718-7^Hémoglobine|13.1|F"))
    second = filed(gateway, oru(two, order, "718-7^Hémoglobine|14.2|F"))
    assert first in {each["id"] for each in gateway.search(one)}
    assert second in {each["id"] for each in gateway.search(two)}


def test_notes_of_a_group_stand_under_its_table(gateway: Daemon, patient: Visitor) -> None:
    who, order = me(gateway), f"K{number()}"
    raw = oru(who, order, "718-7^Hémoglobine|13.96|F").replace(
        b"OBX|1|", "NTE|1|L|Prélèvement à jeun\rOBX|1|".encode()
    )
    assert "Prélèvement à jeun" in page(patient, filed(gateway, raw))


def test_results_that_come_late_do_not_undo_a_correction(gateway: Daemon, patient: Visitor) -> None:
    who, order = me(gateway), f"K{number()}"
    earlier = oru(who, order, "718-7^Hémoglobine|12.11|F").replace(
        b"|20260115101500+0100|", b"|20260115091500+0100|"
    )
    filed(gateway, oru(who, order, "718-7^Hémoglobine|12.22|C"))
    shown = page(patient, filed(gateway, earlier))
    assert "12.22" in shown
    assert "12.11" not in shown
