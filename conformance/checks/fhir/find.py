"""ITI-66 and ITI-67 (IHE MHD 2:3.66, 2:3.67; CI-SIS PDSm, flux 04 and 05), and the statement."""

from typing import Any
from urllib.parse import urlencode

from conformance.bench import Bench
from conformance.check import Chapter, Check
from conformance.checks.fhir.provide import accepted, made, said
from conformance.made.cda import Paper
from conformance.requirement import Level, Volet
from conformance.verdict import expect
from conformance.wire.http import Reply

FIND = Chapter(Volet.FHIR, "IHE MHD, 2:3.67 (ITI-67)")
PAGES = 4
FORM = "application/x-www-form-urlencoded"


def patient(bench: Bench) -> dict[str, str]:
    return {"patient.identifier": f"urn:oid:{bench.who.oid}|{bench.who.ins}"}


def asked(bench: Bench, words: dict[str, str], kind: str = "DocumentReference") -> Reply:
    path = f"{bench.target.fhir}/{kind}?{urlencode(words)}"
    return bench.web.ask("GET", path, headers=bench.reader)


def searched(bench: Bench, words: dict[str, str], kind: str = "DocumentReference") -> Any:
    """The Bundle of a 200. Raises NotMetError."""
    reply = asked(bench, {"status": "current", **patient(bench), **words}, kind)
    body = reply.json
    good = reply.status == 200 and isinstance(body, dict) and body.get("type") == "searchset"
    expect(good, said(reply))
    return body


def ids(bundle: Any) -> set[str]:
    resources = [one.get("resource", {}) for one in bundle.get("entry") or []]
    return {one.get("masterIdentifier", {}).get("value", "") for one in resources}


def provided(bench: Bench) -> Paper:
    what, bundle = made(bench)
    accepted(bench, bundle)
    return what


def narrowed(bench: Bench, name: str, good: str, bad: str) -> None:
    """The document is found by `good` and not by `bad`."""
    what = provided(bench)
    common = {"_count": "200", "identifier": f"urn:ietf:rfc:3986|urn:oid:{what.id}"}
    holes = {"id": what.id}
    found = searched(bench, common | {name: good.format(**holes)})
    expect(f"urn:oid:{what.id}" in ids(found), f"{name}={good} does not find it")
    other = searched(bench, common | {name: bad})
    expect(f"urn:oid:{what.id}" not in ids(other), f"{name}={bad} finds it all the same")


PARAMETERS = (
    ("01", "type", "http://loinc.org|11502-2", "http://loinc.org|34133-9"),
    ("02", "category", "10", "42"),
    ("03", "creation", "ge2026-01-01", "lt2026-01-01"),
    ("04", "period", "ge2026-01-01", "lt2026-01-01"),
    ("05", "facility", "SA25", "SA99"),
    ("06", "setting", "AMBULATOIRE", "HAD"),
    ("07", "format", "urn:ihe:lab:xd-lab:2008", "urn:ihe:iti:xds-sd:pdf:2008"),
    ("08", "security-label", "N", "V"),
    ("09", "author.family", "TESTEUR", "PERSONNE"),
    ("10", "author.given", "Lou", "Personne"),
    ("11", "date", "ge2026-01-01", "lt2020-01-01"),
)


def parameter_check(number: str, name: str, good: str, bad: str) -> Check:
    asks = FIND.asks(
        f"ITI-67-P{number}",
        f"Search by {name}",
        fix=f"Find by {name}, and leave out what does not match.",
        source=f"IHE MHD, 2:3.67.4.1.2, parameter {name}",
    )
    return asks(lambda bench: narrowed(bench, name, good, bad))


SEARCHES = tuple(parameter_check(*row) for row in PARAMETERS)


@FIND.asks(
    "ITI-67-P12",
    "Search by identifier",
    fix="identifier covers masterIdentifier, with its system or without.",
    source="IHE MHD, 2:3.67.4.1.2, parameter identifier",
)
def by_identifier(bench: Bench) -> None:
    what = provided(bench)
    for value in (f"urn:ietf:rfc:3986|urn:oid:{what.id}", f"urn:oid:{what.id}"):
        found = ids(searched(bench, {"identifier": value}))
        expect(found == {f"urn:oid:{what.id}"}, f"identifier={value}: {len(found)} documents")


@FIND.asks(
    "ITI-67-P13",
    "Search by event",
    fix="event is a parameter of ITI-67: nothing matches an unknown code.",
    source="IHE MHD, 2:3.67.4.1.2, parameter event",
)
def by_event(bench: Bench) -> None:
    provided(bench)
    found = searched(bench, {"event": "urn:oid:1.2.250.1.213.2.5|RIEN"})
    expect(not ids(found) - {""}, "an event that no document has finds documents")


@FIND.asks(
    "ITI-67-P14",
    "Search by related",
    fix="related is a parameter of ITI-67: nothing matches an unknown reference.",
    source="IHE MHD, 2:3.67.4.1.2, parameter related",
)
def by_related(bench: Bench) -> None:
    provided(bench)
    found = searched(bench, {"related": "urn:oid:1.2.3|RIEN"})
    expect(not ids(found) - {""}, "a reference that no document has finds documents")


@FIND.asks(
    "ITI-67-20",
    "A search is answered by a searchset, empty when nothing matches",
    fix="200 with Bundle.type searchset and no entry; never 404.",
    source="FHIR R4, search.html; IHE MHD, 2:3.67.4.2.2",
)
def empty(bench: Bench) -> None:
    found = searched(bench, {"identifier": f"urn:oid:{bench.serial.oid()}"})
    expect(not ids(found) - {""}, "something is found under an id of nobody")


