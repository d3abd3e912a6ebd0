"""`gateway identity`: what is held is shown without a trait and filed by an operator's word."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from place import INS, NOTHING, OTHER_INS, Place, Said, cda, nameless, receiving
from structlog.testing import capture_logs

from gateway.cli.identity.held import held_by
from gateway.errors import RefusedError
from gateway.flows.identity.qualify import Claim, attributed, check_looked_at
from gateway.flows.receive import Delivery
from gateway.mapping.cda import understand_cda
from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding
from gateway.records.patients.account import Trace
from gateway.records.patients.patient import PatientIdentity
from gateway.store import Store

SECRETS = ("ZEBULONIX", "Zebulonix", "Zoé", "1955", INS, OTHER_INS, "IPP7")
SECOND = "Sam Valideur"
WORD = ("--by", "Lou Testeur", "--reason", "papers seen")


def qualify(place: Place, receipt: str, *words: str) -> Said:
    """One proposes and another one validates; the first that does not end with 0."""
    said = place.command("identity", "qualify", receipt, *words, *WORD)
    if said.status:
        return said
    proposal = said.out.split("\t")[0]
    return place.command("identity", "validate", proposal, "--by", SECOND)


def test_held_receipts_are_listed_and_shown_without_a_trait(place: Place) -> None:
    key = place.open_space(family="Zebulonyx")
    held = place.deposit(cda(1, ins=None))
    assert held.verdict is Verdict.HOLD
    listed = place.done("identity", "list")
    assert listed.startswith(held.receipt)
    assert "ins-missing" in listed
    shown = place.done("identity", "show", held.receipt)
    assert f"candidate {key.hex()}  nom ✕ prénom ● naissance ● sexe ● lieu ●" in shown
    assert not [one for one in SECRETS if one in nameless(listed + shown)]


def test_json_tells_the_same_in_one_line(place: Place) -> None:
    key = place.open_space()
    held = place.deposit(cda(1, ins=None))
    (line,) = place.lines("identity", "show", held.receipt)
    assert line["verdict"] == "hold"
    assert line["identity"]["INS"] is None
    (candidate,) = line["candidates"]
    assert candidate["key"] == key.hex()
    assert set(candidate["agreement"].values()) == {True}


def test_a_receipt_is_qualified_by_its_candidate_and_releases_what_waits_for_the_same_local_id(
    place: Place,
) -> None:
    key = place.open_space()
    first, second = (place.deposit(cda(n, ins=None)) for n in (1, 2))
    stranger = place.deposit(cda(3, ins=None, local="IPP8"))
    status, out, _ = qualify(place, first.receipt, "--candidate", key.hex())
    assert status == 0
    assert [line.split("\t")[:2] for line in out.splitlines()] == [
        [first.receipt, "accept"],
        [second.receipt, "accept"],
    ]
    assert place.done("identity", "list").split("\t")[0] == stranger.receipt

    async def traces(store: Store) -> list[Trace]:
        assert len(await store.shelf.cards(key)) == 2
        return await store.traces.of_patient(key, limit=10)

    acts = {one.trace.action: one.trace for one in place.inside(traces)}
    assert (acts["identity"].actor, acts["identity"].actor_name) == ("Lou Testeur", "3422")
    assert json.loads(acts["identity"].details) == {
        "receipt": first.receipt,
        "reason": "papers seen",
        "despite_differences": False,
        "accepted": [],
        "validated_by": SECOND,
    }


def test_an_ins_that_nobody_knows_needs_the_traits(place: Place) -> None:
    held = place.deposit(cda(1, ins=None))
    status, _, err = qualify(place, held.receipt, "--ins", INS)
    assert (status, "nobody is known" in err) == (1, True)
    traits = ("--family", "Zebulonix", "--given", "Zoe", "--birth-date", "1955-08-15")
    status, _, err = qualify(place, held.receipt, "--ins", INS, *traits)
    assert (status, "sex" in err) == (1, True)
    place.open_space(qualified=False)
    assert qualify(place, held.receipt, "--ins", INS, *traits, "--sex", "F").status == 0


def test_a_document_that_disagrees_is_filed_only_when_that_is_said(place: Place) -> None:
    place.open_space()
    held = place.deposit(cda(1, family="ZEBULON"))
    assert [one.code for one in held.findings] == ["identity-mismatch"]
    words = (held.receipt, "--ins", INS)
    status, _, err = qualify(place, *words)
    assert (status, "disagrees with this identity: birth_family" in err) == (1, True)
    assert qualify(place, *words, "--despite-differences").status == 0
    status, _, err = qualify(place, *words, "--despite-differences")
    assert (status, "does not wait" in err) == (1, True)


def test_an_identity_that_the_index_holds_qualified_is_not_overwritten(place: Place) -> None:
    place.open_space()
    held = place.deposit(cda(1, ins=None))
    status, _, err = qualify(place, held.receipt, "--ins", INS, "--family", "AUTRE")
    assert (status, "another identity is qualified" in err) == (1, True)


def test_a_local_identifier_of_somebody_else_stops_the_act(place: Place) -> None:
    key, _other = place.open_space(), place.open_space(OTHER_INS)
    first = place.deposit(cda(1, ins=None))
    assert qualify(place, first.receipt, "--candidate", key.hex()).status == 0
    second = place.deposit(cda(2, ins=OTHER_INS, family="ZEBULON"))
    words = (second.receipt, "--ins", OTHER_INS, "--despite-differences")
    status, _, err = qualify(place, *words)
    assert (status, "local identifier of this receipt belongs to another" in err) == (1, True)


def test_without_an_open_space_the_released_receipt_is_refused(place: Place) -> None:
    held = place.deposit(cda(1, ins=None))
    traits = ("--family", "Zebulonix", "--given", "Zoé", "--birth-date", "1955-08-15")
    status, out, _ = qualify(place, held.receipt, "--ins", INS, *traits, "--sex", "F")
    assert (status, "refuse\tvault-absent" in out.replace("ins-missing ", "")) == (1, True)


def held_for(*codes: str) -> Callable[[Understanding], Understanding]:
    """An understanding that a person must look at."""

    def bend(understood: Understanding) -> Understanding:
        findings = tuple(
            Finding(code=c, severity=Severity.WARNING, where="/", message="Look.", holds=True)
            for c in codes
        )
        return replace(understood, findings=findings, verdict=Verdict.HOLD)

    return bend


@pytest.mark.parametrize(
    ("codes", "despite", "accepted", "refused"),
    [
        (("ins-missing", "traits-missing"), False, (), None),
        (("type-differs",), False, (), "a person must also look at type-differs"),
        (("type-differs",), False, ("type-differs",), None),
        (("traits-differ",), False, (), "--despite-differences"),
        (("traits-differ",), True, (), None),
        (("ins-oid",), True, ("ins-oid",), "never filed"),
    ],
)
def test_nothing_that_holds_a_receipt_is_passed_over_in_silence(
    codes: tuple[str, ...], despite: bool, accepted: tuple[str, ...], refused: str | None
) -> None:
    understood = held_for(*codes)(understand_cda(cda(1), DEFAULT_READING))
    claim = Claim(
        receipt="r",
        identity=PatientIdentity(ins=INS, ins_oid="1.2.3"),
        by="Lou",
        reason="seen",
        despite_differences=despite,
        accepted=frozenset(accepted),
    )
    if refused is not None:
        with pytest.raises(RefusedError, match=refused):
            check_looked_at(claim, understood, [])
        return
    check_looked_at(claim, understood, [])
    assert attributed(understood, claim.identity, []).verdict is Verdict.ACCEPT


def test_a_receipt_is_qualified_while_the_gateway_takes_documents(place: Place) -> None:
    key = place.open_space()
    held = place.deposit(cda(1, ins=None))

    async def beside(store: Store) -> None:
        receive = receiving(store)
        words = ("--candidate", key.hex())
        command = asyncio.create_task(asyncio.to_thread(qualify, place, held.receipt, *words))
        number = 1
        while not command.done():
            number += 1
            (one,) = await receive(Delivery(sender="labo", door=Door.HTTP, raw=cda(number)))
            assert one.answer.verdict is Verdict.ACCEPT
        assert (await command).status == 0
        assert number > 2
        assert len(await store.shelf.cards(key)) == number

    with capture_logs():  # the gateway beside shares this process, and its output, with the command
        place.inside(beside)


@pytest.mark.parametrize(
    "words",
    [
        ("show", NOTHING),
        ("qualify", NOTHING, "--ins", INS, *WORD),
        ("qualify", NOTHING, "--candidate", "00", *WORD),
    ],
)
def test_an_unknown_receipt_is_said_in_one_line(place: Place, words: tuple[str, ...]) -> None:
    assert place.fails("identity", *words) == f"there is no receipt {NOTHING}\n"


def test_an_empty_reason_is_no_reason(place: Place) -> None:
    words = ("--ins", INS, "--by", "Lou", "--reason", " ")
    assert place.command("identity", "qualify", NOTHING, *words).status == 2


def test_the_list_names_what_holds_and_no_remark_beside_it() -> None:
    remark = Finding(code="unit-text", severity=Severity.INFO, where="OBX[6]-6", message="Kept.")
    holding = Finding(
        code="ins-missing", severity=Severity.WARNING, where="PID-3", message="No INS.", holds=True
    )
    assert held_by((remark, holding)) == "ins-missing"
