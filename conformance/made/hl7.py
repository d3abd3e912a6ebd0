"""HL7v2 messages as rows that a check can change, then written."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from conformance.made.cda import Paper
from conformance.made.person import Person

AT = "20260115101500+0100"
USUAL = "|^~\\&"
VOLET_PROFILE = "2.1^CISIS_CDA_HL7_V2"
FLAGS = (
    "MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REP_LEGAUX", "CONNEXION_SECRETE",
    "MODIF_CONF_CODE", "DESTDMP", "DESTMSSANTEPS", "DESTMSSANTEPAT", "ACK_RECEPTION",
    "ACK_LECTURE_MSS",
)  # fmt: skip
ACTIONS = {
    "create": ("T02", "NW", "F"),
    "replace": ("T10", "RO", "C"),
    "delete": ("T04", "CA", "D"),
}
Fields = dict[int, str]


@dataclass
class Draft:
    """A message before it is written: (segment name, values by field number) in order.

    MSH-1 and MSH-2 follow from `separators`; fields are numbered as the standard numbers them.
    """

    rows: list[tuple[str, Fields]]
    separators: str = "|^~\\&"
    end: str = "\r"
    last_end: bool = True
    charset: str = "utf-8"

    def row(self, name: str, nth: int = 0) -> Fields:
        """Raises IndexError when the draft has no such segment."""
        return [fields for one, fields in self.rows if one == name][nth]

    def set(self, name: str, number: int, value: str, nth: int = 0) -> "Draft":
        self.row(name, nth)[number] = value
        return self

    def drop(self, name: str) -> "Draft":
        self.rows = [one for one in self.rows if one[0] != name]
        return self

    def add(self, name: str, fields: Mapping[int, str], *, after: str = "") -> "Draft":
        """At the end, or after the last segment called `after`."""
        places = [place for place, (one, _) in enumerate(self.rows) if one == after]
        self.rows.insert(places[-1] + 1 if places else len(self.rows), (name, dict(fields)))
        return self

    @property
    def control(self) -> str:
        return self.row("MSH").get(10, "")

    def text(self) -> str:
        written = self.end.join(written_row(name, fields, self.separators)
                                for name, fields in self.rows)  # fmt: skip
        return written + (self.end if self.last_end else "")

    def raw(self) -> bytes:
        return self.text().encode(self.charset)


def written_row(name: str, fields: Mapping[int, str], separators: str) -> str:
    bar, first = separators[0], 3 if name == "MSH" else 1
    values = [fields.get(number, "") for number in range(first, max(fields, default=0) + 1)]
    head = [name, separators[1:]] if name == "MSH" else [name]
    own = in_place_of_usual(separators)
    return bar.join([*head, *(one.translate(own) for one in values)])


@cache
def in_place_of_usual(separators: str) -> dict[int, int]:
    """Values are written with the usual encoding characters, and sent with the draft's own."""
    return str.maketrans(USUAL, (separators + USUAL[len(separators) :])[:5])


def msh(event: str, control: str, *, version: str = "2.5") -> Fields:
    return {
        3: "KIT", 4: "CONFORMITE", 5: "CIBLE", 6: "PASSERELLE", 7: AT, 9: event, 10: control,
        11: "T", 12: version, 17: "FRA", 18: "UNICODE UTF-8",
    }  # fmt: skip


def ins_id(who: Person, *, authority: str = "ASIP-SANTE-INS-NIR", kind: str = "INS") -> str:
    return f"{who.ins}^^^{authority}&{who.oid}&ISO^{kind}"


def pid(who: Person, *, status: str = "VALI") -> Fields:
    return {
        1: "1", 3: ins_id(who), 5: f"{who.family}^{who.given}^{who.givens}^^^^L", 7: who.birth,
        8: who.sex, 11: f"^^^^^^BDL^^{who.place}", 32: status,
    }  # fmt: skip


