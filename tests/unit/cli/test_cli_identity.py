"""`gateway identity`: what is held is shown without a trait and filed by an operator's word."""

import asyncio
import contextlib
import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from gateway.cli import main
from gateway.clock import SystemClock, SystemIds
from gateway.errors import RefusedError
from gateway.flows.identity.qualify import Claim, attributed, check_looked_at
from gateway.flows.receive import Delivery, Receive
from gateway.mapping.cda import understand_cda
from gateway.records.account import Trace
from gateway.records.filing import Answer, Door
from gateway.records.finding import Finding, Severity, Verdict
from gateway.records.patient import PatientIdentity, PatientKey
from gateway.records.reading import DEFAULT_READING
from gateway.records.understanding import Understanding
from gateway.store import Store

Cda = Callable[..., bytes]
Deposit = Callable[[bytes], Answer]
OpenSpace = Callable[..., PatientKey]
INS, OTHER_INS = "255089999999966", "199019999999937"
SECRETS = ("ZEBULONIX", "Zebulonix", "Zoé", "1955", INS, OTHER_INS, "IPP7")
SECOND = "Sam Valideur"
WORD = ("--by", "Lou Testeur", "--reason", "papers seen")


def quietly(*words: str) -> tuple[int, str]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        return main(["identity", *words]), out.getvalue()


def qualify(config: str, receipt: str, *words: str) -> int:
    """One proposes and another one validates; the first status that is not 0."""
    status, said = quietly("qualify", receipt, *words, *WORD, "--config", config)
    if status:
        return status
    proposal = said.split("\t")[0]
    return main(["identity", "validate", proposal, "--by", SECOND, "--config", config])


