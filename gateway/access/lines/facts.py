"""Reader, document, record and circumstances of a scenario → records (ACCESS section 2)."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from gateway.access.lines.fields import (
    Field,
    NotAScenarioError,
    boolean,
    day,
    filled_text,
    instant_or_null,
    items,
    member,
    one_of,
    renamed,
    required,
    table,
    text,
    text_or_null,
    texts,
)
from gateway.records.readers.access import (
    CODES,
    FLAGS,
    Account,
    Application,
    CareConsent,
    Circumstances,
    DocumentFacts,
    EmergencyChoice,
    Entry,
    FactStatus,
    Hide,
    Manage,
    Mode,
    NoticeKind,
    Origin,
    Reader,
    ReaderKind,
    RecordFacts,
    Representative,
)

E = TypeVar("E", bound=Entry)

KINDS = {kind.value: kind for kind in ReaderKind}
STATUSES = {status.value: status for status in FactStatus}
ACCOUNTS = {account.value: account for account in Account}
MODES = {mode.value: mode for mode in Mode}
ORIGINS = {origin.value: origin for origin in Origin}
NOTICES: dict[str, NoticeKind] = {notice.value: notice for notice in NoticeKind}
MANAGES: dict[str, Manage] = {manage.value: manage for manage in Manage}

READER: Mapping[str, Field] = {
    "kind": lambda value: member(value, KINDS),
    "id": text_or_null,
    "profession": text_or_null,
    "specialty": text_or_null,
    "activity": text_or_null,
    "function": text_or_null,
    "role": text_or_null,
    "organisation": text_or_null,
    "team": text_or_null,
    "authenticated": boolean,
    "centre15": boolean,
    "scopes": texts,
}
PERIOD: Mapping[str, Field] = {"id": text, "from": instant_or_null, "until": instant_or_null}
HIDE: Mapping[str, Field] = {**PERIOD, "to": one_of(("professional", "profession"))}
CONSENT: Mapping[str, Field] = {
    **PERIOD,
    "to": one_of(("professional", "team")),
    "kind": one_of(("care", "occupational")),
}
REPRESENTATIVE: Mapping[str, Field] = {**PERIOD, "role": one_of(("parent", "guardian"))}
APPLICATION: Mapping[str, Field] = {**PERIOD, "scopes": texts}
EMERGENCY: Mapping[str, Field] = {"samu": boolean, "professionals": boolean, "masked": boolean}
FLAG_FIELDS: Mapping[str, Field] = dict.fromkeys(FLAGS, boolean)


def reader_of(value: object) -> Reader:
    fields = table(value, READER)
    required(fields, "kind")
    return Reader(**fields)


def _entry(value: object, shape: Mapping[str, Field], make: Callable[..., E], *keys: str) -> E:
    fields = table(value, shape)
    required(fields, "id", *keys)
    return make(**renamed(fields, from_="since"))


def _entries(
    shape: Mapping[str, Field], make: Callable[..., E], *keys: str
) -> Callable[[object], tuple[E, ...]]:
    return lambda value: tuple(_entry(item, shape, make, *keys) for item in items(value))


def _codes(value: object) -> tuple[str, ...]:
    codes = texts(value)
    if not codes or not CODES.issuperset(codes):
        raise NotAScenarioError("codes holds one code or more of those known")
    return codes


def _author(value: object) -> tuple[str, ...]:
    author = text_or_null(value)
    return (author,) if author else ()


DOCUMENT: Mapping[str, Field] = {
    "type": filled_text,
    "class": text_or_null,
    "label": text_or_null,
    "author": _author,
    "organisation": text_or_null,
    "by_patient": boolean,
    "codes": _codes,
    "deposited": instant_or_null,
    "hidden_from": instant_or_null,
    "announced": instant_or_null,
    "status": lambda value: member(value, STATUSES),
    "hides": _entries(HIDE, Hide, "to"),
}


def document_of(value: object) -> DocumentFacts | None:
    if value is None:
        return None
    fields = table(value, DOCUMENT)
    required(fields, "type")
    return DocumentFacts(**renamed(fields, class_="class_code"))


RECORD: Mapping[str, Field] = {
    "account": lambda value: member(value, ACCOUNTS),
    "identity": lambda value: member(value, {"qualified": True, "unqualified": False}),
    "birth_date": day,
    "feeding_opposed": boolean,
    "consents": _entries(CONSENT, CareConsent, "to"),
    "blocks": _entries(PERIOD, Entry),
    "administrators": _entries(PERIOD, Entry),
    "caregivers": _entries(PERIOD, Entry),
    "representatives": _entries(REPRESENTATIVE, Representative, "role"),
    "applications": _entries(APPLICATION, Application),
    "treating": lambda value: None if value is None else _entry(value, PERIOD, Entry),
    "teams_informed": texts,
    "teams_objected": texts,
    "known_readers": texts,
    "emergency": lambda value: EmergencyChoice(**table(value, EMERGENCY)),
}


def record_of(value: object) -> RecordFacts:
    return RecordFacts(**renamed(table(value, RECORD), identity="qualified"))


def _or_null(values: Mapping[str, Any]) -> Field:
    return lambda value: None if value is None else member(value, values)


CIRCUMSTANCES: Mapping[str, Field] = {
    "mode": lambda value: member(value, MODES),
    "reason": text_or_null,
    "in_charge": boolean,
    "origin": lambda value: member(value, ORIGINS),
    "flags": lambda value: table(value, FLAG_FIELDS),
    "notice": _or_null(NOTICES),
    "actor": text_or_null,
    "target": text_or_null,
    "manage": _or_null(MANAGES),
}


def circumstances_of(value: object) -> Circumstances:
    return Circumstances(**table(value, CIRCUMSTANCES))
