"""The report as one page that needs nothing else: no script, no address, no font to fetch."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from conformance.report.run import WORDS, Run, counted
from conformance.requirement import Outcome, Status, Volet

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
SCROLLED = 'tabindex="0" role="region" aria-label'
"""A table that is wider than the page can be moved by keyboard."""
QUIET = (Status.MET, Status.SKIPPED, Status.UNCHECKED)


def html_report(run: Run) -> str:
    style = (files("conformance.report") / "page.css").read_text("utf-8")
    sections = [section(run, volet, outcomes) for volet, outcomes in run.volets]
    note = f"<p>{escape(run.note)}</p>" if run.note else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(run.title)}</title>
<style>
{style}</style>
</head>
<body>
<main>
<h1>{escape(run.title)}</h1>
<p class="soft">{escape(run.subject)}, {run.began:%Y-%m-%d %H:%M:%S} UTC, {run.seconds:.1f} s</p>
{note}
{verdict(run)}
{overview(run)}
{"".join(sections)}</main>
</body>
</html>
"""


def verdict(run: Run) -> str:
    name, words = ("met", "Passed") if run.passed else ("not-met", "To fix")
    wrong = [one for one in run.outcomes if one.status not in QUIET]
    if run.passed and any(run.reason(one) for one in wrong):
        name, words = "remark", "As listed: what is not met is known"
    said = f'<p class="verdict {name}">{words}. {counted(run.outcomes) or "Nothing was tried"}.</p>'
    found = run.comparison
    if run.known and found.fresh:
        said += f"<p>Not in the list of known ones: {escape(', '.join(found.fresh))}.</p>"
    if found.met:
        said += f"<p>In the list of known ones, and met now: {escape(', '.join(found.met))}.</p>"
    rows = "".join(f"<li>{link(one)}</li>" for one in wrong)
    return said + (f"<ul>{rows}</ul>" if rows else "")


def link(outcome: Outcome) -> str:
    requirement = outcome.requirement
    name = escape(requirement.id)
    return f'<a href="#{name}"><span class="id">{name}</span> {escape(requirement.title)}</a>'


def overview(run: Run) -> str:
    heads = "".join(f'<th scope="col" class="number">{word.value}</th>' for word in WORDS)
    rows = "".join(overview_row(volet, outcomes) for volet, outcomes in run.volets)
    return (
        f'<div class="wide" {SCROLLED}="Requirements by volet"><table>'
        "<caption>Requirements by volet</caption>"
        f'<thead><tr><th scope="col">Volet</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def overview_row(volet: Volet, outcomes: Sequence[Outcome]) -> str:
    counts = Counter(one.status for one in outcomes)
    cells = "".join(f'<td class="number">{counts[word]}</td>' for word in WORDS)
    link = f'<a href="#{volet.name.lower()}">{escape(volet.value)}</a>'
    return f'<tr><th scope="row">{link}</th>{cells}</tr>'


def section(run: Run, volet: Volet, outcomes: Sequence[Outcome]) -> str:
    wrong = [one for one in outcomes if one.status not in QUIET]
    parts = [f'<section aria-labelledby="{volet.name.lower()}">']
    parts.append(f'<h2 id="{volet.name.lower()}">{escape(volet.value)}</h2>')
    parts.append(f'<p class="soft">{counted(outcomes)}</p>')
    if wrong:
        parts.append(table(run, "To fix", wrong))
    for status in QUIET:
        found = [one for one in outcomes if one.status is status]
        if found:
            head = f"{len(found)} {status.value}"
            parts.append(f"<details><summary>{head}</summary>{table(run, head, found)}</details>")
    return "\n".join([*parts, "</section>\n"])


def table(run: Run, caption: str, outcomes: Sequence[Outcome]) -> str:
    label = f"{outcomes[0].requirement.volet.value}: {caption}"
    rows = "\n".join(row(run, one) for one in outcomes)
    return (
        f'<div class="wide" {SCROLLED}="{escape(label)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>"
        '<th scope="col">Number</th><th scope="col">Result</th><th scope="col">Requirement</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def row(run: Run, outcome: Outcome) -> str:
    requirement, status = outcome.requirement, outcome.status.value
    name, level = status.replace(" ", "-"), requirement.level.value
    return (
        f'<tr id="{escape(requirement.id)}"><td class="id">{escape(requirement.id)}</td>'
        f'<td class="status {name}">{status}<br><span class="soft">{level}</span></td>'
        f"<td>{escape(requirement.title)}{said(run, outcome)}</td></tr>"
    )


def said(run: Run, outcome: Outcome) -> str:
    requirement, wrong = outcome.requirement, outcome.status not in QUIET
    pairs = [("Seen" if wrong else "Note", outcome.saw)] if outcome.saw else []
    pairs.append(("Clause", requirement.source))
    pairs += [("Fix", requirement.fix)] if wrong else []
    known = run.reason(outcome)
    pairs += [("Known", known)] if known else []
    items = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in pairs)
    return f"<dl>{items}</dl>"