@FIND.asks(
    "ITI-67-21",
    "fullUrl of an entry is absolute",
    fix="Write the base before the id.",
    source="FHIR R4, bundle.html#bundle-unique",
)
def absolute(bench: Bench) -> None:
    what = provided(bench)
    bundle = searched(bench, {"identifier": f"urn:oid:{what.id}"})
    urls = [str(one.get("fullUrl", "")) for one in bundle.get("entry") or []]
    good = all(one.startswith(("http://", "https://", "urn:")) for one in urls)
    expect(urls and good, f"fullUrl: {urls[:2]}")


@FIND.asks(
    "ITI-67-22",
    "The answer says what was searched",
    fix="Bundle.link with relation self.",
    source="FHIR R4, search.html#conformance",
)
def self_link(bench: Bench) -> None:
    bundle = searched(bench, {})
    links = {one.get("relation") for one in bundle.get("link") or []}
    expect("self" in links, f"links: {sorted(map(str, links))}")


@FIND.asks(
    "ITI-67-23",
    "Pages follow one another without a gap",
    fix="_count cuts pages; link next gives the following one.",
    source="FHIR R4, http.html#paging",
)
def pages(bench: Bench) -> None:
    for _ in range(3):
        provided(bench)
    whole = ids(searched(bench, {"_count": "200"}))
    page = str(max(2, len(whole) // PAGES))
    bundle, found = searched(bench, {"_count": page}), set[str]()
    for _ in range(PAGES * 2):
        found |= ids(bundle)
        links = {one.get("relation"): one.get("url") for one in bundle.get("link") or []}
        if not links.get("next"):
            break
        place = str(links["next"])
        path = place if place.startswith("/") else "/" + place.split("/", 3)[-1]
        bundle = bench.web.ask("GET", path, headers=bench.reader).json or {}
    expect(whole <= found, f"{len(found)} of {len(whole)} documents by pages")


@FIND.asks(
    "ITI-67-24",
    "POST _search is a search",
    fix="Take POST [base]/DocumentReference/_search with a form.",
    source="FHIR R4, search.html#post; IHE MHD, 2:3.67.4.1",
)
def by_post(bench: Bench) -> None:
    what = provided(bench)
    words = {"status": "current", "identifier": f"urn:oid:{what.id}"} | patient(bench)
    path = f"{bench.target.fhir}/DocumentReference/_search"
    headers = bench.reader | {"Content-Type": FORM}
    reply = bench.web.ask("POST", path, urlencode(words).encode(), headers)
    expect(reply.status == 200 and f"urn:oid:{what.id}" in ids(reply.json), said(reply))


@FIND.asks(
    "ITI-67-25",
    "A search without a patient is refused",
    fix="400, or 403: never the documents of everybody.",
    source="IHE MHD, 2:3.67.4.1.2 (patient or patient.identifier)",
)
def no_patient(bench: Bench) -> None:
    reply = asked(bench, {"status": "current"})
    expect(reply.status in (400, 403, 422), said(reply))


@FIND.asks(
    "ITI-67-26",
    "Alternatives (comma) and repetition (and) are kept apart",
    fix="type=a,b is a or b; type=a&type=b is both.",
    source="FHIR R4, search.html#combining",
)
def alternatives(bench: Bench) -> None:
    what = provided(bench)
    name = f"urn:oid:{what.id}"
    either = searched(bench, {"identifier": name, "type": "11502-2,34133-9"})
    expect(name in ids(either), "type=a,b does not find a")
    words = {"status": "current", "identifier": name} | patient(bench)
    query = f"{urlencode(words)}&type=11502-2&type=34133-9"
    path = f"{bench.target.fhir}/DocumentReference?{query}"
    both = bench.web.ask("GET", path, headers=bench.reader)
    expect(name not in ids(both.json or {}), "type=a&type=b finds what is only a")


@FIND.asks("ITI-67-27", "Without a token nothing is found: 401", fix="Ask for a token.",
           source="RFC 9110, 15.5.2; IHE IUA")  # fmt: skip
def no_token(bench: Bench) -> None:
    words = urlencode({"status": "current"} | patient(bench))
    reply = bench.web.ask("GET", f"{bench.target.fhir}/DocumentReference?{words}")
    expect(reply.status == 401, said(reply))


@FIND.asks(
    "ITI-67-28",
    "Replaced documents are not current",
    fix="status=current leaves out what was superseded.",
    source="IHE MHD, 2:3.67.4.1.2, parameter status",
)
def not_replaced(bench: Bench) -> None:
    before = provided(bench)
    newer = before.next(bench.serial)
    fate = bench.deposit(newer.cda(), newer)
    expect(fate.accepted, fate)
    found = [len(bench.filed(one.id)) for one in (before, newer)]
    expect(found == [0, 1], f"current documents, the one before and the newer: {found}")


@FIND.asks(
    "ITI-67-29",
    "An unknown parameter is said, or refused when asked so",
    fix="Name it in an OperationOutcome entry; 400 with Prefer: handling=strict.",
    source="FHIR R4, search.html#errors and http.html#ops",
    level=Level.SHOULD,
)
def unknown_parameter(bench: Bench) -> None:
    words = urlencode({"status": "current", "inconnu": "1"} | patient(bench))
    path = f"{bench.target.fhir}/DocumentReference?{words}"
    strict = bench.web.ask("GET", path, headers=bench.reader | {"Prefer": "handling=strict"})
    expect(strict.status == 400, f"strict: {said(strict)}")
