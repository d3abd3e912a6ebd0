"""Every edge of what a scope lets a service do (VAULT APP-04)."""

from itertools import product

import pytest

from gateway.access.scopes import (
    OFFERED,
    Scope,
    halves,
    in_access,
    is_within,
    may_bring,
    may_call,
    may_touch,
    scope_of,
    still_within,
)

GLYCEMIA = "http://loinc.org|2345-7"
LIMITED = f"patient/Observation.rs?code={GLYCEMIA}"
VITAL = "patient/Observation.cud?category=vital-signs"
SYSTEM = "http://terminology.hl7.org/CodeSystem/observation-category"


def observation(
    code: str = "2345-7", system: str = "http://loinc.org", category: str = ""
) -> dict[str, object]:
    codings = [{"system": "urn:other", "code": "x"}, {"system": system, "code": code}]
    made: dict[str, object] = {"resourceType": "Observation", "code": {"coding": codings}}
    if category:
        made["category"] = [{"coding": [{"system": SYSTEM, "code": category}]}]
    return made


@pytest.mark.parametrize(
    "said",
    [
        "patient/Observation.rs",
        "patient/Observation.cruds",
        LIMITED,
        VITAL,
        "patient/Appointment.crus",
        f"patient/Observation.c?category=vital-signs&code={GLYCEMIA},http://loinc.org|2339-0",
    ],
)
def test_a_scope_is_written_as_it_was_read(said: str) -> None:
    found = scope_of(said)
    assert found is not None
    assert str(found) == said


@pytest.mark.parametrize(
    "said",
    [
        "",
        "patient/Observation",
        "patient/Observation.",
        "patient/Observation.read",
        "patient/Observation.sr",
        "patient/Observation.rr",
        "patient/Observation.x",
        "patient/*.rs",
        "user/Observation.rs",
        "system/Observation.rs",
        "Patient/Observation.rs",
        "patient/observation.rs",
        "patient/Observation.rs?",
        "patient/Observation.rs?code",
        "patient/Observation.rs?code=",
        "patient/Observation.rs?date=2026",
        "patient/Observation.rs?code=a&code=b",
        "patient/Observation.rs?code=a\n",
        "patient/Observation.rs\n",
        "patient/Observation.rs?code:not=a",
        "patient/DocumentReference.u",
        "patient/Patient.u",
        "patient/AuditEvent.rs",
        "patient/Consent.c",
        "patient/Communication.rs",
        "patient/Binary.r",
        "patient/Observation.rs patient/Patient.r",
        "launch/patient",
        "openid",
    ],
)
def test_what_is_no_scope_that_may_be_asked_gives_nothing(said: str) -> None:
    assert scope_of(said) is None
    assert not any(
        may_call([said], kind, letter) for kind, letter in product([*OFFERED, "Binary"], "cruds")
    )


@pytest.mark.parametrize(
    ("asked", "most", "within"),
    [
        ("patient/Observation.r", "patient/Observation.rs", True),
        ("patient/Observation.rs", "patient/Observation.r", False),
        ("patient/Patient.r", "patient/Observation.r", False),
        (LIMITED, "patient/Observation.rs", True),
        ("patient/Observation.rs", LIMITED, False),
        (LIMITED, LIMITED, True),
        ("patient/Observation.rs?code=a", "patient/Observation.rs?code=a,b", True),
        ("patient/Observation.rs?code=a,c", "patient/Observation.rs?code=a,b", False),
        ("patient/Observation.rs?category=a", "patient/Observation.rs?code=a", False),
        ("patient/Observation.rs?category=x&code=a", "patient/Observation.rs?code=a", True),
    ],
)
def test_no_letter_more_and_no_limit_less(asked: str, most: str, *, within: bool) -> None:
    one, other = scope_of(asked), scope_of(most)
    assert one is not None
    assert other is not None
    assert is_within(one, other) is within


def test_reading_and_writing_are_given_apart() -> None:
    both = Scope("Observation", "crus", (("category", "vital-signs"),))
    assert [str(one) for one in halves(both)] == [
        "patient/Observation.rs?category=vital-signs",
        "patient/Observation.cu?category=vital-signs",
    ]
    assert [str(one) for one in halves(Scope("Patient", "r"))] == ["patient/Patient.r"]


@pytest.mark.parametrize(
    ("scopes", "words"),
    [
        (["patient/Observation.rs"], ("read",)),
        (["patient/DocumentReference.c"], ("write",)),
        (["patient/Observation.c"], ("sync",)),
        (["patient/Appointment.crus", "patient/DocumentReference.c"], ("read", "write", "sync")),
        ([], ()),
    ],
)
def test_the_words_of_access_that_scopes_stand_for(scopes: list[str], words: tuple[str]) -> None:
    assert in_access([one for one in map(scope_of, scopes) if one]) == words


@pytest.mark.parametrize("kind", [*OFFERED, "AuditEvent", "List", "Binary", "Bundle", "Later"])
@pytest.mark.parametrize("letter", [*"cruds", ""])
def test_only_the_kind_and_the_letter_that_a_scope_names(kind: str, letter: str) -> None:
    named = {("Observation", "c"), ("Observation", "r")}
    assert may_call(["sync", "patient/Observation.cr"], kind, letter) is ((kind, letter) in named)
    assert not may_call([], kind, letter)
    assert not may_call(["read", "sync", "patient/Nothing.cruds"], "Observation", letter)


