"""An AdhocQueryRequest read: which stored query, with what (IHE ITI TF-2 3.18.4.1.2)."""

from collections.abc import Iterator, Mapping
from itertools import islice

from msgspec import Struct

from gateway.mapping.xdm.ebrim.hl7types import Cx, cx
from gateway.mapping.xdm.ebrim.metadata import RIM
from gateway.mapping.xds.errors import RegistryError
from gateway.mapping.xds.query.stored import (
    AUTHOR,
    BOUNDS,
    CODED,
    PATIENTS,
    QUERIES,
    REPEATED,
    SINGLE,
    StoredQuery,
)
from gateway.mapping.xds.query.values import Value, code_of, instant_of, values_of
from gateway.mapping.xml import Element

QUERY = "{urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0}"
REQUEST = f"{QUERY}AdhocQueryRequest"
LEAF, REFERENCE = "LeafClass", "ObjectRef"
UNKNOWN_QUERY = "XDSUnknownStoredQuery"
MISSING, NUMBER = "XDSStoredQueryMissingParam", "XDSStoredQueryParamNumber"
REGISTRY_ERROR = "XDSRegistryError"
MAX_CHARACTERS = 1_000
MAX_VALUES, MAX_PATTERNS = 4_000, 50
"""Of all parameters together; and of those that are patterns, held against each author."""
LIMITS = {AUTHOR: MAX_PATTERNS}
Slots = Mapping[str, tuple[tuple[str, ...], ...]]


class QueryRefusedError(Exception):
    """The request is answered with a Failure; `error` says what to mend."""

    def __init__(self, code: str, context: str) -> None:
        super().__init__(context)
        self.error = RegistryError(code, context)


class Asked(Struct, frozen=True, kw_only=True):
    """What is written: the query's id, `returnType`, and of each parameter the Value elements of
    each of its Slots, as they came."""

    id: str
    return_type: str
    slots: Slots


class Query(Struct, frozen=True, kw_only=True):
    """A query that can be answered: of each parameter the conditions, all to hold, each of which
    one of its values meets. `patients` are those it names, as written in CX."""

    stored: StoredQuery
    leaf: bool
    patients: tuple[Cx | None, ...]
    conditions: Slots

    def each(self, name: str) -> tuple[tuple[str, ...], ...]:
        return self.conditions.get(name, ())

    def values(self, name: str) -> tuple[str, ...]:
        """Of a parameter that stands once; () where it is not asked."""
        return next(iter(self.each(name)), ())

    def one(self, name: str) -> str | None:
        return next(iter(self.values(name)), None)


def read_query(body: Element) -> Query:
    """`body` is an AdhocQueryRequest. Raises QueryRefusedError."""
    return query_of(asked_of(body))


def asked_of(body: Element) -> Asked:
    """Raises QueryRefusedError where there is no AdhocQuery in it."""
    adhoc = body.find(f"{RIM}AdhocQuery")
    if adhoc is None:
        raise QueryRefusedError(UNKNOWN_QUERY, "Name the stored query: AdhocQuery with its id.")
    option = body.find(f"{QUERY}ResponseOption")
    slots: dict[str, list[tuple[str, ...]]] = {}
    for slot in adhoc.iterfind(f"{RIM}Slot"):
        name = (slot.get("name") or "").strip()
        written = (value.text or "" for value in slot.iterfind(f"{RIM}ValueList/{RIM}Value"))
        slots.setdefault(name, []).append(tuple(written))
    return Asked(
        id=(adhoc.get("id") or "").strip(),
        return_type=(option.get("returnType") if option is not None else None) or LEAF,
        slots={name: tuple(found) for name, found in slots.items()},
    )


def query_of(asked: Asked) -> Query:
    """Raises QueryRefusedError. A parameter that the query does not have is passed over."""
    stored = QUERIES.get(asked.id.lower())
    if stored is None:
        raise QueryRefusedError(UNKNOWN_QUERY, "This registry does not have this stored query.")
    if asked.return_type not in (LEAF, REFERENCE):
        raise QueryRefusedError(REGISTRY_ERROR, "returnType is LeafClass or ObjectRef.")
    known = {name: slots for name, slots in asked.slots.items() if name in stored.known}
    conditions = {name: tuple(_conditions(name, slots)) for name, slots in known.items()}
    _refuse_missing(stored, conditions)
    _refuse_number(stored, conditions)
    named = (one for name in PATIENTS for values in conditions.get(name, ()) for one in values)
    return Query(
        stored=stored,
        leaf=asked.return_type == LEAF,
        patients=tuple(cx(one) for one in named),
        conditions=conditions,
    )


def _conditions(name: str, slots: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, ...]]:
    """One of each Slot. Several Value elements are one list (alternatives)."""
    for written in slots:
        values: list[str] = []
        try:
            for text in written:
                room = MAX_VALUES + 1 - len(values)
                values += (_checked(name, one) for one in islice(values_of(text), room))
        except ValueError as error:
            raise QueryRefusedError(REGISTRY_ERROR, f"{name}: {error}.") from None
        yield tuple(values)


def _checked(name: str, value: Value) -> str:
    """A time may stand in apostrophes: software writes it so [T]. Raises ValueError."""
    if name in BOUNDS:
        return instant_of(value.text)
    if len(value.text) > MAX_CHARACTERS:
        raise ValueError(f"a value has at most {MAX_CHARACTERS} characters")
    if not value.quoted:
        raise ValueError("a string stands between apostrophes")
    if name in CODED:
        code_of(value.text)
    return value.text


def _refuse_missing(stored: StoredQuery, conditions: Slots) -> None:
    missing = [name for name in stored.required if not any(conditions.get(name, ()))]
    if stored.one_of and not any(any(conditions.get(name, ())) for name in stored.one_of):
        missing.append(" or ".join(stored.one_of))
    if missing:
        raise QueryRefusedError(MISSING, f"{stored.name} needs {', '.join(missing)}.")


def _refuse_number(stored: StoredQuery, conditions: Slots) -> None:
    if sum(name in conditions for name in stored.one_of) > 1:
        names = " or ".join(stored.one_of)
        raise QueryRefusedError(NUMBER, f"{stored.name} takes {names}, not both.")
    for name, slots in conditions.items():
        if len(slots) > 1 and name not in REPEATED:
            raise QueryRefusedError(NUMBER, f"{name} stands once.")
        most = 1 if name in SINGLE or name in stored.single else LIMITS.get(name, MAX_VALUES)
        if sum(map(len, slots)) > most:
            raise QueryRefusedError(NUMBER, f"{name} takes at most {most} values.")
    if sum(len(one) for slots in conditions.values() for one in slots) > MAX_VALUES:
        raise QueryRefusedError(NUMBER, f"A query takes at most {MAX_VALUES} values.")
