"""People and houses of a CDA header: patient, authors, custodian, legal authenticator."""

from collections.abc import Iterable

from conformance.made.person import INS_OIDS, ins_key
from conformance.requirement import Level
from conformance.sender.judge import Fault, wrong
from conformance.sender.judges.patient import MATRICULE, PLACE
from conformance.sender.judges.values import CDA, ROLE
from conformance.sender.subjects import HL7, Document


@CDA.asks("S-CDA-13", "There is one patient", fix="One recordTarget, with at least one id.")
def patient(document: Document) -> Iterable[Fault]:
    roles, people = document.nodes(ROLE), document.nodes(f"{ROLE}/patient")
    if len(roles) != 1 or len(people) != 1:
        yield Fault("recordTarget", f"{len(roles)} patientRole, {len(people)} patient", 198)
    for one in document.nodes(f"{ROLE}/id"):
        if not one.get("root") or not one.get("extension"):
            yield Fault(f"{ROLE}/id", "an id without root or extension", 101)
    if not document.nodes(f"{ROLE}/id"):
        yield wrong(f"{ROLE}/id", "", "an id")


@CDA.asks(
    "S-CDA-14", "Names say whether they are of birth", fix="family and given: qualifier BR or CL."
)
def names(document: Document) -> Iterable[Fault]:
    path = f"{ROLE}/patient/name"
    if len(document.nodes(path)) != 1:
        yield Fault(path, f"{len(document.nodes(path))} names, wanted 1", 198)
    for one in document.nodes(f"{path}/family"):
        if one.get("qualifier") not in ("BR", "CL"):
            yield wrong(
                f"{path}/family/@qualifier", str(one.get("qualifier") or ""), "BR or CL", 103
            )


@CDA.asks(
    "S-CDA-15",
    "An INS goes with its five traits",
    fix="family BR, given BR, a given without qualifier, birthTime, sex, birthplace county.",
    source="CI-SIS, structuration minimale, INS; code 905",
    applies=lambda one: bool(one.ins),
)
def traits(document: Document) -> Iterable[Fault]:
    path = f"{ROLE}/patient"
    given = document.nodes(f"{path}/name/given")
    checks = {
        "family[@qualifier='BR']": any(
            one.get("qualifier") == "BR" for one in document.nodes(f"{path}/name/family")
        ),
        "given[@qualifier='BR']": any(one.get("qualifier") == "BR" for one in given),
        "given without qualifier": any(one.get("qualifier") is None for one in given),
        "birthTime": bool(document.attribute(f"{path}/birthTime", "value")),
        "administrativeGenderCode": bool(
            document.attribute(f"{path}/administrativeGenderCode", "code")
        ),
        "birthplace/…/county": bool(document.text(f"{path}/birthplace/place/addr/county")),
    }
    for place, there in checks.items():
        if not there:
            yield Fault(f"{path}/{place}", "missing", 207, 905)


@CDA.asks(
    "S-CDA-15b",
    "The INS is a matricule with its key",
    fix="15 characters, the key of the 13 first ones.",
    source="Référentiel INS",
    applies=lambda one: bool(one.ins),
)
def matricule(document: Document) -> Iterable[Fault]:
    if not MATRICULE.fullmatch(document.ins):
        yield Fault(f"{ROLE}/id", f"{len(document.ins)} characters that are no matricule")
    elif ins_key(document.ins[:13]) != document.ins[13:]:
        yield Fault(f"{ROLE}/id", "its last two digits are not its key")


@CDA.asks(
    "S-CDA-15c",
    "The patient has an INS",
    fix="Add patientRole/id of an OID of the INS.",
    source="CI-SIS volet, code 903",
    level=Level.SHOULD,
)
def an_ins(document: Document) -> Iterable[Fault]:
    roots = {one.get("root") for one in document.nodes(f"{ROLE}/id")}
    if not roots & INS_OIDS:
        yield Fault(f"{ROLE}/id", "no OID of an INS", 207, 903)


@CDA.asks(
    "S-CDA-15d",
    "The birth place is an INSEE code",
    fix="county holds 5 characters, 99999 unknown.",
    source="RNIV",
    applies=lambda one: bool(one.text(f"{ROLE}/patient/birthplace/place/addr/county")),
)
def birth_place(document: Document) -> Iterable[Fault]:
    value = document.text(f"{ROLE}/patient/birthplace/place/addr/county")
    if not PLACE.fullmatch(value):
        yield wrong(f"{ROLE}/…/county", value, "an INSEE code of 5 characters", 103)


@CDA.asks(
    "S-CDA-16",
    "Authors have a time and an id",
    fix="author/time and assignedAuthor/id (root and extension).",
)
def authors(document: Document) -> Iterable[Fault]:
    found = document.nodes("author")
    if not found:
        yield wrong("author", "", "at least one")
    for one in found:
        time, name = one.find(f"{HL7}time"), one.find(f"{HL7}assignedAuthor/{HL7}id")
        if time is None or not time.get("value"):
            yield wrong("author/time", "", "a time")
        if name is None or not name.get("root") or not name.get("extension"):
            yield wrong("author/assignedAuthor/id", "", "root and extension")


@CDA.asks(
    "S-CDA-17",
    "The custodian has an id",
    fix="representedCustodianOrganization/id of root 1.2.250.1.71.4.2.2.",
)
def custodian(document: Document) -> Iterable[Fault]:
    path = "custodian/assignedCustodian/representedCustodianOrganization/id"
    root = document.attribute(path, "root")
    if root not in ("1.2.250.1.71.4.2.2", "1.2.250.1.213.4.1"):
        yield wrong(path, root, "1.2.250.1.71.4.2.2")


@CDA.asks(
    "S-CDA-18",
    "A legal authenticator has signed",
    fix="legalAuthenticator: time, signatureCode S, id, person's name.",
)
def authenticator(document: Document) -> Iterable[Fault]:
    path = "legalAuthenticator"
    if document.attribute(f"{path}/signatureCode", "code") != "S":
        yield wrong(
            f"{path}/signatureCode", document.attribute(f"{path}/signatureCode", "code"), "S"
        )
    if not document.attribute(f"{path}/time", "value"):
        yield wrong(f"{path}/time", "", "a time")
    if not document.attribute(f"{path}/assignedEntity/id", "extension"):
        yield wrong(f"{path}/assignedEntity/id", "", "root and extension")
    if not document.text(f"{path}/assignedEntity/assignedPerson/name/family"):
        yield wrong(f"{path}/assignedEntity/assignedPerson/name", "", "a family name")
