"""Software of the DMP before a whole demo: it feeds a record, finds, opens, hides and deletes; then
our own client, `gateway send --to dmp+http://…` and `gateway dmp`."""

from dataclasses import replace
from pathlib import Path

import pytest
from daemon_rig import Daemon
from dmp_client import Software, slot
from dmp_software import request
from papers import Report, report
from place import Said, command

from gateway.mapping.soap.message import Message

PRESENCE = '<h:PRPA_IN201307UV02 xmlns:h="urn:hl7-org:v3" ITSVersion="XML_1.0"/>'
SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"


def codes(message: Message) -> list[str | None]:
    return [one.get("errorCode") for one in message.body.iter("{*}RegistryError")]


@pytest.fixture(scope="module")
def software(gateway: Daemon) -> Software:
    [doctor] = (one for one in gateway.demo["professionals"] if one["profession"] == "G15_10/SM26")
    return Software(gateway, doctor)


@pytest.fixture(scope="module")
def fed(software: Software) -> Report:
    """A document that she wrote, fed by her software."""
    doctor, who = software.doctor, software.gateway.person()
    what = report(who, author=doctor["id"], house=doctor["organization"])
    answer = software.provide(what)
    assert (answer.packed, answer.body.get("status"), codes(answer)) == (True, SUCCESS, [])
    return what


def test_a_document_that_was_fed_is_found_and_opened(
    gateway: Daemon, software: Software, fed: Report
) -> None:
    entry = software.found()[fed.id]
    opened = software.opened(fed.id, slot(entry, "repositoryUniqueId"))
    assert list(opened.parts.values()) == [fed.document()]
    assert len(gateway.filed(fed.who, fed.id)) == 1


def test_its_author_archives_it_and_takes_it_back(software: Software, fed: Report) -> None:
    entry = software.found()[fed.id]
    assert codes(software.change(entry, "Approved", "Archived")) == []
    assert fed.id not in software.found()
    assert codes(software.change(entry, "Archived", "Approved")) == []
    assert fed.id in software.found()


def test_another_lot_of_a_known_document_changes_nothing(software: Software, fed: Report) -> None:
    assert software.provide(fed).body.get("status") == SUCCESS
    other = replace(fed, title="Autre titre")
    assert codes(software.provide(other)) == ["XDSNonIdenticalHash"]


def test_the_same_message_gets_its_first_answer_again(software: Software) -> None:
    doctor, who = software.doctor, software.gateway.person()
    what = report(who, author=doctor["id"], house=doctor["organization"])
    kind, body = software.lot(what)
    first, again = (software.send("repository", kind, body)[1] for _ in range(2))
    assert first.body.get("status") == SUCCESS
    assert again.message_id == first.message_id


def test_an_assertion_that_was_used_opens_nothing(software: Software) -> None:
    sent = request(PRESENCE, action="urn:hl7-org:v3:PRPA_IN201307UV02", vihf=software.vihf())
    plain = "application/soap+xml"
    software.send("patients", plain, sent)
    status, answer = software.send("patients", plain, sent)
    assert status == 500
    assert answer.body.findtext("{*}Code/{*}Subcode/{*}Value") == "wsse:InvalidSecurityToken"


def test_what_is_no_request_of_the_dmp_has_its_fault(gateway: Daemon, software: Software) -> None:
    for body in (b"", b"<x/>", request(PRESENCE, action=None, vihf=None)):
        status, answer = software.send("patients", "application/soap+xml", body)
        assert status in (400, 500)
        assert answer.body.findtext("{*}Code/{*}Value") == "soap:Sender"
    assert "gateway_dmp_seconds_count" in gateway.metrics()


def test_who_may_open_a_record_finds_it_among_those_that_she_may_open(software: Software) -> None:
    habilitations, patients = "urn:si-dmp-habilitations", "urn:si-dmp-patients"
    again = software.ask(
        "habilitations",
        f'<setAuthorization xmlns="{habilitations}"><action>AJOUT</action></setAuthorization>',
        f"{habilitations}:HabilitationsEndPoint:setAuthorization",
    )
    assert "déjà présente" in (again.body.findtext(".//{*}context") or "")
    listed = software.ask(
        "habilitations",
        f'<listAuthorizationByPatient xmlns="{habilitations}"><mode>ACTIVE</mode>'
        "</listAuthorizationByPatient>",
        f"{habilitations}:HabilitationsEndPoint:listAuthorizationByPatient",
    )
    assert software.doctor["id"] in [one.text for one in listed.body.iter("{*}nationalId")]
    mine = software.ask(
        "patientsSpecific",
        f'<patientList xmlns="{patients}"/>',
        f"{patients}:PatientSpecificEndPoint:patientList",
    )
    assert software.ins in [one.text for one in mine.body.iter("{*}nationalId")]


