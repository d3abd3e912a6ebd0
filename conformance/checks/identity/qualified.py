"""The INS and its traits (Référentiel INS; RNIV; CI-SIS volet, PID).

What is not qualified is held (accepted with a warning) or refused; it is never filed in silence.
"""

from collections.abc import Callable

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.made.cda import paper
from conformance.made.hl7 import Draft, ins_id, mdm
from conformance.made.person import INS_NIA, INS_NIR, Person, ins_key, invented
from conformance.reading.ack import Ack
from conformance.requirement import Level, Volet
from conformance.verdict import SkippedError, expect

INS = Chapter(Volet.IDENTITY, "Référentiel INS; CI-SIS volet, PID")
HOLD = "Hold the document, or refuse it, and say which field: nothing is shown under a guess."


def letter(bench: Bench) -> Draft:
    return mdm(paper(bench.who, bench.serial), bench.serial.control())


def saying(bench: Bench, number: int, value: str) -> Draft:
    return letter(bench).set("PID", number, value)


def asked(bench: Bench, number: int, value: str) -> Ack:
    return bench.ask(saying(bench, number, value))


def accepted(ack: Ack) -> None:
    expect(ack.positive and not ack.held, ack)


def not_filed(bench: Bench, draft: Draft, *whose: Person) -> None:
    """Refused or held, and so it is: an answer that warns of what it files is no hold.

    `whose` are the identities of the message, where they are not that of the known patient.
    """
    ack = bench.ask(draft)
    expect(ack.refused or ack.held, f"{ack}: taken as a qualified identity")
    nowhere(bench, draft, ack, *whose)


def nowhere(bench: Bench, draft: Draft, ack: Ack, *whose: Person) -> None:
    """Neither under the known patient nor under these, where the target lets its reader look."""
    if not bench.looks:
        return
    name = draft.row("TXA")[12]
    expect(not bench.filed(name), f"{ack}, and the document is filed")
    for who in whose:
        found = bench.filed_under(who, name)
        expect(not found, f"{ack}, and the document is filed under {who.ins} of {who.oid}")


@INS.asks(
    "INS-01",
    "A qualified identity is filed",
    fix="INS with its OID and key, five traits, PID-32 VALI: nothing more is needed.",
)
def qualified(bench: Bench) -> None:
    accepted(bench.ask(letter(bench)))


@INS.asks("INS-02", "PID-32 PROV is not qualified", fix=HOLD, source="HL7 table 0445; RNIV")
def provisional(bench: Bench) -> None:
    not_filed(bench, saying(bench, 32, "PROV"))


@INS.asks("INS-03", "PID-32 empty is not qualified", fix=HOLD, source="HL7 table 0445; RNIV")
def no_status(bench: Bench) -> None:
    not_filed(bench, saying(bench, 32, ""))


@INS.asks("INS-04", "Without a birth date an INS is not qualified", fix=HOLD)
def no_birth(bench: Bench) -> None:
    not_filed(bench, saying(bench, 7, ""))


@INS.asks("INS-05", "Without a sex an INS is not qualified", fix=HOLD)
def no_sex(bench: Bench) -> None:
    not_filed(bench, saying(bench, 8, ""))


@INS.asks("INS-06", "Without a birth name (PID-5 type L) an INS is not qualified", fix=HOLD)
def no_birth_name(bench: Bench) -> None:
    who = bench.who
    not_filed(bench, saying(bench, 5, f"{who.family}^{who.given}^^^^^D"))


@INS.asks("INS-07", "Without a given name an INS is not qualified", fix=HOLD)
def no_given(bench: Bench) -> None:
    not_filed(bench, saying(bench, 5, f"{bench.who.family}^^^^^^L"))


@INS.asks(
    "INS-08",
    "A missing birth place is said",
    fix="Warn with 905, PID-11 type BDL: the fifth trait is missing.",
    level=Level.SHOULD,
)
def no_place(bench: Bench) -> None:
    ack = asked(bench, 11, "")
    expect(ack.refused or ack.says("905"), ack)


def other_trait(bench: Bench, change: Callable[[Draft], Draft]) -> None:
    not_filed(bench, change(letter(bench)))


@INS.asks(
    "INS-10",
    "Another birth date than the one known is not filed",
    fix=HOLD,
    source="RNIV, cohérence des traits; CI-SIS volet, code 904",
)
def other_birth(bench: Bench) -> None:
    who = bench.who
    day = "01" if who.birth[6:] != "01" else "02"
    other_trait(bench, lambda draft: draft.set("PID", 7, who.birth[:6] + day))


@INS.asks(
    "INS-11",
    "Another birth name than the one known is not filed",
    fix=HOLD,
    source="RNIV, cohérence des traits; CI-SIS volet, code 904",
)
def other_name(bench: Bench) -> None:
    name = f"AUTRENOM^{bench.who.given}^^^^^L"
    other_trait(bench, lambda draft: draft.set("PID", 5, name))


@INS.asks(
    "INS-12",
    "Another sex than the one known is not filed",
    fix=HOLD,
    source="RNIV, cohérence des traits; CI-SIS volet, code 904",
)
def other_sex(bench: Bench) -> None:
    sex = "M" if bench.who.sex == "F" else "F"
    other_trait(bench, lambda draft: draft.set("PID", 8, sex))


@INS.asks(
    "INS-20",
    "A wrong key is said",
    fix="The key is 97 - (number mod 97): refuse, or warn where the set-up is one of tests.",
    source="Référentiel INS; INSEE, clé du NIR",
)
def wrong_key(bench: Bench) -> None:
    who = bench.who.with_wrong_key()
    draft = mdm(paper(who, bench.serial), bench.serial.control())
    ack = bench.ask(draft)
    expect(ack.refused or ack.faults, f"{ack} without a word about the key")
    if ack.refused:
        nowhere(bench, draft, ack, who)


