"""What senders send in these tests: messages and documents about the demo's invented people."""

import base64
import itertools
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from cda_sample import cda, patient_id, replacing, section

from gateway.daemon.demo.people import ins_of
from gateway.mapping.cda import read_cda
from gateway.mapping.xdm.write import Editor, pack
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Submission
from gateway.records.patients.patient import PatientIdentity

ROOT = "1.2.250.1.999.30"
AUTHOR, HOUSE = "899700000000", "1999999999"
AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
EDITOR = Editor(author="Lou Testeur", organization="Laboratoire fictif", organization_id=HOUSE)
_numbers = itertools.count(1)


def number() -> int:
    """Never the same twice in a run: for control ids and the ids of documents."""
    return next(_numbers)


@dataclass(frozen=True, slots=True)
class Person:
    """The traits of one line of `demo.patients`."""

    ins: str
    oid: str
    family: str
    given: str
    givens: str
    birth: str
    sex: str
    place: str

    @classmethod
    def of(cls, line: dict[str, Any]) -> "Person":
        return cls(
            line["ins"],
            line["ins_oid"],
            line["birth_family"],
            line["birth_given"],
            line["birth_givens"],
            line["birth_date"].replace("-", ""),
            line["sex"],
            line["birth_place"],
        )

    @property
    def identity(self) -> PatientIdentity:
        """All of it, as a qualified identity stands in the index."""
        return PatientIdentity(
            ins=self.ins,
            ins_oid=self.oid,
            birth_family=self.family,
            birth_given=self.given,
            birth_givens=self.givens,
            birth_date=f"{self.birth[:4]}-{self.birth[4:6]}-{self.birth[6:]}",
            sex=self.sex,
            birth_place=self.place,
            traits_complete=True,
        )


ANA = Person(
    "255089999999966", "1.2.250.1.213.1.4.10", "PATTE", "Ana", "Ana Lise", "19550815", "F", "51215"
)


def stranger(order: int = 321) -> Person:
    """Somebody whom no demo knows, with an INS of test and its right key."""
    born = datetime(1961, 4, 17, tzinfo=UTC).date()
    ins = ins_of("F", born, "59350", order)
    oid = "1.2.250.1.213.1.4.10"
    return Person(ins, oid, "Inconnu", "Alix", "Alix", "19610417", "F", "59350")


def msh(event: str, control: str, *, version: str = "2.5", application: str = "LABO") -> str:
    profile = "|||2.1^CISIS_CDA_HL7_V2" if event.startswith("MDM") else ""
    return (
        f"MSH|^~\\&|{application}|CHARMES|PASSERELLE|VAULT|20260115101500+0100||{event}|{control}"
        f"|T|{version}|||||FRA|UNICODE UTF-8{profile}"
    )


def pid(who: Person, *, status: str = "VALI", local: str = "", with_ins: bool = True) -> str:
    ids = [f"{who.ins}^^^ASIP-SANTE-INS-NIR&{who.oid}&ISO^INS"] if with_ins else []
    ids += [f"{local}^^^CHARMES&1.2.250.1.999.31&ISO^PI"] if local else []
    return (
        f"PID|1||{'~'.join(ids)}||{who.family}^{who.given}^{who.givens}^^^^L||{who.birth}"
        f"|{who.sex}|||^^^^^^BDL^^{who.place}|||||||||||||||||||||{status}"
    )


def message(*segments: str) -> bytes:
    return "".join(f"{segment}\r" for segment in segments).encode()


def results(who: Person, control: str, *, value: str = "13.4", **traits: Any) -> bytes:
    """An ORU^R01 of result rows; its order number is the control id."""
    application = traits.pop("application", "LABO")
    return message(
        msh("ORU^R01^ORU_R01", control, application=application),
        pid(who, **traits),
        f"OBR|1||{control}-A|58410-2^Hémogramme^LN|||20260115081500|||||||||||||||20260115||LAB|F",
        f"OBX|1|NM|718-7^Hémoglobine^LN||{value}|g/dL|12.0-16.0|N|||F|||20260115",
        "OBX|2|NM|6690-2^Leucocytes^LN||12.4|10*9/L|4.0-10.0|H|||F|||20260115",
    )


