"""What is typed wrong is a line and status 2: a blank name, a file that cannot be read."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from place import NOTHING, Place, command

NAMED: dict[str, tuple[str, ...]] = {
    "audit resume": ("audit", "resume", "--reason", "x", "--by"),
    "pack": ("pack", NOTHING, "--xdm", "new.zip", "--by"),
    "replay": ("replay", NOTHING, "--by"),
    "label set": ("label", "set", NOTHING, "CERT_MED", "--reason", "x", "--by"),
    "label unset": ("label", "unset", NOTHING, "--reason", "x", "--by"),
    "identity qualify": ("identity", "qualify", NOTHING, "--ins", "1", "--reason", "x", "--by"),
    "identity correct": ("identity", "correct", NOTHING, "--reason", "x", "--by"),
    "identity merge": ("identity", "merge", NOTHING, "--reason", "x", "--by"),
    "identity set-aside": ("identity", "set-aside", NOTHING, "--reason", "x", "--by"),
    "identity unmerge": ("identity", "unmerge", NOTHING, "--reason", "x", "--by"),
    "identity refuse": ("identity", "refuse", NOTHING, "--by"),
    "task retry": ("task", "retry", "1", "--by"),
    "sender add": ("sender", "add", "labo", "--by"),
    "sender answers": ("sender", "answers", "labo", "none", "--by"),
    "sender disable": ("sender", "disable", "labo", "--by"),
    "sender enable": ("sender", "enable", "labo", "--by"),
    "operator add": ("operator", "add", "camille", "--name", "x", "--role", "technique", "--by"),
    "operator disable": ("operator", "disable", "camille", "--by"),
    "professional address": ("professional", "address", "899900000018", "none", "--by"),
    "identity validate": ("identity", "validate", NOTHING, "--by"),
    "person open": (
        *("person", "open", "--ins", "1", "--family", "x", "--givens", "x"),
        *("--birth-date", "1984-03-12", "--place", "75116", "--sex", "F", "--reason", "x", "--by"),
    ),
}
REASONED = {name: (*words[:-3], "--by", "x", "--reason") for name, words in NAMED.items()}
REASONED = {name: words for name, words in REASONED.items() if "--reason" in NAMED[name]}
REASONED["audit resume"] = ("audit", "resume", "--by", "x", "--reason")
BLANK = ["", " ", "\t\n", "\N{NO-BREAK SPACE}"]


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize("words", NAMED.values(), ids=list(NAMED))
def test_no_act_is_traced_under_a_blank_name(
    sqlite_place: Place, words: tuple[str, ...], blank: str
) -> None:
    said = sqlite_place.fails(*words, blank, status=2)
    assert said == "--by cannot be empty: it is the trace of this act\n"


@pytest.mark.parametrize("words", REASONED.values(), ids=list(REASONED))
def test_no_act_is_traced_without_a_reason(sqlite_place: Place, words: tuple[str, ...]) -> None:
    said = sqlite_place.fails(*words, " ", status=2)
    assert said == "--reason cannot be empty: it is the trace of this act\n"


def test_a_professional_has_a_name(sqlite_place: Place) -> None:
    words = ("professional", "address", "899700000001", "dr@x.mssante.fr", "--profession", "G15_10")
    assert "add --name" in sqlite_place.fails(*words, "--name", " ", status=2)
    sqlite_place.done(*words, "--name", " Dr Essai ")
    assert sqlite_place.done("professional", "list").endswith("\tDr Essai\n")


def absent(folder: Path) -> Path:
    return folder / "nothing-here"


def directory(folder: Path) -> Path:
    return folder


def empty(folder: Path) -> Path:
    (folder / "empty").write_bytes(b"")
    return folder / "empty"


def binary(folder: Path) -> Path:
    (folder / "binary").write_bytes(bytes(range(256)) * 40)
    return folder / "binary"


def too_long(folder: Path) -> Path:
    return folder / ("x" * 300)


def beneath_a_file(folder: Path) -> Path:
    (folder / "file").write_bytes(b"x")
    return folder / "file" / "below"


def round_in_circles(folder: Path) -> Path:
    if not (folder / "circle").is_symlink():
        (folder / "circle").symlink_to(folder / "circle")
    return folder / "circle"


UNREADABLE = [absent, directory, too_long, beneath_a_file, round_in_circles]
BAD = [*UNREADABLE, empty, binary]
Bad = Callable[[Path], Path]
EXPLAIN = ("grid", "explain", "--profession", "G15_10", "--type", "11502-2")
READ: dict[str, tuple[str, ...]] = {
    "grid show": ("grid", "show", "--grid", "{}"),
    "grid check": ("grid", "check", "--grid", "{}"),
    "grid against": ("grid", "check", "--against", "{}"),
    "grid explain": (*EXPLAIN, "--grid", "{}"),
    "grid config": ("grid", "show", "--config", "{}"),
    "grid data": ("grid", "show", "--data", "{}"),
    "migrate": ("migrate", "--config", "{}"),
    "serve": ("serve", "--config", "{}"),
    "backup config": ("backup", "new", "--config", "{}"),
    "task": ("task", "list", "--config", "{}"),
    "sender data": ("sender", "list", "--data", "{}"),
    "schema": ("inspect", "--cda-xsd", "{}", "pyproject.toml"),
}


FINE = {("grid config", empty), ("migrate", empty), ("grid data", directory)}
"""An empty file is a configuration that says nothing, any folder may be that of a demo."""


def one_line(said: str) -> bool:
    return bool(said.strip()) and "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "bad"), [(name, bad) for name in READ for bad in BAD if (name, bad) not in FINE]
)
def test_a_file_that_is_not_what_it_must_be_is_bad_usage(
    tmp_path: Path, name: str, bad: Bad
) -> None:
    path = str(bad(tmp_path))
    done = command(*(one.format(path) for one in READ[name]))
    assert done.status == 2, done
    assert one_line(done.err), done


@pytest.mark.parametrize("bad", BAD)
def test_decisions_without_a_grid_end_with_three(tmp_path: Path, bad: Bad) -> None:
    """ACCESS section 9 says so of this command."""
    done = command("grid", "decide", "--jsonl", "--grid", str(bad(tmp_path)))
    assert done.status == 3, done
    assert one_line(done.err)


@pytest.mark.parametrize("bad", BAD)
def test_a_configuration_that_cannot_be_read_is_one_problem(tmp_path: Path, bad: Bad) -> None:
    done = command("check-config", str(bad(tmp_path)))
    assert done.status == 1, done
    assert one_line(done.out), done


@pytest.mark.parametrize("bad", BAD)
def test_restoring_what_is_no_backup_is_bad_usage(
    sqlite_place: Place, tmp_path: Path, bad: Bad
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    assert one_line(sqlite_place.fails("restore", str(bad(folder)), status=2))


@pytest.mark.parametrize("bad", UNREADABLE)
def test_a_checkpoint_that_cannot_be_read_is_bad_usage(
    sqlite_place: Place, tmp_path: Path, bad: Bad
) -> None:
    words = ("audit", "verify", "--checkpoint", str(bad(tmp_path)))
    assert one_line(sqlite_place.fails(*words, status=2))


@pytest.mark.parametrize("bad", [empty, binary])
def test_a_file_that_is_no_checkpoint_is_a_finding(
    sqlite_place: Place, tmp_path: Path, bad: Bad
) -> None:
    words = ("audit", "verify", "--checkpoint", str(bad(tmp_path)))
    assert "is not a checkpoint of this log" in sqlite_place.fails(*words)


@pytest.mark.parametrize("bad", [absent, too_long, beneath_a_file, round_in_circles])
def test_an_input_that_cannot_be_read_is_a_finding_of_inspect(tmp_path: Path, bad: Bad) -> None:
    done = command("inspect", str(bad(tmp_path)))
    assert done.status == 1, done
    assert "file-unreadable" in done.out


@pytest.mark.parametrize("bad", [absent, too_long, beneath_a_file, round_in_circles])
def test_an_input_that_cannot_be_read_is_sent_to_nobody(tmp_path: Path, bad: Bad) -> None:
    for door in ("mllp://127.0.0.1:9", "http://127.0.0.1:9", "smtp://127.0.0.1:9"):
        done = command("send", str(bad(tmp_path)), "--to", door, "--mail-to", "a@b.fr")
        assert done.status == 2, done
        assert one_line(done.err), done


def endless(folder: Path) -> Path:
    """A file as large as any; it takes no room."""
    path = folder / "endless.hl7"
    with path.open("wb") as file:
        file.truncate(1 << 42)
    return path


def test_a_file_larger_than_any_input_is_not_read_whole(tmp_path: Path) -> None:
    path = str(endless(tmp_path))
    assert "too-large" in command("inspect", path).out
    sent = command("send", path, "--to", "mllp://127.0.0.1:9")
    assert sent.status == 2
    assert "larger than any door takes" in sent.err
    assert one_line(sent.err)


def test_a_name_that_would_colour_a_terminal_is_shown_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "\x1b[31mrouge\nseconde ligne \u202e é\u00a0!.hl7"
    path.write_text("x")
    (first, _) = command("inspect", str(path)).out.splitlines()
    assert "\\x1b[31mrouge\\nseconde ligne \\u202e é\u00a0!.hl7: unknown" in first
    line = json.loads(command("inspect", "--json", str(path)).out)
    assert line["file"] == str(path)


@pytest.mark.parametrize("number", ["-1", "0", "9223372036854775808", "9" * 40])
@pytest.mark.parametrize("words", [("audit", "prove"), ("task", "retry")])
def test_a_number_that_nothing_has_is_a_finding(
    sqlite_place: Place, words: tuple[str, ...], number: str
) -> None:
    said = sqlite_place.command(*words, "--", number)
    assert said.status in (1, 2), said
    assert one_line(said.err)


@pytest.mark.parametrize(
    "words",
    [
        ("task", "list", "--limit", "-1"),
        ("task", "list", "--limit", "9" * 40),
        ("audit", "verify", "--size", "-1", "--root", "00"),
        ("audit", "verify", "--size", "9" * 40, "--root", "zz"),
    ],
)
def test_a_number_out_of_bounds_is_said_to_be_so(
    sqlite_place: Place, words: tuple[str, ...]
) -> None:
    assert one_line(sqlite_place.fails(*words, status=2))


@pytest.mark.parametrize("words", [("task", "retry", "x"), ("audit", "prove", "x")])
def test_a_number_that_is_none_is_said_in_words(
    sqlite_place: Place, words: tuple[str, ...]
) -> None:
    assert "x is no number" in sqlite_place.fails(*words, status=2)
