"""Everybody and every act: the table of answers of ACCESS sections 3 and 4, dates aside."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from rule_table import Table, row

from gateway.records.readers.access import (
    AccessAction,
    Application,
    CareConsent,
    Circumstances,
    Entry,
    Manage,
    NoticeKind,
    Origin,
    Reader,
    ReaderKind,
    Representative,
)

NOW = datetime(2026, 3, 15, 10, tzinfo=UTC)
THREE_WEEKS_AGO = NOW - timedelta(days=21)
SCOPES = ("read", "write", "sync")


def professional(name: str) -> Reader:
    return Reader(kind=ReaderKind.PROFESSIONAL, id=name, profession="G15_10")


WHO: dict[str, Reader] = {
    "patient": Reader(kind=ReaderKind.PATIENT, id="p"),
    "somebody unproved": Reader(kind=ReaderKind.PATIENT, id="p", authenticated=False),
    "parent": Reader(kind=ReaderKind.REPRESENTATIVE, id="parent"),
    "guardian": Reader(kind=ReaderKind.REPRESENTATIVE, id="guardian"),
    "false parent": Reader(kind=ReaderKind.REPRESENTATIVE, id="x"),
    "caregiver": Reader(kind=ReaderKind.CAREGIVER, id="caregiver"),
    "false caregiver": Reader(kind=ReaderKind.CAREGIVER, id="x"),
    "application": Reader(kind=ReaderKind.APPLICATION, id="app", scopes=SCOPES),
    "narrow application": Reader(kind=ReaderKind.APPLICATION, id="app"),
    "false application": Reader(kind=ReaderKind.APPLICATION, id="x", scopes=SCOPES),
    "author": professional("author"),
    "professional": professional("other"),
    "professional without consent": professional("nobody"),
    "author's system": Reader(kind=ReaderKind.SYSTEM, id="s", organisation="org"),
    "system": Reader(kind=ReaderKind.SYSTEM, id="x", organisation="elsewhere"),
    "operator": Reader(kind=ReaderKind.OPERATOR, id="o"),
    "auditor": Reader(kind=ReaderKind.AUDITOR, id="u"),
    "employer": Reader(kind=ReaderKind.THIRD_PARTY, id="t"),
}
REPRESENTATIVES = (
    Representative(id="parent", role="parent"),
    Representative(id="guardian", role="guardian"),
)
CAREGIVERS = (Entry(id="caregiver"),)
APPLICATIONS = (Application(id="app", scopes=SCOPES),)
CONSENTS = tuple(CareConsent(id=one, to="professional") for one in ("author", "other"))

PLAIN_ACTS = [act for act in AccessAction if act.value not in ("mail", "notify", "manage")]
ACTS: dict[str, tuple[AccessAction, Circumstances]] = {
    **{act.value: (act, Circumstances()) for act in PLAIN_ACTS},
    **{f"mail {o}": (AccessAction.MAIL, Circumstances(origin=o)) for o in Origin},
    **{f"notify {n}": (AccessAction.NOTIFY, Circumstances(notice=n)) for n in NoticeKind},
    **{f"manage {m}": (AccessAction.MANAGE, Circumstances(manage=m)) for m in Manage},
}
STATUSES = ("current", "superseded", "deleted", "held")
CODES = {
    "plain": ("N",),
    "masked": ("MASQUE_PS",),
    "restricted": ("V",),
    "waiting": ("INVISIBLE_PATIENT",),
    "secret": ("INVISIBLE_REPRESENTANTS_LEGAUX",),
}
TYPES = {
    "report": "11488-4",
    "refund": "REMB",
    "own": "DOCPAT01",
    "certificate": "96874-3",
    "will": "EXPPAT_3",
}
BY_PATIENT = {"own", "certificate", "will"}
ACCOUNTS = ("not_created", "open", "active", "opposed", "closed", "archived", "no feeding")
IDENTITIES = ("qualified", "unqualified")
AGES = {"adult": date(1980, 1, 1), "minor": date(2015, 6, 1)}

PATIENT = {"patient", "somebody unproved"}
PARENTS = {"parent", "guardian", "false parent"}
CARERS = {"caregiver", "false caregiver"}
APPS = {"application", "narrow application", "false application"}
PATIENT_SIDE = PATIENT | PARENTS | CARERS | APPS
PROFESSIONALS = {"author", "professional", "professional without consent"}
SYSTEMS = {"author's system", "system"}
SENDERS = PROFESSIONALS | SYSTEMS
AUTHORS = {"author", "author's system"}
EVERYBODY = set(WHO)
HOLDERS = PATIENT | PARENTS
FAMILY = HOLDERS | CARERS

READ = {"list", "search", "open"}
MAIL = {act for act in ACTS if act.startswith("mail")}
NOTIFY = {act for act in ACTS if act.startswith("notify")}
MANAGE = {act for act in ACTS if act.startswith("manage")}
NO_DOCUMENT = MANAGE | {"sync"}
EVERY_ACT = set(ACTS)
ON_DOCUMENTS = EVERY_ACT - NO_DOCUMENT
SEEN = ON_DOCUMENTS - {"deposit"}
CONSULT = READ | {"announce", "mail gateway"}
WRITE = {"deposit", "replace"}
SHOWN = {"list", "search", "mask", "unmask", "announce"} | MAIL | NOTIFY
SHUT = {"not_created", "opposed", "closed", "archived"}
OPENING = {"manage opening", "manage opposition", "manage deletion"}
BEFORE_ACTIVATION = OPENING | {"manage closing"} | MAIL | NOTIFY


def but(these: Iterable[str], *others: str) -> set[str]:
    return set(these) - set(others)


SHUT_TO = EVERY_ACT - OPENING - {"notify emergency_access"}
CHECKED = EVERY_ACT - WRITE - {"delete"}
REST = EVERYBODY - SENDERS - {"operator", "auditor"}

DIMENSIONS = {
    "who": tuple(WHO),
    "act": tuple(ACTS),
    "status": STATUSES,
    "codes": tuple(CODES),
    "type": tuple(TYPES),
    "account": ACCOUNTS,
    "identity": IDENTITIES,
    "age": tuple(AGES),
}
HELD_ACTS = SHOWN | {"open", "export", "trace"}
TABLE = Table(
    DIMENSIONS,
    (
        row("F01", who="somebody unproved", act=EVERY_ACT - MAIL - NOTIFY),
        row("F02", who="employer"),
        row("F05", status="deleted", act=SHOWN | {"open", "replace", "delete", "export"}),
        row("F06", status="held", act=HELD_ACTS, who=EVERYBODY - {"operator", "auditor"}),
        row("F06", status="held", act=but(HELD_ACTS, "list"), who="operator"),
        row("F06", status="held", act=but(HELD_ACTS, "trace"), who="auditor"),
        row("F07", status="superseded", act=SHOWN - {"open"} | {"replace", "delete"}),
        row("F08", status="superseded", act="open", who=PROFESSIONALS - AUTHORS),
        row("F08", status="superseded", act="open", who="author", type=BY_PATIENT),
        row("F10", account=SHUT, act=SHUT_TO, who=REST),
        row("F10", account=SHUT, act=but(SHUT_TO, "list"), who="operator"),
        row("F10", account=SHUT, act=but(SHUT_TO, "trace"), who="auditor"),
        row("F10", account=SHUT, act=but(SHUT_TO, "mail sender"), who=SENDERS),
        row("F11", account="open", act=EVERY_ACT - BEFORE_ACTIVATION, who=PATIENT_SIDE),
        row("F11", account="open", act="mail patient"),
        row("F12", identity="unqualified", act=CHECKED, who=REST),
        row("F12", identity="unqualified", act=but(CHECKED, "mail sender"), who=SENDERS),
        row("F20", age="minor", who=PATIENT, act=EVERY_ACT - MAIL - NOTIFY),
        row("F21", who="false parent"),
        row("F22", who="parent", age="adult"),
        row("F23", who="false caregiver"),
        row("F24", who="false application"),
        row("F25", who="narrow application", act=READ | {"deposit", "sync"}),
        row("F26", who=APPS, act=READ),
        row(
            "F27",
            codes="waiting",
            who=PATIENT_SIDE,
            act=but(SEEN, "notify waiting"),
        ),
        row("F27", codes="waiting", act="mail patient"),
        row("F28", codes="secret", who=PARENTS, act=SEEN),
        row("F29", codes="secret", age="minor", who=CARERS | APPS, act=SEEN),
        row("F29", codes="secret", age="minor", who=PATIENT, act=MAIL | NOTIFY),
        row("F29", codes="secret", age="minor", act="mail patient"),
        row("F31", act="notify waiting", codes=but(CODES, "waiting")),
        row("F33", who=PATIENT_SIDE, act={"replace", "delete"}, type=set(TYPES) - BY_PATIENT),
        row("F34", who=PATIENT_SIDE, act="delete", type="certificate"),
        row("F35", who=PATIENT_SIDE, act=WRITE, type={"report", "refund", "certificate"}),
        row("F36", act=WRITE, type="will", age="minor"),
        row("F37", who=SENDERS, act=WRITE, type={"own", "will"}),
        row("F38", act=WRITE, type="refund"),
        row("F39", who=SENDERS, act=WRITE, account="no feeding"),
        row("F50", who="professional without consent", act=CONSULT),
        row("F51", who="professional", act=CONSULT, codes="masked"),
        row("F51", who="author", act=CONSULT, codes="masked", type=BY_PATIENT),
        row("F52", who="professional", act=CONSULT, codes="restricted"),
        row("F52", who="author", act=CONSULT, codes="restricted", type=BY_PATIENT),
        row("F57", who=SENDERS, act="announce", codes=but(CODES, "waiting")),
        row("F58", who=SENDERS - AUTHORS, act={"replace", "delete", "mask"}),
        row("F58", who=AUTHORS, act={"replace", "delete", "mask"}, type=BY_PATIENT),
        row("F58", who="system", act="announce"),
        row("F58", who="author's system", act="announce", type=BY_PATIENT),
        row("F59", who=SENDERS, act="unmask"),
        row("F60", who=SENDERS, act={"mail sender", "mail gateway"}, codes="masked"),
        row("F61", who=SENDERS, act={"mail sender", "mail gateway"}, codes="restricted"),
        row("P01", who=PATIENT, act=READ),
        row("P02", who=PARENTS, act=READ),
        row("P03", who=CARERS, act=READ),
        row("P08", who="author", act=READ, codes={"masked", "restricted"}),
        row("P11", who=PROFESSIONALS, act=READ),
        row("P12", who="operator", act="list", status="held"),
        row("P13", who=PROFESSIONALS, act="announce"),
        row("P14", who=SYSTEMS, act="announce"),
        row("P20", who=PATIENT_SIDE, act="deposit"),
        row("P21", who=PROFESSIONALS, act="deposit"),
        row("P22", who=SYSTEMS, act="deposit"),
        row("P23", who=FAMILY, act="replace"),
        row("P24", who=SENDERS, act="replace"),
        row("P25", who=FAMILY, act="delete"),
        row("P26", who=SENDERS, act="delete"),
        row("P27", who=HOLDERS, act={"mask", "unmask"}),
        row("P28", who=SENDERS, act="mask"),
        row("P30", who=SENDERS, act="mail sender"),
        row("P31", who=PATIENT, act={"mail sender", "mail gateway"}),
        row("P32", who=PARENTS, act={"mail sender", "mail gateway"}),
        row("P33", who=SENDERS, act="mail patient"),
        row("P34", who=PROFESSIONALS, act="mail gateway"),
        row("P40", who=PATIENT, act=NOTIFY),
        row("P41", who=PARENTS, act=NOTIFY),
        row("P50", who=HOLDERS, act="export"),
        row("P51", who=APPS, act="sync"),
        row("P52", who=HOLDERS, act="trace"),
        row("P53", who="auditor", act="trace"),
        row("P60", who=HOLDERS, act=MANAGE),
        row("P64", who="operator", act={"manage opening", "manage opposition", "manage closing"}),
        row("D00"),
    ),
)
