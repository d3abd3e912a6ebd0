"""The claims of Pro Santé Connect → the professional who signed in, once for each exercice.

SubjectNameID is the national identifier (8 and the RPPS), SubjectRole the professions, and
SubjectRefPro.exercices the situations in which the person works, each with its structures.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gateway.mapping.fhir.json import Json
from gateway.mapping.oidc.claims import text_claim
from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.records.patients.account import Professional

RPPS = re.compile(r"8[0-9]{11}", re.ASCII)
ROLE = re.compile(r"([0-9]{2})\^([0-9.]{5,64})", re.ASCII)
CODE = re.compile(r"[A-Za-z0-9-]{0,20}", re.ASCII)
ROLE_SYSTEMS = {
    "1.2.250.1.213.1.1.5.5": ("G15", "G16"),
    "1.2.250.1.213.1.6.1.109": ("R95",),
    "1.2.250.1.213.1.6.1.4": ("R94",),
}
STUDENT = "E"
"""codeCategorieProfessionnelle of those in training: G16 instead of G15."""
STRUCTURE_PREFIXES = {
    "numeroFinessSite": "1",
    "numeroSiretSite": "3",
    "identifiantTechniqueDeLaStructure": "",
    "numeroFinessetablissementJuridique": "1",
    "numeroSirenSite": "2",
}
"""Which identifier names a structure, the most exact first, and the digit that stands before it
wherever else it is written: without it a team would not be the one of the documents (RULES K4)."""
BARE = {"1": 9, "2": 9, "3": 14}
"""Characters of a FINESS, a SIREN and a SIRET."""
BOTH = ("SubjectNameID", "SubjectRole", "sub")
MAX_SITUATIONS = 50
MAX_NAME = 120


def person_claims(id_token: Json, userinfo: Json) -> Json:
    """What both say together. Raises NotProvedError where they disagree (Core 5.3.2)."""
    if not isinstance(userinfo.get("sub"), str):
        raise NotProvedError(Why.CLAIM)
    for name in BOTH:
        if name in id_token and name in userinfo and id_token[name] != userinfo[name]:
            raise NotProvedError(Why.CLAIM)
    return {**id_token, **userinfo}


def professionals_of(claims: Json, known: Mapping[str, str]) -> tuple[Professional, ...]:
    """The same person in each situation of exercise, at least one.

    `known` are the professions of the grid by code, as G15_10. Raises NotProvedError: a person
    without RPPS, a profession that is unknown or that SubjectRole does not declare (CHO-12).
    """
    identifier = text_claim(claims, "SubjectNameID")
    if not RPPS.fullmatch(identifier):
        raise NotProvedError(Why.PERSON)
    roles = _roles(claims, known)
    found = _situations(claims, identifier, roles, known)
    return tuple(dict.fromkeys(found)) or tuple(_bare(claims, identifier, roles, known))


def _roles(claims: Json, known: Mapping[str, str]) -> dict[str, str]:
    """Profession code → list, of every role; one that is unknown spoils them all."""
    roles = claims.get("SubjectRole")
    if not isinstance(roles, list) or not roles:
        raise NotProvedError(Why.PROFESSION)
    found = {}
    for role in roles:
        match = ROLE.fullmatch(role) if isinstance(role, str) else None
        lists = ROLE_SYSTEMS.get(match[2], ()) if match else ()
        listed = next((one for one in lists if match and f"{one}_{match[1]}" in known), None)
        if match is None or listed is None:
            raise NotProvedError(Why.PROFESSION)
        found[match[1]] = listed
    return found


def _situations(
    claims: Json, identifier: str, roles: Mapping[str, str], known: Mapping[str, str]
) -> Iterator[Professional]:
    for exercise in _objects(_object(claims.get("SubjectRefPro")).get("exercices")):
        code = _code(exercise, "codeProfession")
        if code not in roles:
            raise NotProvedError(Why.PROFESSION)
        name = _name(exercise, "prenomDexercice", "nomDexercice") or _own_name(claims)
        for activity in _objects(exercise.get("activities")) or [{}]:
            yield Professional(
                id=identifier,
                name=name,
                profession=_profession(exercise, code, roles[code], known),
                specialty=_code(exercise, "codeSavoirFaire") or None,
                organization=_structure(activity),
                organization_name=_text(activity, "enseigneCommercialeSite")
                or _text(activity, "raisonSocialeSite")
                or None,
                activity=_code(activity, "codeGenreActivite") or None,
                role=_code(activity, "codeRole") or None,
            )


def _bare(
    claims: Json, identifier: str, roles: Mapping[str, str], known: Mapping[str, str]
) -> Iterator[Professional]:
    """No exercice is told: each role, with no structure and no specialty."""
    for code, listed in roles.items():
        yield Professional(
            id=identifier,
            name=_own_name(claims),
            profession=_profession({}, code, listed, known),
        )


def _profession(exercise: Json, code: str, listed: str, known: Mapping[str, str]) -> str:
    student = _code(exercise, "codeCategorieProfessionnelle") == STUDENT
    profession = f"{'G16' if student and listed == 'G15' else listed}_{code}"
    if profession not in known:
        raise NotProvedError(Why.PROFESSION)
    return profession


def _structure(activity: Json) -> str | None:
    for name, prefix in STRUCTURE_PREFIXES.items():
        if value := _code(activity, name):
            return prefix + value if len(value) == BARE.get(prefix) else value
    return None


def _own_name(claims: Json) -> str:
    return _name(claims, "given_name", "family_name")


def _name(of: Json, given: str, family: str) -> str:
    return f"{_text(of, given)} {_text(of, family)}".strip()[:MAX_NAME]


def _object(value: Any) -> Json:
    if value is not None and not isinstance(value, dict):
        raise NotProvedError(Why.CLAIM)
    return value or {}


def _objects(value: Any) -> list[Json]:
    if value is not None and not isinstance(value, list):
        raise NotProvedError(Why.CLAIM)
    if len(value or ()) > MAX_SITUATIONS:
        raise NotProvedError(Why.CLAIM)
    return [_object(one) for one in value or ()]


def _code(of: Json, name: str) -> str:
    value = _text(of, name)
    if not CODE.fullmatch(value):
        raise NotProvedError(Why.CLAIM)
    return value


def _text(of: Json, name: str) -> str:
    value = of.get(name)
    return "" if value is None else text_claim(of, name).strip()
