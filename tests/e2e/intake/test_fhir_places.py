"""Each address that the answer to a transaction names is read, by whoever may read the document."""

from daemon_rig import FHIR, Daemon

from conformance.made.cda import paper
from conformance.made.fhir import transaction
from conformance.made.person import Person
from conformance.made.serial import Serial


def test_each_place_of_an_answer_is_read_at_the_base_with_or_without_a_slash(
    gateway: Daemon,
) -> None:
    serial = Serial(7, "places")
    who = Person.of(gateway.lines()[0])
    headers = gateway.sender() | {"Content-Type": FHIR, "Accept": FHIR}
    for base in ("/fhir", "/fhir/"):
        body = transaction(paper(who, serial), serial=serial).raw()
        answer = gateway.http("POST", base, body, headers)
        assert (answer.status, answer.json["type"]) == (200, "transaction-response"), answer.body
        told = [entry["response"] for entry in answer.json["entry"]]
        assert {one["status"] for one in told} == {"201 Created"}
        places = [(one["location"], one.get("etag")) for one in told]
        kinds = [place.partition("/")[0] for place, _ in places]
        assert kinds == ["List", "DocumentReference", "Binary"]
        for place, tag in places:
            read = gateway.http("GET", f"/fhir/{place}", headers=gateway.doctor)
            assert (read.status, read.headers["etag"]) == (200, tag or read.headers["etag"]), place
            assert gateway.http("GET", f"/fhir/{place}", headers=headers).status == 403
    wrong = gateway.http("POST", "/fhir/", body, {"Content-Type": FHIR})
    assert (wrong.status, wrong.json["resourceType"]) == (401, "OperationOutcome")
    assert gateway.http("PUT", "/fhir/", body, headers).headers["allow"] == "POST"