def adt(who: Person, control: str, *, local: str = "") -> bytes:
    """An ADT^A31 that states a qualified identity."""
    return message(
        msh("ADT^A31^ADT_A05", control), "EVN||20260115101500", pid(who, local=local), "PV1|1|N"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One version of a report; `document` writes it as CDA."""

    who: Person
    id: str
    set_id: str
    version: int = 1
    replaces: str = ""
    type: str = "11502-2"
    display: str = "CR d'examens biologiques"
    title: str = "Compte rendu fictif"
    narrative: str = "Rien de vrai ici."
    entries: str = ""
    author: str = AUTHOR
    house: str = HOUSE

    def next(self, **changes: Any) -> "Report":
        """A new version that names this one as the one it replaces."""
        return replace(
            self, id=f"{ROOT}.1.{number()}", version=self.version + 1, replaces=self.id, **changes
        )

    def document(self) -> bytes:
        who = self.who
        narrative = f"<paragraph>{self.narrative}</paragraph>"
        return cda(
            id=self.id,
            set_id=self.set_id,
            version=str(self.version),
            type=self.type,
            display=self.display,
            title=self.title,
            author=self.author,
            house=self.house,
            patient_ids=patient_id(who.ins, who.oid),
            family=who.family,
            given=who.given,
            givens=who.givens,
            sex=who.sex,
            birth=who.birth,
            place=who.place,
            related=replacing(self.replaces) if self.replaces else "",
            sections=section("Résultats", narrative, entries=self.entries, loinc="30954-2"),
        ).encode()


def report(who: Person, **more: Any) -> Report:
    one = number()
    return Report(who=who, id=f"{ROOT}.1.{one}", set_id=f"{ROOT}.2.{one}", **more)


EVENTS = {"create": ("T02", "NW", "F"), "replace": ("T10", "RO", "C"), "delete": ("T04", "CA", "D")}


def mdm(what: Report, control: str, *, action: str = "create", application: str = "RIS") -> bytes:
    """An MDM of one ED; `action` is create, replace or delete."""
    event, order, status = EVENTS[action]
    body = base64.b64encode(what.document()).decode()
    return message(
        msh(f"MDM^{event}^MDM_T02", control, version="2.6", application=application),
        "EVN||20260115101500",
        pid(what.who),
        "PV1|1|N",
        f"ORC|{order}",
        f"OBR|1|||{what.type}^{what.display}^LN",
        f"TXA|1|{what.type}|TEXT|20260115||||||||{what.id}|{what.replaces}||||AU",
        f"OBX|1|ED|{what.type}^{what.display}^LN||^text^XML^Base64^{body}||||||{status}",
    )


def archive(what: Report) -> bytes:
    """An IHE_XDM.ZIP of one document."""
    body = what.document()
    read = read_cda(body, DEFAULT_READING).document
    assert read is not None
    submission = Submission(
        unique_id=f"{what.id}.9",
        source_id=f"1.2.250.1.71.4.2.2.{HOUSE}",
        patient_id=f"{what.who.oid}^{what.who.ins}",
        time="2026-01-15T09:30:00Z",
        content_type="07",
        author="Lou TESTEUR",
    )
    return pack([(read, body)], submission, editor=EDITOR, at=AT)


def mail(what: Report, sender: str) -> EmailMessage:
    """The secure mail that carries the archive to the patient's own mailbox."""
    who = what.who
    born = f"{who.birth[6:]}/{who.birth[4:6]}/{who.birth[:4]}"
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = f"{who.ins}@patient.mssante.fr"
    mail["Message-ID"] = f"<{what.id}@labo.exemple.test>"
    mail["Date"] = "Thu, 15 Jan 2026 10:15:00 +0100"
    mail["Subject"] = f"XDM/1.0/DDM+{what.title} {who.family} {who.given} {born}"
    mail["X-MSS-INS"] = "O"
    mail["X-MSS-CODECDA"] = what.type
    mail.set_content("Un document fictif est joint.\n")
    mail.add_attachment(
        archive(what), maintype="application", subtype="zip", filename="IHE_XDM.ZIP"
    )
    return mail
