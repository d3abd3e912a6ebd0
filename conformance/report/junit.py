"""JUnit XML as CI servers read it: one suite a volet, one case a requirement.

A known one is `skipped` with its reason; a remark passes and says itself in `system-out`.
"""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from conformance.report.run import Run
from conformance.requirement import Outcome, Status, Volet

UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not know, not even escaped."""


def junit_report(run: Run) -> str:
    suites = [suite(run, volet, outcomes) for volet, outcomes in run.volets]
    head = f"<testsuites name={attribute(run.title)} {totals(run, run.outcomes)}>"
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>", ""])


def suite(run: Run, volet: Volet, outcomes: Sequence[Outcome]) -> str:
    cases = [case(run, volet, one) for one in outcomes]
    when = f'timestamp="{run.began:%Y-%m-%dT%H:%M:%S}"'
    head = f"<testsuite name={attribute(volet.value)} {totals(run, outcomes)} {when}>"
    return "\n".join([head, *cases, "</testsuite>"])


def totals(run: Run, outcomes: Sequence[Outcome]) -> str:
    said = [said_of(run, one)[0] for one in outcomes]
    seconds = sum(one.seconds for one in outcomes)
    return (
        f'tests="{len(said)}" failures="{said.count("failure")}" errors="0"'
        f' skipped="{said.count("skipped")}" time="{seconds:.3f}"'
    )


def said_of(run: Run, outcome: Outcome) -> tuple[str, str]:
    """The element inside a case, and its message; "" where it passed."""
    if outcome.requirement.id in run.comparison.met:
        return "failure", "met now: take it off the list of known ones"
    known = run.reason(outcome)
    if known:
        return "skipped", f"known: {known}"
    if outcome.status in (Status.SKIPPED, Status.UNCHECKED):
        return "skipped", f"{outcome.status.value}: {outcome.saw}"
    if outcome.status is Status.NOT_MET or (outcome.status is Status.REMARK and run.known):
        return "failure", outcome.saw
    return ("system-out", outcome.saw) if outcome.status is Status.REMARK else ("", "")


def case(run: Run, volet: Volet, outcome: Outcome) -> str:
    requirement = outcome.requirement
    name = f"{requirement.id} {requirement.title}"
    head = (
        f"<testcase classname={attribute('conformance.' + volet.name.lower())}"
        f' name={attribute(name)} time="{outcome.seconds:.3f}"'
    )
    element, message = said_of(run, outcome)
    if not element:
        return f"{head}/>"
    body = f"clause: {requirement.source}\nfix: {requirement.fix}"
    if element == "system-out":
        return (
            f"{head}><system-out>{text(f'remark: {message}')}\n{text(body)}</system-out></testcase>"
        )
    if element == "skipped":
        return f"{head}><skipped message={attribute(message)}/></testcase>"
    return f"{head}><failure message={attribute(message)}>{text(body)}</failure></testcase>"


def attribute(value: str) -> str:
    return quoteattr(UNSAYABLE.sub("\N{REPLACEMENT CHARACTER}", value))


def text(value: str) -> str:
    return escape(UNSAYABLE.sub("\N{REPLACEMENT CHARACTER}", value))
