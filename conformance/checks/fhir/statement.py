"""ITI-66, and what the CapabilityStatement declares (FHIR R4; IHE MHD)."""

from typing import Any

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.checks.fhir.find import PARAMETERS, provided, searched
from conformance.checks.fhir.provide import said
from conformance.requirement import Volet
from conformance.verdict import expect

LISTS = Chapter(Volet.FHIR, "IHE MHD, 2:3.66 (ITI-66)")
STATEMENT = Chapter(Volet.FHIR, "FHIR R4, http.html#capabilities; IHE MHD, 2:3.65 to 2:3.68")


@LISTS.asks(
    "ITI-66-01",
    "Submissions can be searched",
    fix="GET List?code=submissionset&patient.identifier=…&status=current.",
)
def submissions(bench: Bench) -> None:
    provided(bench)
    bundle = searched(bench, {"code": "submissionset"}, "List")
    kinds = {one.get("resource", {}).get("resourceType") for one in bundle.get("entry") or []}
    expect("List" in kinds, f"resources: {sorted(map(str, kinds))}")


def statement(bench: Bench) -> Any:
    reply = bench.web.ask("GET", f"{bench.target.fhir}/metadata")
    body = reply.json
    good = isinstance(body, dict) and body.get("resourceType") == "CapabilityStatement"
    expect(reply.status == 200 and good, said(reply))
    return body


@STATEMENT.asks("FHIR-01", "The statement is open, and of FHIR 4.0.1", fix="GET [base]/metadata.")
def metadata(bench: Bench) -> None:
    body = statement(bench)
    found = (body.get("kind"), body.get("fhirVersion"))
    expect(found == ("instance", "4.0.1"), f"kind and fhirVersion: {found}")


@STATEMENT.asks(
    "FHIR-02",
    "The statement names what is offered on DocumentReference",
    fix="List read and search-type, and every search parameter that is answered.",
)
def declared(bench: Bench) -> None:
    resources = [one for rest in statement(bench).get("rest", []) for one in rest["resource"]]
    found = {one["type"]: one for one in resources}
    reference = found.get("DocumentReference", {})
    actions = {one["code"] for one in reference.get("interaction", [])}
    names = {one["name"] for one in reference.get("searchParam", [])}
    expect({"read", "search-type"} <= actions, f"interactions: {sorted(actions)}")
    wanted = {"patient", "patient.identifier", "status", "identifier", "type", "category"}
    expect(wanted <= names, f"not declared: {sorted(wanted - names)}")


@STATEMENT.asks(
    "FHIR-03",
    "Every parameter of ITI-67 that is answered is declared",
    fix="List creation, period, facility, setting, format, event and author.* too.",
    source="IHE MHD, CapabilityStatement of the Document Responder",
)
def all_declared(bench: Bench) -> None:
    resources = [one for rest in statement(bench).get("rest", []) for one in rest["resource"]]
    names = {param["name"] for one in resources if one["type"] == "DocumentReference"
             for param in one.get("searchParam", [])}  # fmt: skip
    missing = {name for _, name, _, _ in PARAMETERS} - names
    expect(not missing, f"not declared: {sorted(missing)}")


@STATEMENT.asks(
    "FHIR-04",
    "What is deposited is declared",
    fix="rest.interaction has transaction, DocumentReference has create.",
    source="IHE MHD, CapabilityStatement of the Document Recipient",
)
def deposits_declared(bench: Bench) -> None:
    rests = statement(bench).get("rest", [])
    codes = {one.get("code") for rest in rests for one in rest.get("interaction", [])}
    expect("transaction" in codes, f"interactions of the server: {sorted(map(str, codes))}")