class Terminal:
    """Somebody with the card of a physician of the demo."""

    def __init__(self, gateway: Daemon) -> None:
        self.gateway = gateway
        [self.doctor] = (
            one for one in gateway.demo["professionals"] if one["profession"] == "G15_10/SM26"
        )
        self.card = gateway.demo["dmp"]["cards"][self.doctor["id"]]
        self.to = f"dmp+{gateway.places['http']}"

    def paper(self) -> Report:
        who = self.gateway.person()
        return report(who, author=self.doctor["id"], house=self.doctor["organization"])

    def said(self, *words: str, card: str = "") -> Said:
        return command(*words, "--to", self.to, "--card", card or self.card)


@pytest.fixture(scope="module")
def terminal(gateway: Daemon) -> Terminal:
    return Terminal(gateway)


def kept(folder: Path, *papers: Report) -> list[str]:
    """Files of them."""
    files = [folder / f"été {number}.xml" for number, _ in enumerate(papers)]
    for file, paper in zip(files, papers, strict=True):
        file.write_bytes(paper.document())
    return list(map(str, files))


def test_files_of_one_patient_are_one_lot_that_is_found_and_fetched(
    terminal: Terminal, tmp_path: Path
) -> None:
    papers = [terminal.paper(), terminal.paper()]
    files = kept(tmp_path, *papers)
    status, out, _ = terminal.said("send", *files)
    assert (status, out.splitlines()[:2]) == (0, files)
    assert out.count("Success, submission set 2.25.") == 1
    ins = papers[0].who.ins
    status, out, _ = terminal.said("dmp", "find", "--patient", ins)
    listed = {line.split("  ")[0]: line for line in out.splitlines()}
    assert (status, {one.id for one in papers} <= set(listed)) == (0, True)
    assert listed[papers[0].id].endswith(papers[0].title)
    got = tmp_path / "got.xml"
    words = ("dmp", "get", papers[1].id, "--patient", ins, "--out", str(got))
    assert terminal.said(*words).status == 0
    assert (got.read_bytes(), got.stat().st_mode & 0o077) == (papers[1].document(), 0)
    assert terminal.said(*words).status == 2


def test_a_new_version_replaces_the_one_that_it_names(terminal: Terminal, tmp_path: Path) -> None:
    first = terminal.paper()
    second = first.next(title="Compte rendu corrigé")
    for one in (first, second):
        assert terminal.said("send", *kept(tmp_path, one)).status == 0
    _, out, _ = terminal.said("dmp", "find", "--patient", first.who.ins)
    names = [line.split("  ")[0] for line in out.splitlines()]
    assert (second.id in names, first.id in names) == (True, False)


def test_an_archived_document_is_not_replaced_until_it_is_taken_back(
    software: Software, terminal: Terminal, tmp_path: Path
) -> None:
    first = terminal.paper()
    assert terminal.said("send", *kept(tmp_path, first)).status == 0
    entry = software.found()[first.id]
    newer = ("send", *kept(tmp_path, first.next()))
    assert codes(software.change(entry, "Approved", "Archived")) == []
    status, out, _ = terminal.said(*newer)
    assert (status, "Failure" in out, "error XDSReplaceFailed " in out) == (1, True, True)
    assert codes(software.change(entry, "Archived", "Approved")) == []
    assert terminal.said(*newer).status == 0


def test_what_is_refused_says_why_and_ends_with_1(terminal: Terminal, tmp_path: Path) -> None:
    paper = terminal.paper()
    seal = terminal.gateway.demo["dmp"]["sign"][terminal.doctor["organization"]]
    client = terminal.gateway.demo["dmp"]["auth"][terminal.doctor["organization"]]
    [file] = kept(tmp_path, paper)
    note = tmp_path / "note.txt"
    note.write_text("Bonjour")
    status, out, _ = terminal.said("send", str(note), file, card=seal)
    assert (status, "not sent: " in out, "Success" in out) == (1, True, True)
    assert (
        terminal.said("send", file, card=client)
        .out.splitlines()[1]
        .startswith("    fault Sender DMPInvalidCertificate: ")
    )
    who = ("--patient", paper.who.ins)
    status, out, err = terminal.said("dmp", "find", *who, card=seal)
    assert (status, out, err.startswith("fault Sender: ")) == (1, "", True)
    status, out, err = terminal.said("dmp", "get", "1.2.3", *who)
    assert (status, out, "no such document" in err) == (1, "", True)


def test_another_address_than_that_of_the_door_gave_no_answer(terminal: Terminal) -> None:
    words = ("dmp", "find", "--patient", terminal.gateway.person().ins, "--card", terminal.card)
    for path in ("/documents", "/nowhere"):
        status, out, err = command(*words, "--to", terminal.to + path)
        assert (status, out, "does not speak SOAP" in err) == (3, "", True)


def test_a_patient_whom_nobody_knows_has_no_documents(terminal: Terminal) -> None:
    status, out, _ = terminal.said("dmp", "find", "--patient", "299999999999934")
    assert (status, out) == (0, "")
