"""« Trouver un patient »: by INS, or by four exact traits; never a list of homonyms (PAGES 6)."""

from dataclasses import dataclass, fields

from aiohttp import web

from gateway.mapping.identity import INS_CHARACTERS, INS_OIDS, is_whole_day, same_traits
from gateway.records.patients.account import Person
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.vault import words
from gateway.vault.days import read_day
from gateway.vault.forms import fields_of
from gateway.vault.porch import see_other
from gateway.vault.pro.tries import own_page
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

TRAITS = {
    "nom_naissance": "Nom de naissance",
    "prenom": "Premier prénom de naissance",
    "naissance": "Date de naissance",
    "sexe": "Sexe",
}
SEXES = {"F": "Féminin", "M": "Masculin"}


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was filled, by the names of its fields."""

    ins: str = ""
    nom_naissance: str = ""
    prenom: str = ""
    naissance: str = ""
    sexe: str = ""


async def find_patient(request: web.Request) -> web.Response:
    """By POST, so that no INS and no name stands in an address."""
    typed = Typed(**{one.name: (await field(request, one.name)).strip() for one in fields(Typed)})
    if "nom_naissance" in fields_of(request):
        return await _by_traits(request, typed)
    return await _by_ins(request, typed)


async def _by_ins(request: web.Request, typed: Typed) -> web.Response:
    ins = "".join(typed.ins.split()).upper()
    if len(ins) != INS_CHARACTERS or not ins.isascii():
        return await find_form(request, errors={"ins": words.BAD_INS}, typed=typed)
    rooms = request[ROOMS]
    for oid in INS_OIDS[rooms.profile]:
        person = await rooms.people.person(rooms.names.patient_key(oid, ins))
        if person is not None:
            return await _found(request, person, typed, "ins")
    return await find_form(request, errors={"ins": words.NO_PATIENT}, typed=typed)


async def _by_traits(request: web.Request, typed: Typed) -> web.Response:
    missing = {name: words.FILL_IN_ONE.format(label=label) for name, label in TRAITS.items()}
    errors = {name: said for name, said in missing.items() if not getattr(typed, name)}
    born = read_day(typed.naissance)
    if typed.naissance and born is None:
        errors["naissance"] = words.BAD_DATE
    if errors or born is None or typed.sexe not in SEXES:
        return await find_form(request, errors=errors or {"sexe": missing["sexe"]}, typed=typed)
    asked = PatientIdentity(
        birth_family=typed.nom_naissance,
        birth_given=typed.prenom,
        birth_date=born.isoformat(),
        sex=typed.sexe,
    )
    found = [one for one in await request[ROOMS].people.persons_like(asked) if _is(asked, one)]
    if len(found) != 1:
        return await find_form(request, errors={"nom_naissance": words.NO_PATIENT}, typed=typed)
    return await _found(request, found[0], typed, "nom_naissance")


def _is(asked: PatientIdentity, person: Person) -> bool:
    known = person.identity
    whole = known.birth_family and known.birth_given and known.sex
    return bool(whole) and is_whole_day(known.birth_date) and not same_traits(asked, known)


async def _found(request: web.Request, person: Person, typed: Typed, name: str) -> web.Response:
    if not person.qualified:
        return await find_form(request, errors={name: words.UNQUALIFIED}, typed=typed)
    return see_other(record_address(person.key))


def record_address(patient: PatientKey) -> str:
    return f"/pro/patients/{patient.hex()}"


async def find_form(
    request: web.Request, *, errors: dict[str, str] | None = None, typed: Typed | None = None
) -> web.Response:
    return html(
        "pro/find.html",
        status=422 if errors else 200,
        face=request[VISIT].face,
        title="Trouver un patient",
        current="/pro",
        data_page="pro",
        errors=errors or {},
        typed=typed or Typed(),
        sexes=SEXES,
        more=await own_page(request),
    )