def results(who: Person, control: str) -> Draft:
    """An ORU^R01 of two result rows, without a document."""
    usual = {1: "1", 2: "NM", 3: "718-7^Hémoglobine^LN", 5: "13.4", 6: "g/dL", 7: "12.0-16.0",
             8: "N", 11: "F", 14: "20260115"}  # fmt: skip
    other = {1: "2", 2: "NM", 3: "6690-2^Leucocytes^LN", 5: "12.4", 6: "10*9/L", 7: "4.0-10.0",
             8: "H", 11: "F", 14: "20260115"}  # fmt: skip
    order = {1: "1", 3: f"{control}-A", 4: "58410-2^Hémogramme^LN", 7: "20260115081500",
             22: AT, 24: "LAB", 25: "F"}  # fmt: skip
    rows = [("MSH", msh("ORU^R01^ORU_R01", control)), ("PID", pid(who)), ("PV1", {1: "1", 2: "N"}),
            ("OBR", order), ("OBX", usual), ("OBX", other)]  # fmt: skip
    return Draft(rows)


def adt(who: Person, control: str) -> Draft:
    """An ADT^A31 that says again what is known."""
    head = msh("ADT^A31^ADT_A05", control)
    return Draft([("MSH", head), ("EVN", {2: AT}), ("PID", pid(who)), ("PV1", {1: "1", 2: "N"})])


def oru(paper: Paper, control: str, *, action: str = "create") -> Draft:
    """An ORU^R01 with one document (volet, profile ORU 2.5)."""
    _, order, status = ACTIONS[action]
    rows = [
        ("MSH", msh("ORU^R01^ORU_R01", control) | {21: VOLET_PROFILE}),
        ("PID", pid(paper.who)),
        ("PV1", {1: "1", 2: "N"}),
        ("ORC", {1: order}),
        ("OBR", {1: "1", 4: coded(paper), 7: AT}),
        ("OBX", document_row(paper, status, text="TEXT")),
        ("PRT", sender_row(paper)),
    ]
    return with_flags(Draft(rows), kind="CE")


def mdm(paper: Paper, control: str, *, action: str = "create") -> Draft:
    """An MDM with one document (volet, profile MDM 2.6)."""
    event, order, status = ACTIONS[action]
    txa = {1: "1", 2: paper.type, 3: "TEXT", 4: AT, 12: paper.id, 13: paper.replaces, 17: "AU"}
    rows = [
        ("MSH", msh(f"MDM^{event}^MDM_T02", control, version="2.6") | {21: VOLET_PROFILE}),
        ("EVN", {2: AT}),
        ("PID", pid(paper.who)),
        ("PV1", {1: "1", 2: "N"}),
        ("ORC", {1: order}),
        ("OBR", {1: "1", 4: coded(paper), 7: AT}),
        ("TXA", txa),
        ("OBX", document_row(paper, status, text="text")),
        ("PRT", sender_row(paper)),
    ]
    return with_flags(Draft(rows), kind="CWE")


def coded(paper: Paper) -> str:
    return f"{paper.type}^{paper.display}^LN"


def document_row(paper: Paper, status: str, *, text: str) -> Fields:
    data = base64.b64encode(paper.cda()).decode()
    return {1: "1", 2: "ED", 3: coded(paper), 5: f"^{text}^XML^Base64^{data}", 11: status}


def sender_row(paper: Paper) -> Fields:
    """PRT of role SB: who sends (volet, required for the DMP)."""
    return {
        2: "UC", 4: "SB^^participation",
        5: f"{paper.author}^TESTEUR^Lou^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS",
        8: f"Laboratoire fictif^^^^^ASIP-SANTE-ST&1.2.250.1.71.4.2.2&ISO^FINEG^^^{paper.house}",
    }  # fmt: skip


def recipient_row(address: str, *, role: str = "RCT") -> Fields:
    return {2: "UC", 4: f"{role}^^participation", 15: f"^^X.400^{address}"}


def with_flags(draft: Draft, *, kind: str, system: str = "MetaDMPMSS", **values: str) -> Draft:
    """The flags of the volet after everything else, N unless said (DESTDMP is Y)."""
    said = {"DESTDMP": "Y"} | values
    draft.rows = [one for one in draft.rows if one[1].get(3, "").split("^")[0] not in FLAGS]
    for number, name in enumerate(FLAGS, 2):
        value = f"{said.get(name, 'N')}^^expandedYes-NoIndicator"
        row = {1: str(number), 2: kind, 3: f"{name}^{name}^{system}", 5: value, 11: "F"}
        draft.add("OBX", row)
    return draft
