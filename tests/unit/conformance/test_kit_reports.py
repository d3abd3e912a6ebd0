"""Reports of the kit: for a person, for CI, and as one page that needs nothing else."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conformance.catalogue import checks
from conformance.cli import main
from conformance.known import BadListError, compare, read_known
from conformance.reading.xml import read_xml
from conformance.report.html import html_report
from conformance.report.junit import junit_report
from conformance.report.run import Run
from conformance.report.text import text_report
from conformance.requirement import Level, Outcome, Requirement, Status, Volet
from conformance.sender.court import Court
from conformance.target import BadTargetError, from_patient_file, from_ready_file
from conformance.unchecked import unchecked

EVIL = 'saw <script>alert("1")</script> & \x00\x1b\ud800 end'
AT = datetime(2026, 1, 15, tzinfo=UTC)


def outcome(name: str, status: Status, *, volet: Volet = Volet.ACK, saw: str = "x") -> Outcome:
    requirement = Requirement(
        id=name, volet=volet, title=f"Title of {name}", source="Clause 1", fix="Mend it.",
        level=Level.SHOULD if status is Status.REMARK else Level.SHALL,
    )  # fmt: skip
    return Outcome(requirement=requirement, status=status, saw=saw, seconds=0.5)


OUTCOMES = (
    outcome("A-1", Status.MET),
    outcome("A-2", Status.NOT_MET, saw=EVIL),
    outcome("A-3", Status.REMARK, volet=Volet.MLLP),
    outcome("A-4", Status.SKIPPED, saw="no door"),
    outcome("A-5", Status.UNCHECKED, saw="needs a dog"),
)


def run(*outcomes: Outcome, **known: str) -> Run:
    return Run(title="T & <T>", subject="s", began=AT, outcomes=outcomes or OUTCOMES,
               known={name.replace("_", "-"): why for name, why in known.items()})  # fmt: skip


def test_the_text_says_clause_and_fix_of_what_is_wrong() -> None:
    text = text_report(run())
    assert text.index(Volet.MLLP.value) < text.index(Volet.ACK.value)
    assert "not met      A-2  Title of A-2" in text
    assert "clause   Clause 1" in text
    assert "fix      Mend it." in text
    assert "A-4: no door" in text
    assert "A-1" not in text
    assert "A-1" in text_report(run(), everything=True)
    assert "1 met, 1 not met, 1 remark, 1 skipped, 1 not checked" in text


def test_junit_is_xml_with_right_counts() -> None:
    root = read_xml(junit_report(run()).encode())
    suites = {one.get("name"): one for one in root}
    assert list(suites) == [Volet.MLLP.value, Volet.ACK.value]
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("5", "1", "2")
    cases = {case.get("name", "")[:3]: case for case in root.iter("testcase")}
    assert [one.tag for one in cases["A-2"]] == ["failure"]
    assert "Mend it." in (cases["A-2"][0].text or "")
    assert [one.tag for one in cases["A-3"]] == ["system-out"]
    assert [one.tag for one in cases["A-4"]] == ["skipped"]
    assert cases["A-1"].get("time") == "0.500"


def test_a_known_failure_is_skipped_in_junit_and_one_that_is_met_fails() -> None:
    root = read_xml(junit_report(run(A_1="was so", A_2="is so", A_3="is so")).encode())
    cases = {case.get("name", "")[:3]: case[0] for case in root.iter("testcase") if len(case)}
    assert cases["A-1"].tag == "failure"
    assert cases["A-2"].get("message") == "known: is so"
    assert cases["A-3"].tag == "skipped"


def test_the_page_needs_nothing_and_runs_nothing() -> None:
    page = html_report(run(A_2="is so"))
    assert not re.search(r"<script|\ssrc=|@import|url\(|https?://|\son\w+=", page)
    assert "&lt;script&gt;" in page
    assert '<html lang="en">' in page
    assert "default-src 'none'" in page
    assert "Not in the list of known ones: A-3." in page
    assert page.count("<h1>") == page.count("<main>") == 1
    for one in OUTCOMES:
        assert f'id="{one.requirement.id}"' in page


def test_a_run_passes_when_the_list_says_what_is_so() -> None:
    assert not run().passed
    assert run(OUTCOMES[0], OUTCOMES[2]).passed
    assert run(A_2="so", A_3="so").passed
    assert not run(A_2="so").passed
    assert not run(A_1="so", A_2="so", A_3="so").passed
    found = compare(OUTCOMES, {"A-1": "", "A-4": "skipped: nothing is known of it"})
    assert (found.fresh, found.met) == (("A-2", "A-3"), ("A-1",))


def test_every_requirement_has_its_own_number_a_clause_and_a_remedy() -> None:
    known = [one.requirement for one in checks()]
    known += [one.requirement for one in [*unchecked(), *Court().outcomes()]]
    names = [one.id for one in known]
    assert len(set(names)) == len(names)
    assert len(checks()) > 350
    assert [one.id for one in known if not (one.source and one.fix and one.title)] == []


def test_the_list_of_passerelle_names_checks() -> None:
    listed = read_known(Path(__file__).parents[3] / "conformance" / "passerelle.toml")
    assert set(listed) <= {one.requirement.id for one in checks()}


@pytest.mark.parametrize("text", ["[known", "[known]\nA = 3", "known = 3"])
def test_a_bad_list_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "known.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadListError):
        read_known(path)


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"demo": {"patients": [{"account": "active"}]}}', '{"demo": 3}', '{"mllp": 3}'],
)
def test_a_bad_ready_file_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ready.json"
    path.write_text(text, "utf-8")
    with pytest.raises(BadTargetError):
        from_ready_file(path)


@pytest.mark.parametrize("text", ["", "[]", '{"ins": "1"}', "[3]"])
def test_a_bad_patient_file_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "patient.json"
    path.write_text(text, "utf-8")
    with pytest.raises(BadTargetError):
        from_patient_file(path)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--target", "nowhere"], 2, "mllp://HOST:PORT"),
        (["--only", "NOTHING"], 2, "no check is called NOTHING"),
        (["--known", "not-there.toml"], 2, "not-there.toml"),
        ([], 3, "nothing could be tried"),
        (["--target", "127.0.0.1:1"], 3, "nobody listens at 127.0.0.1:1"),
        (["sender"], 2, "name a door"),
        (["sender", "--mllp", "x"], 2, "HOST:PORT"),
    ],
)
def test_wrong_words_are_said_in_one_line(
    capsys: pytest.CaptureFixture[str], words: list[str], status: int, said: str
) -> None:
    assert main(words) == status
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.err.count("\n") == 1


def test_the_list_command_names_every_requirement(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    text = capsys.readouterr().out
    for name in ("MLLP-01", "CDA-H33", "TDC-90", "S-PID-03c", "ECO.2.4.2"):
        assert f"{name}\t" in text
