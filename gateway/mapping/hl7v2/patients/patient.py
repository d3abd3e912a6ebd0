"""PID: who the message is about, as its sender wrote it (HL7V2 section 6)."""

import re

from msgspec import Struct

from gateway.mapping.datatypes.times import date_of
from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.mapping.hl7v2.er7.escapes import unescape
from gateway.mapping.hl7v2.findings import failure
from gateway.mapping.identity import ALL_INS_OIDS, in_capitals
from gateway.records.intake.finding import Finding, doubted
from gateway.records.patients.patient import PatientIdentity

DELETED = '""'
TIME = re.compile(r"(\d{4}(?:\d\d)?|\d{8})(?:(?<=\d{8})\d+(?:\.\d+)?)?(?:[+-]\d{4})?", re.ASCII)
QUALIFIED = "VALI"
SEXES = frozenset((*"FMUOAN", None))
BAD_BIRTH = "PID-7 (date of birth) is not a date: write YYYYMMDD."
INS_ENDED = "The INS of PID-3 has ended (CX.8 is before MSH-7): send the one in force. Held."
BAD_SEX = "PID-8 (sex) is not in table HL70001: write F, M or U."


LOCAL_TYPES = frozenset({"", "PI", "MR", "PT", "PE", "IPP"})
"""CX.5 of a patient's number in a house; a visit, a card or an INS-C (NH) names no patient."""


class Pid(Struct, frozen=True):
    """PID understood: the identity, and the plain facts that CONTRACT section 3 shows."""

    identity: PatientIdentity
    patient_id: str | None
    patient_ids: int
    family: str | None
    given: str | None
    birth_date: str | None
    sex: str | None
    status: str | None
    findings: tuple[Finding, ...]


def read_pid(fields: list[str], marks: Delimiters, charset: str, *, on: str = "") -> Pid:
    """Reads one PID segment; `fields[n]` is PID-n, `on` the day of MSH-7 (YYYYMMDD, "" for none),
    at which an INS may have ended (CX.8)."""
    fields = fields + [""] * (33 - len(fields))
    reader = _Reader(marks, charset)
    ids = [cx for cx in reader.repetitions(fields[3]) if reader.leaf(cx, 0)]
    names, places = reader.repetitions(fields[5]), reader.repetitions(fields[11])
    findings: list[Finding] = []
    in_force = [cx for cx in ids if not _has_ended(cx, on)]
    ins, ins_oid = _ins(in_force, reader, findings)
    if ins is None and len(in_force) < len(ids):
        ins, ins_oid = _ins(ids, reader, findings)
        findings += [doubted("ins-ended", "PID-3", INS_ENDED)] if ins else []
    birth = _of_type(names, 6, "L") or _untyped(names)
    used = _of_type(names, 6, "D")
    written = fields[7].split(marks.component, 1)[0]
    born = date_of(written)
    statuses = [(reader.leaf(one, 0) or "").strip() for one in reader.repetitions(fields[32])]
    sex = reader.first(fields[8])
    place = reader.leaf(_of_type(places, 6, "BDL"), 8)
    birth_names = [reader.leaf(birth, number) for number in range(3)]
    identity = PatientIdentity(
        ins=ins,
        ins_oid=ins_oid,
        other_ids=_other_ids(ids, reader),
        birth_family=birth_names[0],
        birth_given=birth_names[1],
        birth_givens=birth_names[2],
        used_family=reader.leaf(used, 0),
        used_given=reader.leaf(used, 1),
        birth_date=born,
        sex=sex,
        birth_place=place,
        traits_complete=_complete(ins, birth_names, born, sex, place),
    )
    findings += _field_findings(fields, ids, born, sex)
    findings += _twice_findings(names, places, reader)
    return Pid(
        identity=identity,
        patient_id=reader.leaf(ids[0], 0) if ids else None,
        patient_ids=reader.count(fields[3]),
        family=reader.leaf(names[0] if names else [], 0),
        given=reader.leaf(names[0] if names else [], 1),
        birth_date=_digits_of(written),
        sex=sex,
        status=DELETED if fields[32] == DELETED else _status(statuses),
        findings=tuple(findings),
    )


