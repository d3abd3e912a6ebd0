"""Invented people with INS of test and right keys. No real person is behind any of them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from gateway.records.patients.account import AccountState
from gateway.records.patients.patient import PatientIdentity

INS_TEST = "1.2.250.1.213.1.4.10"  # INS-NIR of test (CDA.md section 3)
CLAIRE, MARC, LEO = "284037511604282", "181066938301968", "116057511607766"
MAJORITY_YEARS = 18
COMMUNES = ("75056", "13055", "69123", "31555", "06088", "44109", "34172", "67482", "33063")
FAMILIES = ("Arnoult", "Besson", "Carlier", "Delmas", "Estève", "Faucher", "Garnier", "Hébrard")
GIVEN = {"F": ("Anaïs", "Brune", "Colette", "Diane"), "M": ("Aubin", "Basile", "Côme", "Denis")}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """One line of the ready file's `demo.patients`; no secret yet."""

    identity: PatientIdentity
    state: AccountState
    role: str = "self"
    login: str | None = None
    serial: str = "60123456789"
    email: str | None = None
    mobile: str | None = None
    parents: tuple[str, ...] = ()
    carers: tuple[str, ...] = ()
    """INS of those who read this record as caregivers."""


def ins_with_key(number: str) -> str:
    """Appends the key to 13 characters of a NIR: 97 - n mod 97, 2A as 19 and 2B as 18."""
    digits = int(number.replace("2A", "19").replace("2B", "18"))
    return f"{number}{97 - digits % 97:02d}"


def ins_of(sex: str, birth: date, commune: str, order: int) -> str:
    first = "2" if sex == "F" else "1"
    return ins_with_key(f"{first}{birth.year % 100:02d}{birth.month:02d}{commune}{order:03d}")


def person_identity(
    *, ins: str, family: str, givens: str, birth: date, sex: str, place: str
) -> PatientIdentity:
    return PatientIdentity(
        ins=ins,
        ins_oid=INS_TEST,
        birth_family=family,
        birth_given=givens.split()[0],
        birth_givens=givens,
        used_family=family,
        used_given=givens.split()[0],
        birth_date=birth.isoformat(),
        sex=sex,
        birth_place=place,
        traits_complete=True,
    )


INVITED = AccountState.INVITED


def nearly_adult(today: date) -> date:
    """Born so that the 18th birthday is ten days away."""
    soon = today + timedelta(days=10)
    day = 28 if (soon.month, soon.day) == (2, 29) else soon.day
    return date(soon.year - MAJORITY_YEARS, soon.month, day)


def family_of_the_demo(today: date) -> list[DemoPerson]:
    """The people of VAULT's happy paths: each state of an account, a child, a near-adult; and Rose,
    for whom Marc cares."""
    jade = nearly_adult(today)
    claire, marc = CLAIRE, MARC
    rows = (
        (claire, "Durand", "Claire", date(1984, 3, 12), "F", "75116", AccountState.ACTIVE),
        (marc, "Durand", "Marc", date(1981, 6, 4), "M", "69383", AccountState.ACTIVE),
        (LEO, "Durand", "Léo", date(2016, 5, 20), "M", "75116", AccountState.ACTIVE),
        (ins_of("F", jade, "75116", 80), "Durand", "Jade", jade, "F", "75116", AccountState.ACTIVE),
        _other("F", date(1958, 11, 2), "44109", 12, "Vial", "Odette", AccountState.CREATED),
        _other("M", date(1990, 1, 23), "33063", 41, "Lacombe", "Yanis", INVITED),
        _other("F", date(1972, 7, 9), "13055", 77, "Ferrand", "Nadia", AccountState.CLOSED),
        _other("M", date(1949, 9, 30), "31555", 5, "Morvan", "Louis", AccountState.OPPOSED),
    )
    rose = _other("F", date(1952, 4, 20), "75116", 91, "Pelletier", "Rose", AccountState.ACTIVE)
    people = [_person(row, claire) for row in rows]
    return [
        *people,
        replace(_person(rose, claire), carers=(marc,)),
        _newborn(_other("F", date(2025, 12, 3), "75116", 17, "Durand", "Zoé", INVITED), people[0]),
    ]


Row = tuple[str, str, str, date, str, str, AccountState]


def _other(
    sex: str, birth: date, place: str, order: int, family: str, given: str, state: AccountState
) -> Row:
    return ins_of(sex, birth, place, order), family, given, birth, sex, place, state


def _person(row: Row, parent: str) -> DemoPerson:
    ins, family, givens, birth, sex, place, state = row
    identity = person_identity(
        ins=ins, family=family, givens=givens, birth=birth, sex=sex, place=place
    )
    child = ins != parent and family == "Durand" and givens in ("Léo", "Jade")
    name = givens.lower().replace("é", "e")
    has_login = state is AccountState.ACTIVE and not child
    return DemoPerson(
        identity=identity,
        state=state,
        role="child" if child else "self",
        login=f"{name}{birth.year}" if has_login else None,
        email=f"{name}.{family.lower()}@exemple.test" if not child else None,
        mobile=f"06123456{birth.day:02d}" if not child else None,
        parents=(parent,) if child else (),
    )


def _newborn(row: Row, parent: DemoPerson) -> DemoPerson:
    """Whose invitation goes to the parent, with the parent's contacts and card (VAULT REP-02)."""
    child = _person(row, parent.identity.ins or "")
    return replace(
        child,
        role="child",
        parents=(parent.identity.ins or "",),
        email=parent.email,
        mobile=parent.mobile,
    )


def crowd(count: int) -> list[DemoPerson]:
    """`count` more active people, each with an own INS: a pure function of the index."""
    return [_one_of_the_crowd(index) for index in range(count)]


def _one_of_the_crowd(index: int) -> DemoPerson:
    rest, order = divmod(index, 900)
    years, town = divmod(rest, len(COMMUNES))
    commune = COMMUNES[town]
    sex = "FM"[index % 2]
    birth = date(1940 + years % 60, 1 + index % 12, 1 + index % 28)
    identity = person_identity(
        ins=ins_of(sex, birth, commune, 100 + order),
        family=FAMILIES[index % len(FAMILIES)],
        givens=GIVEN[sex][index // 2 % 4],
        birth=birth,
        sex=sex,
        place=commune,
    )
    return DemoPerson(
        identity=identity,
        state=AccountState.ACTIVE,
        login=f"patient{index:06d}",
        email=f"patient{index:06d}@exemple.test",
        mobile="0612345678",
    )