def test_held_receipts_are_listed_and_shown_without_a_trait(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = open_space(family="Zebulonyx")
    held = deposit(cda(1, ins=None))
    assert held.verdict is Verdict.HOLD
    assert main(["identity", "list", "--config", config]) == 0
    listed = capsys.readouterr().out
    assert listed.startswith(held.receipt)
    assert "ins-missing" in listed
    assert main(["identity", "show", held.receipt, "--config", config]) == 0
    shown = capsys.readouterr().out
    assert f"candidate {key.hex()}  nom ✕ prénom ● naissance ● sexe ● lieu ●" in shown
    assert not [one for one in SECRETS if one in listed + shown]


def test_json_tells_the_same_in_one_line(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = open_space()
    held = deposit(cda(1, ins=None))
    assert main(["identity", "show", held.receipt, "--json", "--config", config]) == 0
    line = json.loads(capsys.readouterr().out)
    assert line["verdict"] == "hold"
    assert line["identity"]["INS"] is None
    (candidate,) = line["candidates"]
    assert candidate["key"] == key.hex()
    assert set(candidate["agreement"].values()) == {True}


def test_a_receipt_is_qualified_by_its_candidate_and_releases_what_waits_for_the_same_local_id(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    inside: Callable[..., list[Trace]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = open_space()
    first, second = (deposit(cda(n, ins=None)) for n in (1, 2))
    stranger = deposit(cda(3, ins=None, local="IPP8"))
    assert qualify(config, first.receipt, "--candidate", key.hex()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[:2] for line in lines] == [
        [first.receipt, "accept"],
        [second.receipt, "accept"],
    ]
    assert main(["identity", "list", "--config", config]) == 0
    assert capsys.readouterr().out.split("\t")[0] == stranger.receipt

    async def traces(store: Store) -> list[Trace]:
        assert len(await store.shelf.cards(key)) == 2
        return await store.traces.of_patient(key, limit=10)

    acts = {one.trace.action: one.trace for one in inside(traces)}
    assert acts["identity"].actor_name == "Lou Testeur"
    assert json.loads(acts["identity"].details) == {
        "receipt": first.receipt,
        "reason": "papers seen",
        "despite_differences": False,
        "accepted": [],
        "validated_by": SECOND,
    }


def test_an_ins_that_nobody_knows_needs_the_traits(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    capsys: pytest.CaptureFixture[str],
) -> None:
    held = deposit(cda(1, ins=None))
    assert qualify(config, held.receipt, "--ins", INS) == 1
    assert "nobody is known" in capsys.readouterr().err
    traits = ("--family", "Zebulonix", "--given", "Zoe", "--birth-date", "1955-08-15")
    assert qualify(config, held.receipt, "--ins", INS, *traits) == 1
    assert "sex" in capsys.readouterr().err
    open_space(qualified=False)
    assert qualify(config, held.receipt, "--ins", INS, *traits, "--sex", "F") == 0


def test_a_document_that_disagrees_is_filed_only_when_that_is_said(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_space()
    held = deposit(cda(1, family="ZEBULON"))
    assert [one.code for one in held.findings] == ["identity-mismatch"]
    assert qualify(config, held.receipt, "--ins", INS) == 1
    assert "disagrees with this identity: birth_family" in capsys.readouterr().err
    assert qualify(config, held.receipt, "--ins", INS, "--despite-differences") == 0
    assert qualify(config, held.receipt, "--ins", INS, "--despite-differences") == 1
    assert "does not wait" in capsys.readouterr().err


def test_an_identity_that_the_index_holds_qualified_is_not_overwritten(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_space()
    held = deposit(cda(1, ins=None))
    assert qualify(config, held.receipt, "--ins", INS, "--family", "AUTRE") == 1
    assert "another identity is qualified" in capsys.readouterr().err


def test_a_local_identifier_of_somebody_else_stops_the_act(
    config: str,
    cda: Cda,
    deposit: Deposit,
    open_space: OpenSpace,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key, _other = open_space(), open_space(OTHER_INS)
    first = deposit(cda(1, ins=None))
    assert qualify(config, first.receipt, "--candidate", key.hex()) == 0
    second = deposit(cda(2, ins=OTHER_INS, family="ZEBULON"))
    assert qualify(config, second.receipt, "--ins", OTHER_INS, "--despite-differences") == 1
    assert "local identifier of this receipt belongs to another" in capsys.readouterr().err


def test_without_an_open_space_the_released_receipt_is_refused(
    config: str, cda: Cda, deposit: Deposit, capsys: pytest.CaptureFixture[str]
) -> None:
    held = deposit(cda(1, ins=None))
    traits = ("--family", "Zebulonix", "--given", "Zoé", "--birth-date", "1955-08-15")
    assert qualify(config, held.receipt, "--ins", INS, *traits, "--sex", "F") == 1
    assert "refuse\tvault-absent" in capsys.readouterr().out.replace("ins-missing ", "")


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
    cda: Cda, codes: tuple[str, ...], despite: bool, accepted: tuple[str, ...], refused: str | None
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


def test_a_receipt_is_qualified_while_the_gateway_takes_documents(
    config: str, cda: Cda, deposit: Deposit, open_space: OpenSpace, inside: Callable[..., None]
) -> None:
    key = open_space()
    held = deposit(cda(1, ins=None))

    async def beside(store: Store) -> None:
        receive = Receive(store.journal, SystemClock(), SystemIds(), at_once)
        words = ("--candidate", key.hex())
        command = asyncio.create_task(asyncio.to_thread(qualify, config, held.receipt, *words))
        number = 1
        while not command.done():
            number += 1
            (one,) = await receive(Delivery(sender="labo", door=Door.HTTP, raw=cda(number)))
            assert one.answer.verdict is Verdict.ACCEPT
        assert await command == 0
        assert number > 2
        assert len(await store.shelf.cards(key)) == number

    inside(beside)


async def at_once(work: Callable[[], list[Understanding]]) -> list[Understanding]:
    return work()


@pytest.mark.parametrize(
    "words",
    [
        ("show", "0" * 32),
        ("qualify", "0" * 32, "--ins", INS, *WORD),
        ("qualify", "0" * 32, "--candidate", "00", *WORD),
    ],
)
def test_an_unknown_receipt_is_said_in_one_line(
    config: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["identity", *words, "--config", config]) == 1
    assert capsys.readouterr().err == f"there is no receipt {'0' * 32}\n"


def test_an_empty_reason_is_no_reason(config: str) -> None:
    words = ["--ins", INS, "--by", "Lou", "--reason", " ", "--config", config]
    assert main(["identity", "qualify", "0" * 32, *words]) == 2
