"""ADT of PAM and its French extension: what feeds the index of identities."""

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.clock import pause, seconds
from conformance.made.cda import paper
from conformance.made.hl7 import Draft, adt, ins_id, mdm, results
from conformance.made.person import Person, invented
from conformance.requirement import Level, Volet
from conformance.verdict import NotMetError, expect

PAM = Chapter(Volet.IDENTITY, "IHE PAM, ITI-30 and ITI-31; PAM.fr 2.11")
STRUCTURES = {"A01": "ADT_A01", "A03": "ADT_A03", "A04": "ADT_A01", "A05": "ADT_A05",
              "A08": "ADT_A01", "A28": "ADT_A05", "A31": "ADT_A05"}  # fmt: skip
AUTHORITY = "CONFORMITE&1.2.250.1.999.31&ISO"
LOOK_SECONDS = 0.1


def movement(bench: Bench, who: Person, event: str = "A31", structure: str = "ADT_A05") -> Draft:
    return adt(who, bench.serial.control()).set("MSH", 9, f"ADT^{event}^{structure}")


def local_id(bench: Bench) -> str:
    return f"{bench.serial.control()}^^^{AUTHORITY}^PI"


def taken(bench: Bench, draft: Draft) -> None:
    ack = bench.ask(draft)
    expect(ack.positive, f"{draft.row('MSH')[9]}: {ack}")


def refused(bench: Bench, draft: Draft) -> None:
    ack = bench.ask(draft)
    expect(ack.refused, f"{draft.row('MSH')[9]}: {ack}")


@PAM.asks(
    "PAM-01",
    "Admissions, updates and discharges are taken",
    fix="Take A01, A03, A04, A05, A08, A28 and A31: they keep identities right.",
)
def events(bench: Bench) -> None:
    for event, structure in STRUCTURES.items():
        taken(bench, movement(bench, bench.who, event, structure))


@PAM.asks(
    "PAM-02",
    "MSH-9.3 may be missing",
    fix="Type and event are enough to read an ADT.",
    level=Level.SHOULD,
    source="HL7 v2.5, 2.15.9.9; messages of the field",
)
def no_structure(bench: Bench) -> None:
    taken(bench, adt(bench.who, bench.serial.control()).set("MSH", 9, "ADT^A31"))


@PAM.asks(
    "PAM-03",
    "Somebody new is taken",
    fix="An ADT of an unknown person feeds the index; a record is not needed for it.",
)
def somebody_new(bench: Bench) -> None:
    taken(bench, movement(bench, bench.nobody, "A28"))


@PAM.asks("PAM-04", "PID-3 is needed", fix="Refuse an identity without identifier: 101.")
def no_identifier(bench: Bench) -> None:
    refused(bench, movement(bench, bench.who).set("PID", 3, ""))


@PAM.asks(
    "PAM-05",
    "A merge names what ends",
    fix="Refuse A40 without MRG.",
    source="IHE PAM, ITI-30 (A40)",
)
def no_merged(bench: Bench) -> None:
    refused(bench, movement(bench, bench.nobody, "A40", "ADT_A39"))


@PAM.asks(
    "PAM-06",
    "Two numbers of one person are merged",
    fix="Take A40: what was under MRG-1 goes on under PID-3.",
    source="IHE PAM, ITI-30 (A40)",
)
def merged(bench: Bench) -> None:
    who, kept, ended = bench.nobody, local_id(bench), local_id(bench)
    for number in (kept, ended):
        taken(bench, movement(bench, who, "A28").set("PID", 3, number))
    draft = movement(bench, who, "A40", "ADT_A39").set("PID", 3, kept).drop("PV1")
    taken(bench, draft.add("MRG", {1: ended}))


@PAM.asks(
    "PAM-07",
    "A correction (Z99) names the event that it corrects",
    fix="Refuse ADT^Z99 without ZBE.",
    source="PAM.fr 2.11, ZBE",
)
def no_movement(bench: Bench) -> None:
    refused(bench, movement(bench, bench.who, "Z99", "ADT_A01"))


def held(bench: Bench, draft: Draft, name: str) -> None:
    """Taken, and not filed: the document called `name` is not there yet."""
    ack = bench.ask(draft)
    expect(ack.held, f"{ack}: not held for its identity")
    expect(not bench.search(identifier=name), "filed under a guess")


def files_itself(bench: Bench, name: str) -> None:
    until = seconds() + bench.target.timeout
    while seconds() < until:
        if bench.search(identifier=name):
            return
        pause(LOOK_SECONDS)
    raise NotMetError(f"not filed within {bench.target.timeout:g} s of the ADT")


@PAM.asks(
    "PAM-08",
    "Results under a local number are filed once an ADT says whose they are",
    fix="Keep what is held; look again when an ADT binds the number. MSH-10 finds the document.",
    source="CI-SIS volet, PID-3; RNIV",
    level=Level.SHOULD,
)
def bound_later(bench: Bench) -> None:
    who, number = bench.who, local_id(bench)
    draft = results(who, bench.serial.control())
    held(bench, draft.set("PID", 3, number).set("PID", 32, "PROV"), draft.control)
    taken(bench, movement(bench, who).set("PID", 3, f"{number}~{ins_id(who)}"))
    files_itself(bench, draft.control)


@PAM.asks(
    "PAM-09",
    "A document of a provisional identity is filed once an ADT says VALI",
    fix="Keep what is held; look again when the identity is qualified.",
    source="HL7 table 0445; RNIV",
    level=Level.SHOULD,
)
def qualified_later(bench: Bench) -> None:
    what = paper(bench.who, bench.serial)
    draft = mdm(what, bench.serial.control()).set("PID", 32, "PROV")
    held(bench, draft, f"urn:oid:{what.id}")
    taken(bench, movement(bench, bench.who))
    files_itself(bench, f"urn:oid:{what.id}")


@PAM.asks(
    "PAM-10",
    "An INS of another person is not bound by an ADT",
    fix="Traits that contradict a qualified identity are for people to look at: warn or refuse.",
    source="RNIV, cohérence des traits; CI-SIS volet, code 904",
)
def other_person(bench: Bench) -> None:
    other = invented(bench.serial)
    draft = movement(bench, bench.who.but(family=other.family, given=other.given, birth="19011231"))
    ack = bench.ask(draft)
    expect(ack.refused or ack.held, f"{ack} without a word")
    good = bench.ask(results(bench.who, bench.serial.control()))
    expect(good.positive and not good.held, f"the known identity was changed: {good}")
