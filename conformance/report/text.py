"""The report on a terminal: first what is to be done, then how much was right."""

import textwrap
from collections.abc import Iterable

from conformance.report.run import Run, counted
from conformance.requirement import Outcome, Status

WIDTH, INDENT = 96, " " * 11
SHOWN = (Status.NOT_MET, Status.REMARK)


def text_report(run: Run, *, everything: bool = False) -> str:
    """`everything` lists what is met as well."""
    lines = [run.title, f"{run.subject}, {run.began:%Y-%m-%d %H:%M:%S} UTC"]
    lines += [run.note] if run.note else []
    for volet, outcomes in run.volets:
        lines += ["", f"{volet.value}: {counted(outcomes)}"]
        for outcome in outcomes:
            lines += shown(run, outcome, everything=everything)
        lines += skipped(outcomes)
    lines += ["", f"Total: {counted(run.outcomes)}, {run.seconds:.1f} s", *compared(run)]
    return "\n".join(lines) + "\n"


def shown(run: Run, outcome: Outcome, *, everything: bool) -> list[str]:
    requirement = outcome.requirement
    head = f"  {outcome.status.value:11}  {requirement.id}  {requirement.title}"
    if outcome.status in SHOWN:
        known = run.reason(outcome)
        pairs = [("saw", outcome.saw), ("clause", requirement.source), ("fix", requirement.fix)]
        pairs += [("known", known)] if known else []
        return [head, *(line for name, value in pairs for line in pair(name, value))]
    if outcome.status is Status.UNCHECKED:
        return [head, *pair("because", outcome.saw)]
    return [head] if everything and outcome.status is Status.MET else []


def skipped(outcomes: Iterable[Outcome]) -> list[str]:
    """Numbers by their reason: there may be many."""
    reasons: dict[str, list[str]] = {}
    for one in outcomes:
        if one.status is Status.SKIPPED:
            reasons.setdefault(one.saw, []).append(one.requirement.id)
    lines: list[str] = []
    for reason, names in reasons.items():
        text = f"  {Status.SKIPPED.value:11}  {', '.join(names)}: {reason}"
        lines += textwrap.wrap(text, WIDTH, subsequent_indent=" " * 15)
    return lines


def pair(name: str, value: str) -> list[str]:
    wrapped = textwrap.wrap(" ".join(value.split()), WIDTH - 24) or [""]
    first = f"{INDENT}  {name:8} {wrapped[0]}"
    return [first, *(f"{INDENT}{' ' * 11}{line}" for line in wrapped[1:])]


def compared(run: Run) -> list[str]:
    if not run.known:
        return []
    found = run.comparison
    lines = [f"Not met and not in the list of known ones: {', '.join(found.fresh)}"] * bool(
        found.fresh
    )
    lines += [f"In the list of known ones and met now: {', '.join(found.met)}"] * bool(found.met)
    return lines or ["What is not met is what the list of known ones names."]
