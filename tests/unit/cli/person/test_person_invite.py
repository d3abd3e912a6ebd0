"""`gateway person invite` and `bounced`: a list read line by line, as often as one likes."""

import resource
from pathlib import Path

import pytest
from cda_sample import INS_OID
from place import INS, OTHER_INS, Place, Said

from gateway.cli.person.listed import NoListError, read_list
from gateway.records.patients.account import AccountState, Trace
from gateway.records.task import TaskKind
from gateway.store import Store

HEADER = "ins;family;givens;birth_date;sex;place;serial;email;mobile;postal;parent"
ZOE = f"{INS};Zebulonix;Zoé Lou;1955-08-15;F;51215;60123456789;zoe@exemple.test;0612345678;;"
JEAN = f'{OTHER_INS};Autre;Jean;1990-01-01;M;51215;60123456780;;;"3, rue Basse; 51000 Reims";'
CHILD = "116057511607766;Durand;Léo;2016-05-20;M;75116;60123456789;;;;"


def wrote(place: Place, *lines: str) -> Path:
    path = place.config.parent / "list.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def invited(place: Place, path: Path, *more: str) -> Said:
    words = ("--list", str(path), "--by", "Lou Testeur", "--reason", "wave 1")
    return place.command("person", "invite", *words, *more)


async def states(store: Store) -> list[AccountState | None]:
    known = [
        await store.people.person(store.keys.patient_key(INS_OID, one)) for one in (INS, OTHER_INS)
    ]
    return [one.state if one else None for one in known]


async def waiting(store: Store) -> int:
    return (await store.tasks.depth()).get(TaskKind.INVITATION, 0)


async def entries(store: Store) -> list[Trace]:
    return await store.traces.of_patient(store.keys.patient_key(INS_OID, INS), limit=9)


def test_a_dry_run_says_what_it_would_do_and_the_list_twice_invites_once(place: Place) -> None:
    path = wrote(place, HEADER, ZOE, JEAN)
    dry = invited(place, path, "--dry-run")
    assert (dry.status, dry.out.splitlines()[0]) == (0, "would be invited: 2")
    assert place.inside(states) == [None, None]
    assert invited(place, path).out.splitlines()[0] == "invited: 2"
    again = invited(place, path)
    assert again.out.splitlines() == [
        "invited: 0",
        "left as they are: 2 (invited 2)",
        "refused: 0",
    ]
    assert place.inside(states) == [AccountState.INVITED] * 2
    assert place.inside(waiting) == 2
    (only,) = place.inside(entries)
    assert (only.trace.action, only.trace.rule) == ("invite", "P64")
    assert only.trace.actor_name == "Lou Testeur : wave 1"


def test_a_bad_line_is_named_with_what_to_mend_and_the_others_are_invited(
    sqlite_place: Place,
) -> None:
    place = sqlite_place
    path = wrote(
        place,
        HEADER,
        CHILD,
        "",
        ZOE.replace("60123456789", "1234567"),
        ZOE.replace("1955-08-15", "1955-02-30"),
        ZOE.replace("zoe@", "zoe"),
        ZOE.replace("F;", "X;"),
        ZOE + ";",
        f'{INS};"Zebulonix',
        f"{INS};{'Z' * 5_000}",
        JEAN,
    )
    said = invited(place, path)
    assert said.status == 1
    named = [line.partition(": ") for line in said.err.splitlines()]
    assert [one[0] for one in named] == [f"line {number}" for number in (2, 4, 5, 6, 7, 8, 9, 10)]
    for (_, _, told), part in zip(
        named,
        (
            "minor",
            "8 to 13 digits",
            "birth date",
            "e-mail",
            "F or M",
            "12 fields",
            "quotation",
            "longer",
        ),
        strict=True,
    ):
        assert part in told
    assert "Zebulonix" not in said.err
    assert said.out.splitlines()[0] == "invited: 1"
    assert place.inside(states) == [None, AccountState.INVITED]


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"ins;family\n", "the column givens is missing"),
        (HEADER.encode() + b";nom\n", "unknown column"),
        (HEADER.encode() + b";ins\n", "twice"),
        (b"", "missing"),
        (b"\xff\xfe", "UTF-8"),
    ],
)
def test_a_file_without_a_header_of_ours_does_nothing(
    tmp_path: Path, content: bytes, wrong: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(NoListError, match=wrong):
        list(read_list(path, INS_OID))


def test_a_list_of_a_spreadsheet_is_read_line_by_line_whatever_its_length(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    line = ZOE.replace(";", ",").encode() + b"\r\n"
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf" + HEADER.replace(";", ",").encode() + b"\r\n")
        for _ in range(100):
            file.write(line * 100)
        file.write(b"Z" * 30_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = read_list(path, INS_OID)
    count = 0
    for one in lines:
        count += one.listed is not None
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert (count, one.number) == (10_000, 10_002)
    assert grown_kb < 10_000


def test_who_was_never_written_to_did_not_bounce(sqlite_place: Place) -> None:
    words = ("person", "bounced", "--ins", INS, "--by", "Lou", "--reason", "550")
    assert "nobody was invited" in sqlite_place.fails(*words)
    assert invited(sqlite_place, wrote(sqlite_place, HEADER, ZOE)).status == 0
    assert "did not leave by e-mail" in sqlite_place.fails(*words)
