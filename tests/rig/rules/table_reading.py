"""Professionals who read: every dimension of ACCESS that touches them, and the table of answers."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import NamedTuple

from rule_table import Table, row

from gateway.records.readers.access import (
    Account,
    CareConsent,
    Circumstances,
    DocumentFacts,
    EmergencyChoice,
    Entry,
    Mode,
    Reader,
    ReaderKind,
    RecordFacts,
)

NOW = datetime(2026, 3, 15, 10, tzinfo=UTC)
ME, SOMEBODY, TEAM = "890000000011", "890000000033", "team-1"
LONG_AGO, BEFORE, YESTERDAY = (NOW - timedelta(days=days) for days in (90, 60, 1))

ACCOUNTS = ("not_created", "open", "active", "opposed", "closed", "archived")
AGES = {"adult": date(1980, 1, 1), "minor": date(2015, 6, 1)}
CONSENTS: dict[str, tuple[CareConsent, ...]] = {
    "none": (),
    "his": (CareConsent(id=ME, to="professional", since=LONG_AGO),),
    "his team's": (CareConsent(id=TEAM, to="team", since=LONG_AGO),),
    "over": (CareConsent(id=ME, to="professional", since=LONG_AGO, until=YESTERDAY),),
    "renewed": (CareConsent(id=ME, to="professional", since=YESTERDAY),),
    "another's": (CareConsent(id=SOMEBODY, to="professional"),),
}
BLOCKS: dict[str, tuple[Entry, ...]] = {
    "none": (),
    "now": (Entry(id=ME, since=BEFORE),),
    "lifted": (Entry(id=ME, since=BEFORE, until=YESTERDAY),),
    "another": (Entry(id=SOMEBODY),),
}
GLASS = Circumstances(mode=Mode.BRIS_DE_GLACE, reason="coma")
SAMU = Circumstances(mode=Mode.SAMU)
OPEN_MASKED = EmergencyChoice(masked=True)
WAYS: dict[str, tuple[Circumstances, EmergencyChoice]] = {
    "normal": (Circumstances(), EmergencyChoice()),
    "normal, masked open": (Circumstances(), OPEN_MASKED),
    "glass": (GLASS, EmergencyChoice()),
    "glass, masked open": (GLASS, OPEN_MASKED),
    "glass without reason": (Circumstances(mode=Mode.BRIS_DE_GLACE, reason=" "), OPEN_MASKED),
    "glass refused": (GLASS, EmergencyChoice(professionals=False)),
    "samu": (SAMU, EmergencyChoice()),
    "samu, masked open": (SAMU, OPEN_MASKED),
    "samu refused": (SAMU, EmergencyChoice(samu=False)),
    "all refused": (SAMU, EmergencyChoice(samu=False, professionals=False, masked=True)),
}
NAMED = ("nobody", "treating", "administrator")
CODES = {
    "plain": ("N",),
    "masked": ("MASQUE_PS",),
    "restricted": ("R",),
    "both": ("MASQUE_PS", "V"),
}
DEPOSITORS = {"him": (ME,), "another": (SOMEBODY,)}
CELLS = ("no column", "no cell", "refuses", "permits")
PROFESSIONS = ("physician", "health", "other")

SAMU_WAYS = {way for way, (how, _) in WAYS.items() if how.mode is Mode.SAMU}
GLASS_WAYS = {way for way, (how, _) in WAYS.items() if how.mode is Mode.BRIS_DE_GLACE}
NORMAL_WAYS = {"normal", "normal, masked open"}
CLOSED_TO = {  # emergencies that do not open what is masked
    way for way in WAYS if not (way in SAMU_WAYS | GLASS_WAYS and "masked open" in way)
} - {"glass without reason"}
SHUT = {"not_created", "opposed", "closed", "archived"}
NOT_PHYSICIAN = {"health", "other"}
HIDDEN, SMALL = {"masked", "both"}, {"restricted", "both"}

DIMENSIONS = {
    "account": ACCOUNTS,
    "age": tuple(AGES),
    "consent": tuple(CONSENTS),
    "block": tuple(BLOCKS),
    "way": tuple(WAYS),
    "named": NAMED,
    "codes": tuple(CODES),
    "depositor": tuple(DEPOSITORS),
    "cell": CELLS,
    "profession": PROFESSIONS,
}
TABLE = Table(
    DIMENSIONS,
    (
        row("F10", account=SHUT),
        row("F44", block="now", way=set(WAYS) - SAMU_WAYS),
        row("F45", way=SAMU_WAYS, profession=NOT_PHYSICIAN),
        row("F46", way={"samu refused", "all refused"}),
        row("F47", way=GLASS_WAYS, profession="other"),
        row("F48", way="glass without reason"),
        row("F49", way="glass refused"),
        row("F50", way=NORMAL_WAYS, consent={"none", "over", "another's"}),
        row("F50", way=NORMAL_WAYS, consent={"his", "his team's"}, block={"now", "lifted"}),
        row("F50", way=NORMAL_WAYS, consent="renewed", block="now"),
        row("F51", codes=HIDDEN, depositor="another", way=CLOSED_TO, named="nobody"),
        row(
            "F51",
            codes=HIDDEN,
            depositor="another",
            way=CLOSED_TO,
            named="treating",
            profession=NOT_PHYSICIAN,
        ),
        row("F52", codes=SMALL, depositor="another", way=CLOSED_TO, named="nobody"),
        row(
            "F52",
            codes=SMALL,
            depositor="another",
            way=CLOSED_TO,
            named="treating",
            profession=NOT_PHYSICIAN,
        ),
        row("F54", cell="no column"),
        row("F55", cell="no cell"),
        row("F56", cell="refuses"),
        row("P05", way=SAMU_WAYS),
        row("P06", way=GLASS_WAYS),
        row("P08", codes=HIDDEN | SMALL, depositor="him"),
        row("P09", codes=HIDDEN | SMALL, named="treating", profession="physician"),
        row("P10", codes=HIDDEN | SMALL, named="administrator"),
        row("P11", way=NORMAL_WAYS),
    ),
)


class Side(NamedTuple):
    """What the record and the circumstances say, and the rows that fit it."""

    record: RecordFacts
    how: Circumstances
    mask: int


class Paper(NamedTuple):
    codes: tuple[str, ...]
    author: tuple[str, ...]
    mask: int

    def of_type(self, code: str) -> DocumentFacts:
        return DocumentFacts(type=code, author=self.author, codes=self.codes, deposited=YESTERDAY)


def sides(**only: tuple[str, ...]) -> Iterator[Side]:
    """Every combination; `only` leaves a dimension these values."""
    names = ("account", "age", "consent", "block", "way", "named")
    for values in product(*(only.get(name, DIMENSIONS[name]) for name in names)):
        said = dict(zip(names, values, strict=True))
        how, choice = WAYS[said["way"]]
        me = Entry(id=ME)
        record = RecordFacts(
            account=Account(said["account"]),
            birth_date=AGES[said["age"]],
            consents=CONSENTS[said["consent"]],
            blocks=BLOCKS[said["block"]],
            emergency=choice,
            treating=me if said["named"] == "treating" else None,
            administrators=(me,) if said["named"] == "administrator" else (),
        )
        yield Side(record, how, TABLE.mask(**said))


def papers(codes: tuple[str, ...] = tuple(CODES)) -> list[Paper]:
    return [
        Paper(CODES[code], DEPOSITORS[who], TABLE.mask(codes=code, depositor=who))
        for code, who in product(codes, DEPOSITORS)
    ]


def reader(profession: str | None, activity: str | None = None) -> Reader:
    return Reader(
        kind=ReaderKind.PROFESSIONAL,
        id=ME,
        profession=profession,
        activity=activity,
        team=TEAM,
        centre15=True,
    )


def profession_of(code: str | None) -> str:
    if code == "G15_10":
        return "physician"
    return "health" if (code or "").startswith(("G15_", "G16_")) else "other"