@pytest.mark.parametrize(
    ("asked", "may"),
    [
        ([("code", GLYCEMIA)], True),
        ([("patient", "x"), ("code", GLYCEMIA)], True),
        ([("code", GLYCEMIA), ("code", "http://loinc.org|718-7")], True),  # both: an AND
        ([], False),
        ([("code", "2345-7")], False),
        ([("code", f"{GLYCEMIA},http://loinc.org|718-7")], False),
        ([("code:not", GLYCEMIA)], False),
        ([("Code", GLYCEMIA)], False),
        ([("category", GLYCEMIA)], False),
        ([("code", "")], False),
    ],
)
def test_a_search_keeps_within_the_limits(asked: list[tuple[str, str]], *, may: bool) -> None:
    assert may_call([LIMITED], "Observation", "s", asked) is may


def test_limits_of_two_scopes_are_not_joined() -> None:
    given = [
        "patient/Observation.rs?category=laboratory&code=a",
        "patient/Observation.rs?category=vital-signs&code=b",
    ]
    crossed = [("category", "laboratory"), ("code", "b")]
    assert not may_call(given, "Observation", "s", crossed)
    assert may_call(given, "Observation", "s", [("category", "vital-signs"), ("code", "b")])


@pytest.mark.parametrize(
    ("resource", "may"),
    [
        (observation(), True),
        (observation(code="718-7"), False),
        (observation(system="urn:other"), False),
        ({"resourceType": "Observation"}, False),
        ({"resourceType": "Observation", "code": "2345-7"}, False),
        ({"resourceType": "Observation", "code": {"coding": {"code": "2345-7"}}}, False),
        ({"resourceType": "Observation", "code": {"coding": ["2345-7"]}}, False),
    ],
)
def test_what_is_read_is_of_the_limits_too(resource: dict[str, object], *, may: bool) -> None:
    assert may_touch([LIMITED], "Observation", "r", resource) is may


def test_what_is_written_is_of_the_limits_and_a_code_alone_is_of_any_system() -> None:
    assert may_touch([VITAL], "Observation", "c", observation(category="vital-signs"))
    assert not may_touch([VITAL], "Observation", "c", observation(category="laboratory"))
    assert not may_touch([VITAL], "Observation", "c", observation())
    assert not may_touch([VITAL], "Observation", "r", observation(category="vital-signs"))


def test_the_bytes_of_a_document_go_with_all_documents_only() -> None:
    assert may_call(["read", "patient/DocumentReference.rs"], "Binary", "r")
    assert not may_call(["read", "patient/DocumentReference.s"], "Binary", "r")
    assert not may_call(["patient/DocumentReference.rs?category=x"], "Binary", "r")
    assert not may_call(["patient/DocumentReference.rs"], "Binary", "s")
    assert not may_call(["patient/Observation.rs"], "Binary", "r")


def bundle(*kinds: str) -> dict[str, object]:
    return {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": k}} for k in kinds]}


@pytest.mark.parametrize(
    ("brought", "may"),
    [
        (bundle("DocumentReference", "Binary", "List"), True),
        (bundle("DocumentReference", "Observation"), False),
        (bundle("DocumentReference", "Device"), False),
        (bundle("Binary", "List"), False),
        (bundle(), False),
        ({"resourceType": "Bundle"}, False),
        ({"resourceType": "Bundle", "entry": "x"}, False),
        ({"resourceType": "Bundle", "entry": ["x"]}, False),
        ({"resourceType": "Bundle", "entry": [{"resource": None}]}, False),
    ],
)
def test_a_bundle_brings_documents_and_nothing_beside_them(
    brought: dict[str, object], *, may: bool
) -> None:
    assert may_bring(["write", "patient/DocumentReference.c"], brought) is may
    assert not may_bring(["sync", "patient/Observation.c"], brought)


@pytest.mark.parametrize(
    ("kinds", "may"),
    [
        (("Device", "Observation", "Observation"), True),
        (("Observation",), True),
        (("Device",), False),
        (("Observation", "Binary"), False),
        (("Observation", "DocumentReference"), False),
    ],
)
def test_a_bundle_brings_measures_and_what_took_them(kinds: tuple[str, ...], *, may: bool) -> None:
    """VAULT MEA-09."""
    assert may_bring(["sync", "patient/Observation.c"], bundle(*kinds)) is may
    assert not may_bring(["sync", VITAL], bundle(*kinds))  # none of them says that it is one


@pytest.mark.parametrize(
    ("kind", "letter", "word"),
    [
        ("DocumentReference", "r", "read"),
        ("DocumentReference", "s", "read"),
        ("Binary", "r", "read"),
        ("Patient", "s", "read"),
        ("DocumentReference", "c", "write"),
        ("Bundle", "c", "write"),
        ("Observation", "s", ""),
        ("Observation", "c", ""),
        ("AuditEvent", "s", ""),
        ("Condition", "r", ""),
    ],
)
def test_a_token_that_was_copied_does_what_it_did(kind: str, letter: str, word: str) -> None:
    """Decision 021: two words, for documents alone."""
    for given in ("read", "write"):
        assert may_call([given], kind, letter) is (given == word)
    assert not may_call([word, "patient/Patient.r"], "DocumentReference", letter)


def test_a_scope_that_is_read_no_more_leaves_nothing_to_the_words_beside_it() -> None:
    for word, kind, letter in (("write", "DocumentReference", "c"), ("read", "Patient", "r")):
        assert not may_call([word, "patient/Nothing.c"], kind, letter)
        assert not may_touch([word, "patient/Nothing.c"], kind, letter, {})
    assert not may_bring(["write", "patient/Nothing.c"], bundle("DocumentReference"))


def test_what_a_service_asks_no_more_it_has_no_more() -> None:
    given = ("read", "sync", "patient/Observation.c", "patient/Patient.r")
    assert still_within(given, ["patient/Patient.rs"]) == ("read", "patient/Patient.r")
    assert still_within(given, ["patient/Observation.rs"]) == ()
    assert still_within(given, [LIMITED, "patient/Observation.c?category=x"]) == ()
