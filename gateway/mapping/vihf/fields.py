"""The fields of a VIHF, read from what was signed (XDS.md section 8, table)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gateway.mapping.vihf.alone import SAML
from gateway.mapping.vihf.coded import coded, mode_of, profession_of
from gateway.mapping.vihf.refusal import NotVihfError, Why
from gateway.mapping.xml import Element
from gateway.records.readers.vihf import Authentication, Vihf

VERSIONS = frozenset({"3.0", "4.0"})
DMP = "urn:dmp"
SUBJECT_NAME = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
CLASSES = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
PURPOSE = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
RESOURCE = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
NAME = "urn:oasis:names:tc:xspa:1.0:subject:subject-id"
SECRET = (
    "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code",
    "Confidentiality_code",
)
CONDITIONS = frozenset(f"{{{SAML}}}{name}" for name in ("OneTimeUse", "ProxyRestriction"))
BEGINS = frozenset({"NotBefore"})
ENDS = frozenset({"NotOnOrAfter", "SessionNotOnOrAfter"})
MAX_VALUE_CHARACTERS = 300
MAX_VALUES = 4
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,199}", re.ASCII)
_STRUCTURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,59}", re.ASCII)
_SUBJECT = re.compile(r"[^\W_][^\x00-\x1f\x7f-\x9f<>&\"]{0,119}")
_PATIENT = re.compile(r"([0-9A-Z]{15})\^\^\^&([0-9.]{5,64})&ISO\^NH(?:\^[0-9^]{0,20})?", re.ASCII)
Attributes = Mapping[str, list[Element]]


@dataclass(frozen=True, slots=True)
class Window:
    """How old an assertion may be, and how far ahead of ours the clock of its software."""

    age: timedelta = timedelta(minutes=10)
    ahead: timedelta = timedelta(minutes=1)


def issuer_of(assertion: Element) -> str:
    """The DN that names who signed. Raises NotVihfError(FIELD)."""
    issuer = _only(assertion, "Issuer")
    if issuer.get("Format") != SUBJECT_NAME:
        raise NotVihfError(Why.FIELD, "Issuer")
    return _plain(issuer, "Issuer", longest=2_000)


def read_fields(assertion: Element, *, certificate: str, now: datetime, window: Window) -> Vihf:
    """Everything that a VIHF says; `certificate` is SHA-256 of who signed, in hexadecimal.

    Raises NotVihfError: FIELD, TIME, SPECIALTY.
    """
    if assertion.get("Version") != "2.0" or not _ID.fullmatch(assertion.get("ID", "")):
        raise NotVihfError(Why.FIELD, "Assertion")
    issued, until = _times(assertion, now, window)
    said = _attributes(assertion)
    if _text(said, "VIHF_Version") not in VERSIONS or _text(said, "Ressource_URN") != DMP:
        raise NotVihfError(Why.FIELD, "VIHF_Version, Ressource_URN")
    authentication = _authentication(_text(said, "Authentification_Mode"))
    named = authentication is not Authentication.DIRECT
    ins, ins_oid = _patient(said)
    return Vihf(
        id=assertion.get("ID", ""),
        issued_at=issued,
        until=until,
        subject=_matching(_SUBJECT, _name_id(assertion), "NameID"),
        name=_text(said, NAME, needed=named),
        structure=_matching(
            _STRUCTURE, _text(said, "Identifiant_Structure"), "Identifiant_Structure"
        ),
        sector=_text(said, "Secteur_Activite", needed=False).partition("^")[0] or None,
        profession=profession_of([coded(one, "Role") for one in _values(said, ROLE)]),
        authentication=authentication,
        mode=mode_of(*coded(_value(said, PURPOSE), "PurposeOfUse")),
        certificate=certificate,
        software=_software(said),
        ins=ins,
        ins_oid=ins_oid,
        is_secret=any(_secret(said, name) for name in SECRET),
        reason=_text(said, "Mode_Acces_Raison", needed=False) or None,
    )


def _times(assertion: Element, now: datetime, window: Window) -> tuple[datetime, datetime]:
    """When it was issued, and after which instant it proves nothing (saml-core 2.5.1)."""
    issued = _instant(assertion.get("IssueInstant"), "IssueInstant")
    until = issued + window.age
    if not issued - window.ahead <= now <= until:
        raise NotVihfError(Why.TIME)
    for one in assertion.iter():
        bounds = [(name, one.get(name)) for name in BEGINS | ENDS]
        for name, at in [(name, _instant(told, name)) for name, told in bounds if told is not None]:
            if (name in ENDS and now >= at) or (name in BEGINS and now < at - window.ahead):
                raise NotVihfError(Why.TIME)
            until = min(until, at) if name in ENDS else until
    _check_statement(assertion, now + window.ahead)
    return issued, until


def _check_statement(assertion: Element, latest: datetime) -> None:
    """AuthnStatement, and no condition that we do not know (saml-core 2.5.1.1)."""
    statement = _only(assertion, "AuthnStatement")
    if _instant(statement.get("AuthnInstant"), "AuthnInstant") > latest:
        raise NotVihfError(Why.TIME)
    context = _only(_only(statement, "AuthnContext"), "AuthnContextClassRef")
    if not _plain(context, "AuthnContextClassRef").startswith(CLASSES):
        raise NotVihfError(Why.FIELD, "AuthnContextClassRef")
    for conditions in assertion.findall(f"{{{SAML}}}Conditions"):
        if any(one.tag not in CONDITIONS for one in conditions):
            raise NotVihfError(Why.FIELD, "Conditions")


def _name_id(assertion: Element) -> str:
    return _plain(_only(_only(assertion, "Subject"), "NameID"), "NameID")


def _attributes(assertion: Element) -> Attributes:
    """Values by name in small letters: their case varies on the wire."""
    found: dict[str, list[Element]] = {}
    for one in _only(assertion, "AttributeStatement"):
        name = one.get("Name", "").casefold()
        if one.tag != f"{{{SAML}}}Attribute" or not name or name in found:
            raise NotVihfError(Why.FIELD, "Attribute")
        values = list(one)
        if len(values) > MAX_VALUES or any(v.tag != f"{{{SAML}}}AttributeValue" for v in values):
            raise NotVihfError(Why.FIELD, "AttributeValue")
        found[name] = values
    return found


def _values(said: Attributes, name: str) -> list[Element]:
    return said.get(name.casefold(), [])


def _value(said: Attributes, name: str) -> Element:
    values = _values(said, name)
    if len(values) != 1:
        raise NotVihfError(Why.FIELD, name)
    return values[0]


def _text(said: Attributes, name: str, *, needed: bool = True) -> str:
    if not needed and not _values(said, name):
        return ""
    text = _plain(_value(said, name), name)
    if needed and not text:
        raise NotVihfError(Why.FIELD, name)
    return text


def _secret(said: Attributes, name: str) -> bool:
    """« Connexion secrète »: its values were never seen, so that any value but none, N and false
    hides (XDS.md section 12): to hide too much from a parent is the smaller harm."""
    values = _values(said, name)
    texts = ["".join(str(one) for one in value.itertext()).strip().casefold() for value in values]
    codes = [one.get("code", "").casefold() for value in values for one in value]
    return any(one not in ("", "n", "false", "0") for one in (*texts, *codes))


def _software(said: Attributes) -> str:
    for name in ("LPS_ID", "LPS_ID_HOMOLOGATION_DMP"):
        _text(said, name)
    return f"{_text(said, 'LPS_Nom')} {_text(said, 'LPS_Version', needed=False)}".strip()


def _patient(said: Attributes) -> tuple[str | None, str | None]:
    written = _text(said, RESOURCE, needed=False)
    if not written:
        return None, None
    found = _PATIENT.fullmatch(written)
    if found is None:
        raise NotVihfError(Why.FIELD, "resource-id")
    return found[1], found[2]


def _authentication(written: str) -> Authentication:
    try:
        return Authentication(written)
    except ValueError:
        raise NotVihfError(Why.FIELD, "Authentification_Mode") from None


def _only(parent: Element, name: str) -> Element:
    found = parent.findall(f"{{{SAML}}}{name}")
    if len(found) != 1:
        raise NotVihfError(Why.FIELD, name)
    return found[0]


def _plain(element: Element, name: str, *, longest: int = MAX_VALUE_CHARACTERS) -> str:
    text = (element.text or "").strip()
    if len(element) or len(text) > longest:
        raise NotVihfError(Why.FIELD, name)
    return text


def _matching(pattern: re.Pattern[str], text: str, name: str) -> str:
    if not pattern.fullmatch(text):
        raise NotVihfError(Why.FIELD, name)
    return text


def _instant(written: str | None, name: str) -> datetime:
    if written is None or not _INSTANT.fullmatch(written):
        raise NotVihfError(Why.FIELD, name)
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotVihfError(Why.FIELD, name) from None
