"""Whom each rule binds, and in which acts: the second column of ACCESS, written a second time."""

from gateway.access.decide import RULES
from gateway.records.readers.access import AccessAction, ReaderKind

ANY = set(ReaderKind)
PATIENT, REPRESENTATIVE, CAREGIVER, PROFESSIONAL, APPLICATION, SYSTEM = (
    {ReaderKind(kind)}
    for kind in ("patient", "representative", "caregiver", "professional", "application", "system")
)
OPERATOR, AUDITOR, THIRD_PARTY = (
    {ReaderKind(kind)} for kind in ("operator", "auditor", "third_party")
)
SIDE = PATIENT | REPRESENTATIVE | CAREGIVER | APPLICATION
SENDER = PROFESSIONAL | SYSTEM
HOLDER = PATIENT | REPRESENTATIVE
EVERY = "list search open deposit replace delete mask unmask announce mail notify export sync trace"
EVERY += " manage"
READ = "list search open"
CONSULT = f"{READ} announce mail"


def but(*acts: str) -> str:
    return " ".join(act for act in EVERY.split() if act not in acts)


REACH: dict[str, tuple[set[ReaderKind], str]] = {
    "F01": (ANY, but("mail", "notify")),
    "F02": (THIRD_PARTY, EVERY),
    "F05": (ANY, f"{READ} replace delete mask unmask announce mail export notify"),
    "F06": (ANY, f"{READ} mask unmask announce mail export notify trace"),
    "F07": (ANY, "list search replace delete mask unmask announce mail notify"),
    "F08": (PROFESSIONAL, "open"),
    "F10": (ANY, EVERY),
    "F11": (ANY, EVERY),
    "F12": (ANY, but("deposit", "replace", "delete")),
    "F20": (PATIENT, but("mail", "notify")),
    "F21": (REPRESENTATIVE, EVERY),
    "F22": (REPRESENTATIVE, EVERY),
    "F23": (CAREGIVER, EVERY),
    "F24": (APPLICATION, EVERY),
    "F25": (APPLICATION, f"{READ} deposit sync"),
    "F26": (APPLICATION, READ),
    "F27": (ANY, but("deposit")),
    "F28": (REPRESENTATIVE, but("deposit")),
    "F29": (ANY, but("deposit")),
    "F30": (SIDE, "mail notify"),
    "F31": (ANY, "notify"),
    "F32": (ANY, "notify"),
    "F33": (SIDE, "replace delete"),
    "F34": (SIDE, "delete"),
    "F35": (SIDE, "deposit replace"),
    "F36": (ANY, "deposit replace"),
    "F37": (SENDER, "deposit replace"),
    "F38": (ANY, "deposit replace"),
    "F39": (SENDER, "deposit replace"),
    "F40": (PROFESSIONAL, f"{CONSULT} manage"),
    "F41": (PROFESSIONAL, f"{CONSULT} manage"),
    "F42": (PROFESSIONAL, CONSULT),
    "F43": (PROFESSIONAL, f"{CONSULT} manage deposit replace"),
    "F44": (PROFESSIONAL, f"{CONSULT} manage"),
    "F45": (PROFESSIONAL, READ),
    "F46": (PROFESSIONAL, READ),
    "F47": (PROFESSIONAL, READ),
    "F48": (PROFESSIONAL, READ),
    "F49": (PROFESSIONAL, READ),
    "F50": (PROFESSIONAL, CONSULT),
    "F51": (PROFESSIONAL, CONSULT),
    "F52": (PROFESSIONAL, CONSULT),
    "F53": (PROFESSIONAL, CONSULT),
    "F54": (PROFESSIONAL, CONSULT),
    "F55": (PROFESSIONAL, CONSULT),
    "F56": (PROFESSIONAL, CONSULT),
    "F57": (SENDER, "announce"),
    "F58": (SENDER, "replace delete mask announce"),
    "F59": (SENDER, "unmask"),
    "F60": (SENDER, "mail"),
    "F61": (SENDER, "mail"),
    "F62": (ANY, "mail"),
    "F63": (PROFESSIONAL, CONSULT),
    "P01": (PATIENT, READ),
    "P02": (REPRESENTATIVE, READ),
    "P03": (CAREGIVER, READ),
    "P04": (APPLICATION, READ),
    "P05": (PROFESSIONAL, READ),
    "P06": (PROFESSIONAL, READ),
    "P07": (PROFESSIONAL, READ),
    "P08": (PROFESSIONAL, READ),
    "P09": (PROFESSIONAL, READ),
    "P10": (PROFESSIONAL, READ),
    "P11": (PROFESSIONAL, READ),
    "P12": (OPERATOR, "list"),
    "P13": (PROFESSIONAL, "announce"),
    "P14": (SYSTEM, "announce"),
    "P20": (SIDE, "deposit"),
    "P21": (PROFESSIONAL, "deposit"),
    "P22": (SYSTEM, "deposit"),
    "P23": (HOLDER | CAREGIVER, "replace"),
    "P24": (SENDER, "replace"),
    "P25": (HOLDER | CAREGIVER, "delete"),
    "P26": (SENDER, "delete"),
    "P27": (HOLDER, "mask unmask"),
    "P28": (SENDER, "mask"),
    "P30": (SENDER, "mail"),
    "P31": (PATIENT, "mail"),
    "P32": (REPRESENTATIVE, "mail"),
    "P33": (SENDER, "mail"),
    "P34": (PROFESSIONAL, "mail"),
    "P40": (PATIENT, "notify"),
    "P41": (REPRESENTATIVE, "notify"),
    "P42": (PROFESSIONAL, "notify"),
    "P50": (HOLDER, "export"),
    "P51": (APPLICATION, "sync"),
    "P52": (HOLDER, "trace"),
    "P53": (AUDITOR, "trace"),
    "P60": (HOLDER, "manage"),
    "P61": (PROFESSIONAL, "manage"),
    "P62": (PROFESSIONAL, "manage"),
    "P63": (PROFESSIONAL, "manage"),
    "P64": (OPERATOR, "manage"),
    "D00": (ANY, EVERY),
}


def test_every_rule_binds_whom_and_what_its_row_says() -> None:
    assert {rule.id: (set(rule.kinds), set(rule.actions)) for rule in RULES} == {
        rule: (kinds, {AccessAction(act) for act in acts.split()})
        for rule, (kinds, acts) in REACH.items()
    }


def test_forbids_come_before_permits_and_each_by_its_number() -> None:
    assert [rule.id for rule in RULES] == list(REACH)


def test_standing_leaves_out_exactly_the_rules_that_look_at_a_document() -> None:
    """ACCESS section 8: whether somebody could read anything at all is asked without one."""
    looking = "F05 F06 F07 F08 F27 F28 F29 F31 F33 F34 F35 F36 F37 F38 F51 F52 F55 F56 F57 F58 F60"
    looking += " F61 F63 P08 P09 P10 P12"
    assert [rule.id for rule in RULES if rule.of_document] == looking.split()
