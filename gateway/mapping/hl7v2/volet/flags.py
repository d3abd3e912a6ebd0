"""The orders that travel with a document: OBX of system MetaDMPMSS (XDM_HL7V2 section A5).

Orders are never results. An order that we cannot honour is refused, not passed over: most of
them hide a document from somebody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.mapping.hl7v2.control.header import component
from gateway.mapping.hl7v2.control.profile import Profile
from gateway.mapping.hl7v2.er7.segments import Row, place_of
from gateway.mapping.hl7v2.er7.splitter import Split
from gateway.mapping.hl7v2.findings import failure, info, warning
from gateway.records.intake.finding import Finding
from gateway.records.readers.access import FLAGS as DECIDED
from gateway.records.readers.access import MAIL_MATRIX

FLAGS = {
    name: name
    for name in (
        "MASQUE_PS",
        "INVISIBLE_PATIENT",
        "INVISIBLE_REP_LEGAUX",
        "CONNEXION_SECRETE",
        "MODIF_CONF_CODE",
        "DESTDMP",
        "DESTMSSANTEPS",
        "DESTMSSANTEPAT",
        "ACK_RECEPTION",
        "ACK_LECTURE_MSS",
    )
} | {
    "INVISIBLE_REPRESENTANTS_LEGAUX": "INVISIBLE_REP_LEGAUX",
    "INVISIBLE_REPRENSANTS_LEGAUX": "INVISIBLE_REP_LEGAUX",
    "MODIF_CONFIDENTIALITYCODE": "MODIF_CONF_CODE",
}
"""OBX-3.1 of the orders, by any version of the guide (one is misspelt there) -> 2.1 names."""
IGNORED = frozenset(("ACK_LECTURE", "COMP_LOT"))
"""Orders of older profiles to nobody here (1.0 to practice software; 1.2), and no results."""
MAIL_BODIES = frozenset(("CORPSMAIL_PS", "CORPSMAIL_PATIENT"))
SYSTEM = "METADMPMSS"
"""In capitals, as every name here is compared."""
HIDING = ("INVISIBLE_", "MASQUE_")
"""How the names of orders begin that hide a document: known or not, they are orders."""
SIGNS = ("_", "DEST", SYSTEM)
"""Every order has one of these in its OBX-3: rows without any are results and documents."""
CONFIDENTIALITY = {
    "MASQUE_PS": "MASQUE_PS",
    "INVISIBLE_PATIENT": "INVISIBLE_PATIENT",
    "INVISIBLE_REP_LEGAUX": "INVISIBLE_REPRESENTANTS_LEGAUX",
}
"""Flag -> code of 1.2.250.1.213.1.1.4.13 (XDM_HL7V2 A5)."""
REQUIRED = (*DECIDED, "MODIF_CONF_CODE")
REQUIRED_FROM_2_1 = ("ACK_RECEPTION", "ACK_LECTURE_MSS")
REQUIRED_BY_LPS = ("MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REP_LEGAUX", "MODIF_CONF_CODE")
YES, NO = "Y", "N"
END = "FIN"


@dataclass(slots=True)
class Orders:
    """`flags` by their 2.1 names, `last_word` that the patient may not answer (NTE-4 FIN), and
    what is wrong with single orders."""

    flags: dict[str, str] = field(default_factory=dict)
    last_word: bool = False
    findings: list[Finding] = field(default_factory=list)


def part_orders(rows: Sequence[Row], split: Split) -> tuple[Orders, list[Row]]:
    """Orders apart from documents, mail bodies and results, of whatever type OBX-2 says."""
    if not _may_hold_orders(rows):
        return Orders(), list(rows)
    orders, others = Orders(), []
    mark = split.marks.component
    for row in rows:
        named = row.fields[3].upper()
        name = _order_name(named.split(mark, 1)[0].strip(), named)
        if not name or (row.fields[2] == "ED" and name not in FLAGS):
            others.append(row)
        elif name not in IGNORED:
            _take(orders, name, row, split)
    return orders, others


def _may_hold_orders(rows: Sequence[Row]) -> bool:
    """One look at all names together: nearly all messages are forty results and no order."""
    names = "\r".join([row.fields[3] for row in rows]).upper()
    return any(map(names.__contains__, SIGNS))


def _order_name(code: str, named: str) -> str:
    """ "" for what is no order: a result, a document, the body of a mail."""
    if code in MAIL_BODIES:
        return ""
    if code in FLAGS or code in IGNORED:
        return code
    return code or "?" if SYSTEM in named or code.startswith(HIDING) else ""


def _take(orders: Orders, name: str, row: Row, split: Split) -> None:
    value = component(row.fields[5], 1, split.marks).strip()
    flag = FLAGS.get(name)
    if flag is None:
        orders.findings.append(_unknown(row, value))
        return
    if value not in (YES, NO):
        text = f"{flag} must be Y or N."
        orders.findings.append(failure("flag-value", place_of(row, 5), 103, text))
    elif orders.flags.get(flag, value) != value:
        text = f"{flag} is said twice, and not the same."
        orders.findings.append(failure("flag-twice", place_of(row, 5), 198, text))
    orders.flags[flag] = value
    if flag == "DESTMSSANTEPAT" and value == YES:
        orders.last_word = _ends_the_talk(row, split)


def _unknown(row: Row, value: str) -> Finding:
    if value in (NO, ""):
        return warning("flag-unknown", place_of(row, 3), "No order of the guide has this code.")
    text = "No order of the guide has this code: what it asks cannot be done. Correct OBX-3."
    return failure("flag-unknown", place_of(row, 3), 103, text)


def _ends_the_talk(row: Row, split: Split) -> bool:
    """An NTE with NTE-4 FIN right after the order (XDM_HL7V2 A5)."""
    for number in range(row.line + 1, len(split.lines)):
        name = split.lines[number][:3]
        if name[0] == "Z":
            continue
        if name != "NTE":
            return False
        fields = split.fields(number)
        if len(fields) > 4 and END in fields[4].upper().split(split.marks.component):
            return True
    return False


def visibility(flags: Mapping[str, str]) -> tuple[str, ...]:
    """The confidentiality codes that the flags add to a document."""
    return tuple(code for flag, code in CONFIDENTIALITY.items() if flags.get(flag) == YES)


def flag_findings(flags: Mapping[str, str], profile: Profile, *, strict: bool) -> list[Finding]:
    """Contradictions between hiding and mailing, by the sure rules of XDM_HL7V2 A5, and orders
    that the profile of the message requires and it lacks."""
    findings = []
    to_patient = flags.get("DESTMSSANTEPAT") == YES
    to_professionals = flags.get("DESTMSSANTEPS") == YES
    if to_professionals and flags.get("MASQUE_PS") == YES:
        text = "A document hidden from professionals (MASQUE_PS) is not mailed to them."
        findings.append(failure("mail-hidden", "OBX-5", 199, text))
    if to_patient and flags.get("INVISIBLE_PATIENT") == YES:
        text = "A document hidden from the patient (INVISIBLE_PATIENT) is not mailed to them."
        findings.append(failure("mail-hidden", "OBX-5", 199, text))
    missing = [name for name in _required(profile) if name not in flags]
    if missing:
        text = f"The profile of MSH-21 asks for these orders: {', '.join(missing)}."
        told = failure("flag-missing", "OBX-3", 101, text)
        findings.append(told if strict else info("flag-missing", "OBX-3", text))
    return findings


def matrix_findings(flags: Mapping[str, str]) -> list[Finding]:
    """A mail that none of the three published combinations knows (A5, ACCESS F62)."""
    mailed = YES in (flags.get("DESTMSSANTEPS"), flags.get("DESTMSSANTEPAT"))
    if not mailed or _in_matrix(flags):
        return []
    text = "This combination of flags is not in the published mail matrix."
    return [failure("mail-matrix", "OBX-5", 199, text)]


def _required(profile: Profile) -> tuple[str, ...]:
    if profile.to_practice:
        return REQUIRED_BY_LPS
    if not profile.of_creator:
        return ()
    return REQUIRED + (REQUIRED_FROM_2_1 if profile.since_2_1 else ())


def _in_matrix(flags: Mapping[str, str]) -> bool:
    """A value that is neither Y nor N is in no combination."""
    return any(
        all(flags.get(flag, NO) == (YES if wanted else NO) for flag, wanted in row.items())
        for row in MAIL_MATRIX
    )
