"""The only door of JSON: bytes to a resource, or a refusal that says what to mend.

Depth is counted before parsing, so nesting never meets the recursion of a parser; duplicate
keys, NaN, endless numbers and lone surrogates are refused (SECURITY section 1).
"""

import json
import re
from decimal import Decimal
from typing import Any

from msgspec import DecodeError, Struct, field
from msgspec.json import Decoder

from gateway.errors import RefusedError
from gateway.records.intake.finding import Finding, Severity

MAX_DEPTH = 64
MAX_OBJECTS = 50_000
"""Objects and arrays. A Bundle of 2,000 results has as many; each costs some microseconds."""
MAX_DIGITS = 64
MAX_EXPONENT = 400

Json = dict[str, Any]

STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
"""One that does not end goes to the end of all: begun again at each of its quotes, it would be
read as often as it has some."""
NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
FORBIDDEN_KEYS = frozenset({"__proto__", "constructor", "prototype"})
BOM = b"\xef\xbb\xbf"


class Head(Struct):
    """What of a resource is looked at before it is read."""

    kind: str | None = field(default=None, name="resourceType")


class Name(Struct):
    """An Identifier."""

    system: str | None = None
    value: str | None = None


class DocumentHead(Struct):
    """What of a DocumentReference a condition may name."""

    named: Name | None = field(default=None, name="masterIdentifier")


class BundleHead(Struct):
    """The same of a Bundle."""

    type: str | None = None


_HEAD, _BUNDLE, _DOCUMENT = Decoder(Head), Decoder(BundleHead), Decoder(DocumentHead)


def resource_type(raw: bytes) -> str | None:
    """resourceType of the outermost object; None where `load_json` would say what to mend."""
    try:
        return _HEAD.decode(raw.removeprefix(BOM)).kind
    except (DecodeError, RecursionError):
        return None


def bundle_type(raw: bytes) -> str | None:
    """`type` of a Bundle; None where that cannot be read."""
    try:
        return _BUNDLE.decode(raw.removeprefix(BOM)).type
    except (DecodeError, RecursionError):
        return None


def master_identifier(raw: bytes) -> Json:
    """A resource with that of a DocumentReference and nothing else, empty where it has none."""
    try:
        named = _DOCUMENT.decode(raw.removeprefix(BOM)).named
    except (DecodeError, RecursionError):
        return {}
    if named is None:
        return {}
    return {"masterIdentifier": {"system": named.system, "value": named.value}}


def load_json(raw: bytes, *, max_bytes: int) -> Json:
    """The object in `raw`. Raises RefusedError with a finding whose code begins with `json-`."""
    if len(raw) > max_bytes:
        raise _refusal("json-too-big", f"Send at most {max_bytes} bytes.")
    _check_shape(raw)
    try:
        value = json.loads(
            raw.removeprefix(BOM).decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_decimal,
            parse_int=_integer,
        )
    except UnicodeDecodeError as error:
        raise _refusal("json-encoding", "Write the JSON in UTF-8.") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, character {error.colno}"
        raise _refusal("json-syntax", f"This is not well-formed JSON ({place}).") from error
    except ValueError as error:
        raise _refusal("json-syntax", "This is not well-formed JSON.") from error
    if not isinstance(value, dict):
        raise _refusal("json-syntax", "Send one JSON object: a FHIR resource.")
    if SURROGATE.search(raw):
        _check_surrogates(value)
    return value


def _check_shape(raw: bytes) -> None:
    depth = 0
    brackets = STRING.sub(b"", raw).translate(None, NOT_BRACKETS)
    for bracket in brackets[: 2 * MAX_OBJECTS]:
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            raise _refusal("json-too-deep", f"Nest at most {MAX_DEPTH} levels.")
    if brackets.count(b"{") + brackets.count(b"[") > MAX_OBJECTS:
        raise _refusal("json-too-many", f"Send at most {MAX_OBJECTS} objects and arrays at once.")


def _object(pairs: list[tuple[str, Any]]) -> Json:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _refusal("json-duplicate-key", "Write each key of an object once.")
    if not FORBIDDEN_KEYS.isdisjoint(made):
        raise _refusal("json-key", "Remove the keys __proto__, constructor and prototype.")
    return made


def _constant(_: str) -> None:
    raise _refusal("json-number", "NaN and Infinity are no JSON numbers.")


def _decimal(text: str) -> Decimal:
    exponent = text.lower().partition("e")[2] or "0"
    if len(text) > MAX_DIGITS or len(exponent) > 4 or abs(int(exponent)) > MAX_EXPONENT:
        raise _refusal("json-number", "A number is too long or its exponent too large.")
    return Decimal(text)


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise _refusal("json-number", "A number is too long.")
    return int(text)


def _check_surrogates(value: Json) -> None:
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeEncodeError as error:
        raise _refusal("json-encoding", "A \\u escape is half of a character.") from error


def _refusal(code: str, message: str) -> RefusedError:
    finding = Finding(code=code, severity=Severity.ERROR, where="/", message=message)
    return RefusedError(message, finding=finding)
