"""An invented case of an operator → one line of `gateway grid decide --jsonl` (ACCESS section 2).

Nobody's record is behind it: whom the case needs is called `lecteur`, `equipe`, `autre`. What is
as by default is left out, so that the line says what the case is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from gateway.access.time import civil_date
from gateway.records.duration import PARIS

READER, TEAM, SOMEBODY_ELSE = "lecteur", "equipe", "autre"
NO_DOCUMENT = frozenset({"manage", "sync"})
CARE, OCCUPATIONAL = "care", "occupational"
LONG_AGO = timedelta(days=30)
ADULT_AGE = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What an operator ticks. `switches` are values of ACCESS section 6 by name; `agreement` is
    "", professional, team or occupational; `age` in whole years at `now`."""

    now: datetime
    action: str = "open"
    kind: str = "professional"
    profession: str = ""
    activity: str = ""
    function: str = ""
    type_code: str = ""
    codes: tuple[str, ...] = ()
    status: str = "current"
    deposited: date | None = None
    own_deposit: bool = False
    by_patient: bool = False
    hidden: bool = False
    agreement: str = ""
    blocked: bool = False
    treating: bool = False
    administrator: bool = False
    tied: bool = True
    """The representative, caregiver or application has an entry in force."""
    mode: str = "normal"
    reason: str = ""
    centre15: bool = False
    samu_off: bool = False
    professionals_off: bool = False
    masked_in_emergency: bool = False
    age: int = ADULT_AGE
    account: str = "active"
    qualified: bool = True
    switches: Mapping[str, object] = field(default_factory=dict)


def scenario_of(case: Case) -> dict[str, object]:
    """The line as JSON values."""
    parts = {
        "now": written(case.now),
        "action": case.action,
        "reader": _reader(case),
        "document": None if case.action in NO_DOCUMENT else _document(case),
        "record": _record(case),
        "circumstances": _circumstances(case),
        "settings": dict(case.switches),
    }
    return {name: value for name, value in parts.items() if value not in (None, {})}


def noon_of(day: date) -> datetime:
    """In Paris, said in UTC."""
    return datetime.combine(day, time(12), PARIS).astimezone(UTC)


def written(instant: datetime) -> str:
    """As ACCESS section 1 "Time" wants it."""
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def _reader(case: Case) -> dict[str, object]:
    reader: dict[str, object] = {"kind": case.kind, "id": READER, "team": TEAM}
    told = {"profession": case.profession, "activity": case.activity, "function": case.function}
    reader |= {name: value for name, value in told.items() if value}
    if case.centre15:
        reader["centre15"] = True
    if case.kind == "application":
        reader["scopes"] = ["read", "write", "sync"]
    return reader


def _document(case: Case) -> dict[str, object]:
    document: dict[str, object] = {"type": case.type_code}
    if case.codes:
        document["codes"] = list(case.codes)
    if case.deposited is not None:
        document["deposited"] = written(noon_of(case.deposited))
    if case.own_deposit:
        document["author"] = READER
    if case.by_patient:
        document["by_patient"] = True
    if case.status != "current":
        document["status"] = case.status
    if case.hidden:
        document["hides"] = [{"to": "professional", "id": READER}]
    return document


def _record(case: Case) -> dict[str, object]:
    record: dict[str, object] = {}
    if case.age != ADULT_AGE:
        record["birth_date"] = born(case.age, case.now).isoformat()
    if case.account != "active":
        record["account"] = case.account
    if not case.qualified:
        record["identity"] = "unqualified"
    if case.tied:
        record |= _tie(case.kind)
    return record | _choices(case) | _emergency(case)


def _choices(case: Case) -> dict[str, object]:
    """What the patient chose about this professional; what has a beginning began a month ago."""
    since = {"id": READER, "from": written(case.now - LONG_AGO)}
    chosen: dict[str, object] = {}
    if case.agreement:
        chosen["consents"] = [_consent(case.agreement)]
    if case.blocked:
        chosen["blocks"] = [since]
    if case.administrator:
        chosen["administrators"] = [since]
    if case.treating:
        chosen["treating"] = since
    return chosen


def _consent(agreement: str) -> dict[str, object]:
    to_team = agreement == "team"
    consent: dict[str, object] = {
        "to": "team" if to_team else "professional",
        "id": TEAM if to_team else READER,
    }
    return consent | ({"kind": OCCUPATIONAL} if agreement == OCCUPATIONAL else {})


def _tie(kind: str) -> dict[str, object]:
    match kind:
        case "representative":
            return {"representatives": [{"id": READER, "role": "parent"}]}
        case "caregiver":
            return {"caregivers": [{"id": READER}]}
        case "application":
            return {"applications": [{"id": READER, "scopes": ["read", "write", "sync"]}]}
        case _:
            return {}


def _emergency(case: Case) -> dict[str, object]:
    chosen = {
        "samu": not case.samu_off,
        "professionals": not case.professionals_off,
        "masked": case.masked_in_emergency,
    }
    usual = {"samu": True, "professionals": True, "masked": False}
    return {} if chosen == usual else {"emergency": chosen}


def _circumstances(case: Case) -> dict[str, object]:
    said: dict[str, object] = {} if case.mode == "normal" else {"mode": case.mode}
    if case.reason:
        said["reason"] = case.reason
    return said


def born(age: int, now: datetime) -> date:
    """Whoever is this old today, and not older: the birthday is today."""
    today = civil_date(now)
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return date(today.year - age, today.month, day)