def _digits_of(written: str) -> str | None:
    """Year, month and day of a PID-7 as sent, as far as it goes; None of what is not written as a
    time of HL7 (2.5, 2.A.77: an offset may follow any precision)."""
    found = TIME.fullmatch(written.strip())
    return found[1] if found else None


def read_ids(value: str, marks: Delimiters, charset: str, *, on: str = "") -> PatientIdentity:
    """The INS and the usable local identifiers of one field of type CX (PID-3, MRG-1).

    Usable: of a patient's number (CX.5), under an authority (CX.4), not ended (CX.8) on `on`
    (YYYYMMDD, "" for not asked).
    """
    reader = _Reader(marks, charset)
    ids = [cx for cx in reader.repetitions(value) if reader.leaf(cx, 0)]
    ins, ins_oid = _ins(ids, reader, [])
    usable = [cx for cx in ids if _is_local(cx) and not _has_ended(cx, on)]
    return PatientIdentity(ins=ins, ins_oid=ins_oid, other_ids=_other_ids(usable, reader))


def _is_local(cx: list[str]) -> bool:
    return (cx[4] if len(cx) > 4 else "") in LOCAL_TYPES


def _has_ended(cx: list[str], on: str) -> bool:
    end = cx[7][:8] if len(cx) > 7 else ""
    return bool(on) and len(end) == 8 and end.isdigit() and end < on


class _Reader:
    """Repetitions, components and leaves of one message's separators."""

    def __init__(self, marks: Delimiters, charset: str) -> None:
        self._marks = marks
        self._charset = charset

    def repetitions(self, value: str) -> list[list[str]]:
        """The components of each repetition that has any: what stands empty behind a delimiter, or
        blank behind a value, says nothing (HL7 2.5, 2.5.3 and 2.A.75)."""
        if not value or value == DELETED:
            return []
        mark = self._marks.repetition
        parts = value.split(mark) if mark and mark in value else [value]
        read = [self.components(part) for part in parts]
        return [one for one in read if any(one)]

    def count(self, value: str) -> int:
        """Of repetitions as they were sent, those that are empty aside."""
        if value == DELETED:
            return 0
        mark = self._marks.repetition
        return sum(map(bool, value.split(mark) if mark else [value]))

    def components(self, value: str) -> list[str]:
        """Deleted ones are empty: nothing is held here that they would delete."""
        parts, mark = value.split(self._marks.component), self._marks.subcomponent
        if DELETED in value:
            parts = ["" if one == DELETED else one for one in parts]
        if " " not in value and not (mark and mark in value):
            return parts
        return [one.rstrip(" ").rstrip(mark) for one in parts]

    def first(self, value: str) -> str | None:
        """Of a coded field: IS has one component, CWE (PID-8 from 2.8 on) its words behind it."""
        code = self.leaf(self.components(value), 0)
        return code and code.strip()

    def leaf(self, parts: list[str], at: int) -> str | None:
        """One component's first subcomponent, unescaped; None where empty or deleted."""
        return self.value(parts[at]) if at < len(parts) and parts[at] else None

    def value(self, text: str) -> str | None:
        mark = self._marks.subcomponent
        if mark and mark in text:
            text = text.split(mark, 1)[0]
        if not text or text == DELETED:
            return None
        return unescape(text, self._marks, self._charset)

    def authority(self, parts: list[str]) -> tuple[str, str]:
        """CX.4 as namespace and universal id; an OID of the INS may stand for both."""
        if len(parts) < 4:
            return "", ""
        mark = self._marks.subcomponent
        named = parts[3].split(mark) if mark else [parts[3]]
        namespace, oid = named[0].strip(), named[1].strip() if len(named) > 1 else ""
        if not oid and namespace in ALL_INS_OIDS:
            return "", namespace
        return "" if namespace == DELETED else namespace, "" if oid == DELETED else oid