@INS.asks(
    "INS-21",
    "The key of a Corsican INS is right",
    fix="2A counts as 19 and 2B as 18; the answer is 902, not a word about the key.",
    source="Référentiel INS; INSEE, clé du NIR",
)
def corsica(bench: Bench) -> None:
    for place in ("2A004", "2B033"):
        who = invented(bench.serial, place=place)
        draft = mdm(paper(who, bench.serial), bench.serial.control())
        ack = bench.ask(draft)
        expect(ack.refused and ack.says("902"), f"{place[:2]}: {ack}")
        nowhere(bench, draft, ack, who)


def bad_number(bench: Bench, ins: str) -> None:
    who = bench.who.but(ins=ins)
    not_filed(bench, mdm(paper(who, bench.serial), bench.serial.control()), who)


@INS.asks("INS-22", "An INS has 15 characters", fix="Refuse 13 digits without key, and 16.")
def wrong_length(bench: Bench) -> None:
    bad_number(bench, bench.who.ins[:13])
    bad_number(bench, bench.who.ins + "0")


@INS.asks(
    "INS-23",
    "An INS is written in ASCII digits",
    fix="Match [0-9], never isdigit(): full-width digits are another string.",
)
def look_alike(bench: Bench) -> None:
    wide = chr(ord(bench.who.ins[0]) - ord("0") + 0xFF10)
    bad_number(bench, wide + bench.who.ins[1:])


@INS.asks(
    "INS-24",
    "An identity of production is not taken among tests",
    fix="OID .8 and .9 are real people: refuse them where test OIDs are taken (103).",
    source="ANS, OID des INS (.8, .9 production; .10 test)",
)
def production(bench: Bench) -> None:
    for oid in (INS_NIR, INS_NIA):
        who = bench.who.but(oid=oid)
        not_filed(bench, mdm(paper(who, bench.serial), bench.serial.control()), who)


@INS.asks(
    "INS-25",
    "An INS-C is not an INS",
    fix="1.2.250.1.213.1.4.2 and .6 are obsolete: they qualify nobody.",
    source="ANS, OID des INS; CI-SIS volet, PID-3",
)
def obsolete(bench: Bench) -> None:
    who = bench.who.but(oid="1.2.250.1.213.1.4.2", ins="0123456789012345678901")
    draft = mdm(paper(who, bench.serial), bench.serial.control())
    not_filed(bench, draft.set("PID", 3, f"{who.ins}^^^ASIP-SANTE-INS-C&{who.oid}&ISO^NH"), who)


@INS.asks(
    "INS-26",
    "The order of PID-3 does not matter",
    fix="Look for the INS among all repetitions, by its OID.",
    source="HL7 v2.5, 3.4.2.3",
)
def order(bench: Bench) -> None:
    local = "L1^^^CONFORMITE&1.2.250.1.999.31&ISO^PI"
    accepted(asked(bench, 3, f"{local}~{ins_id(bench.who)}"))


@INS.asks(
    "INS-27",
    "The OID decides, not the name of the authority",
    fix="Compare CX.4.2; published examples have NIA as a name with a NIR's OID.",
    level=Level.SHOULD,
)
def by_oid(bench: Bench) -> None:
    accepted(asked(bench, 3, ins_id(bench.who, authority="ASIP-SANTE-INS-NIA")))


@INS.asks(
    "INS-28",
    "Two different INS are not one identity",
    fix="Hold or refuse: a message has one patient.",
)
def two_numbers(bench: Bench) -> None:
    other = invented(bench.serial)
    not_filed(bench, saying(bench, 3, f"{ins_id(bench.who)}~{ins_id(other)}"), other)


@INS.asks("INS-29", "A local number alone is not qualified", fix=HOLD)
def local_only(bench: Bench) -> None:
    number = bench.serial.control()
    not_filed(bench, saying(bench, 3, f"{number}^^^CONFORMITE&1.2.250.1.999.31&ISO^PI"))


@INS.asks(
    "INS-30",
    "Capitals and accents do not make another person",
    fix="Compare traits in capitals without accents.",
    source="RNIV, règles de saisie des traits",
)
def spelling(bench: Bench) -> None:
    who = bench.who
    name = f"{who.family.upper()}^{who.given.upper()}^{who.givens.upper()}^^^^L"
    accepted(asked(bench, 5, name))


@INS.asks(
    "INS-31",
    "A person without an open record is refused: 902",
    fix="207 with 902: the sender must not repeat.",
    source="CI-SIS volet, code 902",
)
def unknown(bench: Bench) -> None:
    who = invented(bench.serial)
    expect(ins_key(who.ins[:13]) == who.ins[13:], "the kit made a wrong key")
    ack = bench.ask(mdm(paper(who, bench.serial), bench.serial.control()))
    expect(ack.refused and ack.says("902"), ack)


@INS.asks(
    "INS-32",
    "A person whose record is closed is refused",
    fix="207 with 902: nothing is filed after a closure.",
    source="CI-SIS volet, code 902; accusés métier, DMPClosed",
)
def closed(bench: Bench) -> None:
    if bench.target.closed is None:
        raise SkippedError("a person whose record is closed is needed (--ready-file)")
    ack = bench.ask(mdm(paper(bench.target.closed, bench.serial), bench.serial.control()))
    expect(ack.refused and ack.says("902"), ack)
