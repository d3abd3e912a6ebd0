"""A whole daemon over MLLP: who is who, whose documents these are, and what a patient said."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from answers import Reply
from configured import order
from daemon_rig import Daemon, Make, Visitor, eventually
from papers import Person, Report, adt, message, msh, number, pid, report, results

pytestmark = pytest.mark.long

AUTHORITY = "CHARMES&1.2.250.1.999.31&ISO"
Operate = Callable[..., tuple[int, str]]


@pytest.fixture
def clinic(make_gateway: Make) -> Daemon:
    """A demo of this test alone: what it says of people would reach other tests."""
    return make_gateway().start()


@pytest.fixture
def operate(clinic: Daemon) -> Operate:
    def run(*words: str) -> tuple[int, str]:
        place = ["--data", str(clinic.folder / "data")]
        done = order("identity", *words, *place)
        return done.returncode, done.stdout + done.stderr

    return run


def control() -> str:
    return f"ADT{number()}"


def numbered(what: Report, local: str) -> bytes:
    """The report without an INS, under a local identifier of the house."""
    who = what.who
    ins = f'<id root="{who.oid}" extension="{who.ins}"/>'
    own = f'<id root="1.2.250.1.999.31" extension="{local}"/>'
    text = what.document().decode()
    assert ins in text
    return text.replace(ins, own).encode()


def a40(who: Person, prior: str, *, local: str, event: str = "A40") -> bytes:
    return message(
        msh(f"ADT^{event}^ADT_A39", control()),
        "EVN||20260115101500",
        pid(who, local=local),
        f"MRG|{prior}^^^{AUTHORITY}^PI",
    )


def zfa(who: Person, feeding: str, at: str, event: str = "A01", consultation: str = "NA") -> bytes:
    return message(
        msh(f"ADT^{event}^ADT_A01", control()),
        "EVN||20260115101500",
        pid(who),
        "PV1|1|I",
        "ZBE|312^CHARMES^000897406|20260115100000||INSERT|N|",
        f"ZFA|ACTIF|{at}|||||||{feeding}|{at}|{consultation}|{at}",
        "ZFD|||Y|N|INSI|20211201",
    )


def held(reply: Reply) -> str:
    assert (reply.status, reply.json["verdict"]) == (202, "hold"), reply.body
    return str(reply.json["receipt"])


def filed(clinic: Daemon, receipt: str) -> bool:
    return bool(clinic.fate(receipt).json["verdict"] == "accept")


def test_a_held_report_appears_when_an_adt_qualifies_its_local_identifier(clinic: Daemon) -> None:
    who, what = clinic.person(), report(clinic.person())
    receipt = held(clinic.post(numbered(what, "IPP71")))
    draft = message(msh("ADT^A28^ADT_A05", control()), pid(who, local="IPP71", status="PROV"))
    assert clinic.mllp(draft).code == "AA"
    assert not filed(clinic, receipt)
    assert clinic.mllp(adt(who, control(), local="IPP71")).errors == []
    eventually(lambda: filed(clinic, receipt))
    (found,) = clinic.filed(who, what.id)
    assert clinic.content(found) == numbered(what, "IPP71")


@pytest.mark.parametrize("event", ["A40", "A47"])
def test_a_merge_moves_documents_through_a_restart_and_is_taken_back(
    clinic: Daemon, operate: Operate, event: str
) -> None:
    who, what, later = clinic.person(), report(clinic.person()), report(clinic.person())
    receipt = held(clinic.post(numbered(what, "IPP81")))
    assert clinic.mllp(adt(who, control(), local="IPP80")).code == "AA"
    assert clinic.filed(who, what.id) == []
    assert clinic.mllp(a40(who, "IPP81", local="IPP80", event=event)).errors == []
    eventually(lambda: filed(clinic, receipt))
    assert len(clinic.filed(who, what.id)) == 1

    clinic.kill()
    clinic.start()

    assert len(clinic.filed(who, what.id)) == 1
    assert clinic.post(numbered(later, "IPP81")).status == 201
    assert len(clinic.filed(who, later.id)) == 1
    status, listed = operate("merges")
    merge, _at, told, *_rest, count, state = listed.rstrip("\n").split("\t")
    assert (status, told, count, state) == (0, event, "2 documents", "in force")
    word = ("--by", "Lou Testeur", "--reason", "another person")
    assert operate("unmerge", merge, *word)[0] == 0
    assert clinic.filed(who, what.id) == []
    assert clinic.filed(who, later.id) == []
    assert operate("unmerge", merge, *word) == (1, f"merge {merge} was undone already\n")
    held(clinic.post(numbered(report(who), "IPP81")))
    assert clinic.mllp(a40(who, "IPP81", local="IPP80")).code == "AA"
    assert len(clinic.filed(who, what.id)) == 1


def test_two_people_of_the_index_become_one_by_two_operators(
    clinic: Daemon, operate: Operate
) -> None:
    lines = clinic.lines(login=True)
    survivor, former = Person.of(lines[0]), Person.of(lines[1])
    what, own = report(former), report(survivor, title="Bilan du survivant")
    for one in (what, own):
        assert clinic.post(one.document()).status == 201
    assert clinic.mllp(adt(former, control(), local="IPP91")).code == "AA"
    ack = clinic.mllp(a40(survivor, "IPP91", local="IPP90"))
    assert (ack.code, ack.errors[-1]) == ("AA", ("W", "207", "904"))
    assert clinic.filed(survivor, what.id) == []
    word = ("--by", "Lou Testeur", "--reason", "acte de naissance")
    status, said = operate("merge", ack.receipt, *word)
    assert status == 0, said
    proposal = said.split("\t")[0]
    assert operate("validate", proposal, "--by", "lou testeur")[0] == 1
    assert clinic.filed(survivor, what.id) == []
    assert operate("validate", proposal, "--by", "Sam Valideur")[0] == 0
    (found,) = clinic.filed(survivor, what.id)
    assert clinic.content(found) == what.document()
    assert len(clinic.filed(former, what.id)) == 1
    page = Visitor(clinic).sign_in(lines[1]).get("/documents?libelle=BIOLOGIE").body.decode()
    assert own.title in page
    merge = operate("merges")[1].split("\t")[0]
    assert operate("unmerge", merge, *word)[0] == 0
    assert clinic.filed(survivor, what.id) == []
    assert len(clinic.filed(former, what.id)) == 1


def test_io_stops_deposits_until_a_later_ino(clinic: Daemon) -> None:
    who = clinic.person()
    assert clinic.mllp(zfa(who, "IO", "20260110101500")).errors == []
    refused = clinic.mllp(results(who, control()))
    assert (refused.code, refused.errors[0]) == ("AE", ("E", "207", "906"))
    assert clinic.post(report(who).document()).status == 422
    assert clinic.mllp(zfa(who, "INO", "20260109101500")).code == "AA"
    assert clinic.mllp(results(who, control())).code == "AE"
    clinic.kill()
    clinic.start()
    assert clinic.mllp(results(who, control())).code == "AE"
    assert clinic.mllp(zfa(who, "INO", "20260111101500", event="Z99")).code == "AA"
    assert clinic.mllp(results(who, control())).code == "AA"


def test_ic_opens_the_record_to_the_team_of_its_sender_and_inc_closes_it(clinic: Daemon) -> None:
    who, hospital = clinic.person(), "1690000018"
    place = ["--organization", hospital, "--data", str(clinic.folder / "data")]
    done = order("sender", "add", "demo", "--results-only", *place)
    assert done.returncode == 0, done.stderr
    clinic.kill()
    clinic.start()
    assert clinic.mllp(results(who, control())).code == "AA"
    results_only = {"type": "http://loinc.org|11502-2"}
    words = urlencode({"patient.identifier": f"urn:oid:{who.oid}|{who.ins}", **results_only})

    def seen() -> int:
        headers = clinic.professional("G15_10/SM40")
        return int(
            clinic.http("GET", f"/fhir/DocumentReference?{words}", b"", headers).json["total"]
        )

    assert seen() == 0
    for consultation, at, count in (
        ("IC", "20260110", 1),
        ("INC", "20260112", 0),
        ("IC", "20260111", 0),
        ("NA", "20260114", 0),
        ("IC", "20260113", 1),
    ):
        assert clinic.mllp(zfa(who, "INO", at, consultation=consultation)).errors == []
        assert seen() == count, (consultation, at)


def test_every_event_of_pam_fr_is_taken(clinic: Daemon) -> None:
    who = clinic.person()
    for event in ("A01", "A03", "A04", "A05", "A08", "A28", "A31"):
        segments = (pid(who, local="IPP60"), "PV1|1|I", "ZBE|1|20260115||INSERT|N|")
        assert clinic.mllp(message(msh(f"ADT^{event}", control()), *segments)).errors == []
    corrected = (pid(who, local="IPP60"), "PV1|1|I", "ZBE|1|20260115||UPDATE|Y|A01")
    assert clinic.mllp(message(msh("ADT^Z99^ADT_A01", control()), *corrected)).errors == []


WRONG: dict[str, tuple[str, tuple[str, ...], str]] = {
    "a merge without MRG": ("A40", (), "100"),
    "an empty MRG-1": ("A40", ("MRG|",), "101"),
    "a prior without authority": ("A47", ("MRG|IPP5^^^^PI",), "101"),
    "a merge with itself": ("A40", (f"MRG|IPP1^^^{AUTHORITY}^PI",), "199"),
    "a correction without ZBE": ("Z99", ("PV1|1|I",), "100"),
    "a correction of no known kind": ("Z99", ("ZBE|1|2026||REPLACE|Y|A01",), "103"),
    "a correction of no known event": ("Z99", ("ZBE|1|2026||UPDATE|Y|ORU",), "103"),
    "a word nobody knows": ("A01", ("ZFA|ACTIF|2026|||||||OI|2026|IC|2026",), "103"),
    "a word of no date": ("A01", ("ZFA|ACTIF|2026|||||||IO|hier|IC|2026",), "102"),
}


@pytest.mark.parametrize("why", WRONG)
def test_an_adt_nobody_could_use_is_refused_and_kept(gateway: Daemon, why: str) -> None:
    event, segments, condition = WRONG[why]
    who = gateway.person("created")
    raw = message(msh(f"ADT^{event}^ADT_A01", control()), pid(who, local="IPP1"), *segments)
    ack = gateway.mllp(raw)
    assert (ack.code, ack.errors[0]) == ("AE", ("E", condition, ""))
    assert gateway.fate(ack.receipt).json["verdict"] == "refuse"