def _ins(
    ids: list[list[str]], reader: _Reader, findings: list[Finding]
) -> tuple[str | None, str | None]:
    """Decided by OID; type INS under an unknown OID is taken too and refused by its OID."""
    named = [(reader.leaf(cx, 0), reader.authority(cx)[1], cx[4:5]) for cx in ids]
    by_oid = [(ins, oid) for ins, oid, _ in named if oid in ALL_INS_OIDS]
    found = by_oid or [(ins, oid) for ins, oid, kind in named if kind == ["INS"]]
    if len(set(found)) > 1:
        text = "PID-3 holds more than one INS: send one patient a message."
        findings.append(failure("several-ins", "PID-3", 198, text))
    if not found:
        return None, None
    ins, oid = found[0]
    return ins, oid or None


def _other_ids(ids: list[list[str]], reader: _Reader) -> tuple[str, ...]:
    """Local identifiers as "root^extension"; the root is the OID, else the namespace."""
    others = []
    for cx in ids:
        namespace, oid = reader.authority(cx)
        if oid in ALL_INS_OIDS or (len(cx) > 4 and cx[4] == "INS"):
            continue
        root = oid or namespace
        if root:
            others.append(f"{root}^{reader.leaf(cx, 0) or ''}")
    return tuple(others)


def _of_type(repetitions: list[list[str]], at: int, kind: str) -> list[str]:
    return next((parts for parts in repetitions if len(parts) > at and parts[at] == kind), [])


def _untyped(names: list[list[str]]) -> list[str]:
    """A single name without type is the birth name; among several, none is."""
    if len(names) == 1 and not any(names[0][6:7]):
        return names[0]
    return []


def _status(statuses: list[str]) -> str | None:
    """The first status that is not VALI, so that a contrary sign is never overlooked."""
    contrary = [status for status in statuses if status and status != QUALIFIED]
    return next(iter(contrary or [status for status in statuses if status]), None)


def _complete(ins: str | None, names: list[str | None], *traits: str | None) -> bool:
    """CDA.md rule H15: with an INS, the birth name, both given name fields and the rest."""
    return bool(ins) and all(names) and all(traits)


def _field_findings(
    fields: list[str], ids: list[list[str]], born: str | None, sex: str | None
) -> list[Finding]:
    findings = []
    if not ids:
        findings.append(failure("required", "PID-3", 101, "PID-3 (patient identifiers) is empty."))
    if fields[7] and fields[7] != DELETED and born is None:
        findings.append(failure("date", "PID-7", 102, BAD_BIRTH))
    if sex not in SEXES:
        findings.append(failure("sex", "PID-8", 103, BAD_SEX))
    return findings


def _twice_findings(
    names: list[list[str]], places: list[list[str]], reader: _Reader
) -> list[Finding]:
    """A trait has one value: PID-5 type L twice with other names, PID-11 type BDL with other
    places. Which one is right is for a person to say."""
    findings = []
    if _differ(names, 6, "L", (0, 1), reader):
        text = "PID-5 holds several birth names (type L): send one, the other names as type D."
        findings.append(doubted("several-names", "PID-5", text))
    if _differ(places, 6, "BDL", (8,), reader):
        text = "PID-11 holds several birth places (type BDL): send one."
        findings.append(doubted("several-places", "PID-11", text))
    return findings


def _differ(
    repetitions: list[list[str]], at: int, kind: str, leaves: tuple[int, ...], reader: _Reader
) -> bool:
    """Whether two repetitions of one type state another value; an empty one states nothing."""
    typed = [parts for parts in repetitions if len(parts) > at and parts[at] == kind]
    if len(typed) < 2:
        return False
    stated = ({in_capitals(reader.leaf(one, n) or "") for one in typed} - {""} for n in leaves)
    return any(len(values) > 1 for values in stated)
