"""The last answer as the desk reads it: every sentence of ours is known, and no other is said."""

import ast
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtplib import SMTPServerDisconnected
from hypothesis import given
from hypothesis import strategies as st

import gateway
from gateway.flows.desk.messages.last_word import End, LastWord, What, last_word, why_again
from gateway.flows.desk.messages.masking import MASK
from gateway.flows.desk.named import domain_of, lane_name
from gateway.flows.desk.queues.letters import letter_of
from gateway.mssante.postman import NoTlsError, why_lost
from gateway.records.task import TaskKind, TaskLine, Undelivered
from gateway.vault.desk.upkeep.said import END_WORDS, WHAT_WORDS
from gateway.vault.desk.words import KIND_WORDS

NOW = datetime(2026, 3, 12, 13, 5, tzinfo=UTC)
HOUSE = Path(gateway.__file__).parent
SENDING = (
    "flows/sending/*.py",
    "flows/again.py",
    "flows/identity/release.py",
    "mssante/postman.py",
    "adapters/hl7v2/mllp_client/*.py",
    "daemon/rooms/sending/receivers.py",
    "store/engine/failures.py",
)


@pytest.mark.parametrize(
    ("outcome", "end", "what", "codes"),
    [
        ("refused: AE 207 904", End.REFUSED, What.ANSWERED, ("AE", "207", "904")),
        ("refused: AE", End.REFUSED, What.ANSWERED, ("AE",)),
        ("refused: AR 207 DURAND.CLAIRE", End.REFUSED, What.ANSWERED, ("AR", "207", MASK)),
        ("refused: CE 284037511604282", End.REFUSED, What.ANSWERED, ("CE", MASK)),
        (
            "refused: The mail server refuses the message (550).",
            End.REFUSED,
            What.MAIL_REFUSED,
            ("550",),
        ),
        ("given-up: The receiver cannot be reached.", End.GIVEN_UP, What.AWAY, ()),
        ("denied: F60", End.DENIED, What.RULE, ("F60",)),
        ("denied: ", End.DENIED, What.RULE, ()),
        ("no-address: gateway professional address", End.NO_ADDRESS, What.NOTHING, ()),
        ("unreadable", End.UNREADABLE, What.NOTHING, ()),
        ("returned: 550", End.RETURNED, What.RETURNED, ("550",)),
        ("returned: DURAND", End.RETURNED, What.RETURNED, (MASK,)),
        ("unclear: 550 4711000", End.UNCLEAR, What.UNCLEAR, ("550", "n° 4711000")),
        ("unread: 902 4711", End.UNREAD, What.UNREAD, ("902", "n° 4711")),
        ("unclear: DURAND Claire", End.UNCLEAR, What.UNCLEAR, (MASK, MASK)),
        ("unclear", End.UNCLEAR, What.UNCLEAR, ()),
        ("refused: Claire Durand has moved", End.REFUSED, What.MASKED, ()),
        ("Claire Durand: AE", End.OTHER, What.ANSWERED, ("AE",)),
        ("", End.OTHER, What.MASKED, ()),
    ],
)
def test_an_outcome_is_read_into_its_end_its_sentence_and_its_codes(
    outcome: str, end: End, what: What, codes: tuple[str, ...]
) -> None:
    assert last_word(outcome) == LastWord(end=end, what=what, codes=codes)


def test_why_something_is_tried_again_is_read_alike() -> None:
    assert why_again("AR 207") == LastWord(end=End.AGAIN, what=What.ANSWERED, codes=("AR", "207"))


@pytest.mark.parametrize(
    "error",
    [
        NoTlsError(),
        ssl.SSLCertVerificationError(),
        ssl.SSLError(),
        SMTPServerDisconnected("gone"),
        OSError(),
    ],
)
def test_why_no_relay_takes_a_mail_is_known_at_the_desk(error: Exception) -> None:
    assert why_again(why_lost(error)).what is not What.MASKED


def sentences(pattern: str) -> Iterator[str]:
    """What the code that sends may say in a RefusedError or a DeferredError; a blank is a 4."""
    for path in HOUSE.glob(pattern):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in ("RefusedError", "DeferredError", "LineLostError") and node.args:
                text = _text(node.args[0])
                if text:
                    lost = node.func.id == "LineLostError"
                    yield f"Not answered: {text}." if lost else text


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "444" for part in node.values
        )
    return ""


@pytest.mark.parametrize("pattern", SENDING)
def test_every_sentence_of_the_code_that_sends_is_known_at_the_desk(pattern: str) -> None:
    found = set(sentences(pattern))
    assert [one for one in found if why_again(one).what is What.MASKED] == []


def test_there_are_such_sentences() -> None:
    assert len({one for pattern in SENDING for one in sentences(pattern)}) > 12


def test_everything_that_can_be_said_has_words() -> None:
    assert set(END_WORDS) == set(End)
    assert set(WHAT_WORDS) == set(What)
    assert set(KIND_WORDS) == set(TaskKind)


@given(st.text(max_size=60), st.from_regex(r"[A-Za-z]{6,12}", fullmatch=True))
def test_no_word_of_a_stranger_is_among_the_codes(noise: str, name: str) -> None:
    for outcome in (f"refused: {name} {noise}", f"refused: AE {name}", f"given-up: {noise}{name}"):
        assert name not in " ".join(last_word(outcome).codes)


@pytest.mark.parametrize(
    ("lane", "name"),
    [
        ("forward:lis", "lis"),
        ("answers:labo-1", "labo-1"),
        ("answers:dr.martin@labo.mssante.fr", "labo.mssante.fr"),
        ("answers:Claire Durand", MASK),
        ("answers:application/carnet/ab", MASK),
        ("odd", MASK),
    ],
)
def test_a_lane_is_named_for_a_system_or_not_at_all(lane: str, name: str) -> None:
    assert lane_name(lane) == name


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("dr@Cabinet.MSSante.fr", "cabinet.mssante.fr"),
        ('"a@b"@hopital.fr', "hopital.fr"),
        ("claire durand", MASK),
        ("x@claire durand.fr", MASK),
        ("@", MASK),
    ],
)
def test_of_an_address_the_domain_alone_is_shown(address: str, domain: str) -> None:
    assert domain_of(address) == domain


@pytest.mark.parametrize("payload", [None, b"", b"[]", b"{}", b'{"to": 4}', b"\xff"])
def test_a_mail_whose_payload_is_no_payload_is_still_listed(payload: bytes | None) -> None:
    line = TaskLine(
        id=1,
        kind=TaskKind.MAIL,
        subject="r",
        lane=None,
        attempts=1,
        created_at=NOW,
        due_at=NOW,
        settled_at=NOW,
        outcome="unreadable",
        dead=True,
    )
    assert letter_of(Undelivered(line=line, payload=payload)).to == MASK
