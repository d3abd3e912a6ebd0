"""First transmission, replacement and deletion (volet, événements déclenchants)."""

from conformance.bench import HL7, Bench, fate_of_reply
from conformance.check import Chapter
from conformance.checks.documents.deposit import (
    VOLET,
    current,
    filed,
    letter,
    made,
    refused,
    taken,
)
from conformance.made.cda import paper
from conformance.made.hl7 import oru
from conformance.requirement import Level, Volet
from conformance.verdict import expect

LIFE = Chapter(Volet.CDA_HL7V2, f"{VOLET}, événements déclenchants")
CODES = Chapter(Volet.CDA_HL7V2, f"{VOLET}, codes d'erreur 900 à 906")


@LIFE.asks("TDC-01", "MDM^T02 hands over a document", fix="Take MDM^T02^MDM_T02 of HL7 2.6.")
def first_mdm(bench: Bench) -> None:
    filed(bench)


@LIFE.asks("TDC-02", "ORU^R01 hands over a document", fix="Take ORU^R01^ORU_R01 of HL7 2.5.")
def first_oru(bench: Bench) -> None:
    taken(bench, oru(made(bench), bench.serial.control()))


@LIFE.asks(
    "TDC-03",
    "A document that was acknowledged can be read",
    fix="Acknowledge after the commit that makes the document readable.",
    source=f"{VOLET}, acquittements; nextgenhealthcare/connect issue 2027",
)
def readable(bench: Bench) -> None:
    what = filed(bench)
    expect(current(bench, what) == 1, f"{current(bench, what)} current documents with its id")


@LIFE.asks(
    "TDC-04",
    "The bytes that were sent are the bytes that are read",
    fix="Keep the document as it came; never write it again.",
    source=f"{VOLET}, OBX-5; IHE ITI TF-3, 4.2.3.2.10 (hash)",
)
def same_bytes(bench: Bench) -> None:
    what = filed(bench, title="Bilan œ, É et 12 €")
    url = bench.filed(what.id)[0]["content"][0]["attachment"]["url"]
    path = url if "://" in url or url.startswith("/") else f"{bench.target.fhir}/{url}"
    headers = {"Authorization": bench.reader["Authorization"], "Accept": "*/*"}
    came = bench.web.ask("GET", path, headers=headers).body
    expect(came == what.cda(), f"{len(came)} bytes came, {len(what.cda())} were sent")


@LIFE.asks("TDC-05", "MDM^T10 replaces", fix="T10 supersedes the document of TXA-13.")
def replaced_by_mdm(bench: Bench) -> None:
    before = filed(bench)
    newer = before.next(bench.serial)
    taken(bench, letter(bench, newer, "replace"))
    expect(current(bench, newer) == 1 and current(bench, before) == 0, "both are current")


@LIFE.asks("TDC-06", "ORU with OBX-11 C and ORC-1 RO replaces", fix="C supersedes, as T10 does.")
def replaced_by_oru(bench: Bench) -> None:
    before = filed(bench)
    newer = before.next(bench.serial)
    taken(bench, oru(newer, bench.serial.control(), action="replace"))
    expect(current(bench, newer) == 1 and current(bench, before) == 0, "both are current")


@LIFE.asks("TDC-07", "MDM^T04 deletes", fix="T04 takes the document away from its readers.")
def deleted_by_mdm(bench: Bench) -> None:
    what = filed(bench)
    taken(bench, letter(bench, what, "delete"))
    expect(current(bench, what) == 0, "still current")


@LIFE.asks("TDC-08", "ORU with OBX-11 D and ORC-1 CA deletes", fix="D deletes, as T04 does.")
def deleted_by_oru(bench: Bench) -> None:
    what = filed(bench)
    taken(bench, oru(what, bench.serial.control(), action="delete"))
    expect(current(bench, what) == 0, "still current")


@LIFE.asks(
    "TDC-09",
    "Level 1 and level 3 of one content come in one ORU",
    fix="An ORU has one or two documents: take both formats.",
    source=f"{VOLET}, profil ORU (biologie)",
)
def two_formats(bench: Bench) -> None:
    what = made(bench)
    draft = oru(what, bench.serial.control())
    other = oru(made(bench), "X").row("OBX") | {1: "2"}
    taken(bench, draft.add("OBX", other, after="PRT"))


@LIFE.asks(
    "TDC-10",
    "T02 with OBX-11 D is rejected",
    fix="Event, OBX-11 and ORC-1 must agree: refuse, do not choose.",
)
def event_and_status(bench: Bench) -> None:
    refused(bench, letter(bench, made(bench)).set("OBX", 11, "D"))


@LIFE.asks(
    "TDC-11",
    "T02 with ORC-1 CA is rejected",
    fix="Event, OBX-11 and ORC-1 must agree: refuse, do not choose.",
)
def event_and_order(bench: Bench) -> None:
    refused(bench, letter(bench, made(bench)).set("ORC", 1, "CA"))


@LIFE.asks(
    "TDC-12",
    "OBX-11 C with ORC-1 NW is rejected",
    fix="OBX-11 and ORC-1 must agree: refuse, do not choose.",
)
def status_and_order(bench: Bench) -> None:
    before = filed(bench)
    draft = oru(before.next(bench.serial), bench.serial.control(), action="replace")
    refused(bench, draft.set("ORC", 1, "NW"))


@LIFE.asks(
    "TDC-13",
    "A replacement that names no predecessor is said",
    fix="Refuse, or warn of, a T10 without TXA-13 whose CDA has no relatedDocument.",
    source=f"{VOLET}, TXA-13; CI-SIS structuration minimale, relatedDocument",
)
def no_predecessor(bench: Bench) -> None:
    ack = bench.ask(letter(bench, made(bench), "replace"))
    expect(ack.refused or ack.faults, f"{ack} without a word")


@LIFE.asks(
    "TDC-15",
    "T10 needs TXA-13",
    fix="A replacement names the document that it replaces, in TXA-13: 101.",
    source=f"{VOLET}, TXA-13 (required on T10)",
)
def no_parent_document(bench: Bench) -> None:
    newer = filed(bench).next(bench.serial)
    refused(bench, letter(bench, newer, "replace").set("TXA", 13, ""))


@LIFE.asks(
    "TDC-14",
    "Profiles 2.0 and 1.2 are taken: ORC-1 SC, no ORC in MDM",
    fix="Older senders exist: SC means first, an MDM may lack its ORC.",
    source="CI-SIS volet 1.2 and 2.0",
    level=Level.SHOULD,
)
def older_profiles(bench: Bench) -> None:
    taken(bench, oru(made(bench), bench.serial.control()).set("ORC", 1, "SC"))
    taken(bench, letter(bench, made(bench)).drop("ORC"))


@CODES.asks(
    "TDC-20",
    "Deleting what is not known: AE, 204",
    fix="Refuse with 204: the sender must correct.",
    source="HL7 v2.5, table 0357, 204",
)
def unknown_document(bench: Bench) -> None:
    ack = refused(bench, letter(bench, made(bench), "delete"), "204")
    expect(ack.code == "AE", f"{ack}; wanted AE")


@CODES.asks(
    "TDC-21",
    "Replacing a version that was replaced: 900",
    fix="Only the latest version can be replaced: 207 with 900 in ERR-5.",
)
def old_version(bench: Bench) -> None:
    before = filed(bench)
    taken(bench, letter(bench, before.next(bench.serial), "replace"))
    refused(bench, letter(bench, before.next(bench.serial), "replace"), "900")


@CODES.asks(
    "TDC-22",
    "Replacing another organisation's document: 901",
    fix="Only its author, or the same organisation, may replace: 207 with 901.",
)
def other_author(bench: Bench) -> None:
    headers = bench.other_sender
    before = made(bench)
    first = fate_of_reply(bench.post(before.cda()))
    newer = before.next(bench.serial, author="899799999999", house="1888888888")
    second = fate_of_reply(bench.post(newer.cda(), **headers))
    expect(first.accepted and second.verdict == "refused", f"{first}, then {second}")


@CODES.asks(
    "TDC-23",
    "Deleting another organisation's document: 901",
    fix="Only its author, or the same organisation, may delete: 207 with 901.",
)
def other_deletes(bench: Bench) -> None:
    headers = bench.other_sender
    what = made(bench)
    first = fate_of_reply(bench.post(what.cda()))
    other = letter(bench, what.but(author="899799999999", house="1888888888"), "delete")
    second = fate_of_reply(bench.post(other.raw(), HL7, **headers))
    expect(first.accepted and second.verdict == "refused", f"{first}, then {second}")


@CODES.asks(
    "TDC-24",
    "An unknown patient: 902",
    fix="207 with 902 in ERR-5 for a patient whom the target does not know.",
)
def unknown_patient(bench: Bench) -> None:
    refused(bench, letter(bench, paper(bench.nobody, bench.serial)), "902")
